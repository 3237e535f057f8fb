export {
  Subscription,
  type Notification,
  type SubscriptionEnd,
  type SubscriptionOptions,
  type SubscriptionState,
} from './subscription.js';
export { parseSubscriptionState, type SubscriptionStateValue } from './subscription-state.js';
