export { writeLetter } from './letter.js';
export { failed, MessageSender } from './message-sender.js';
export { MessageReceiver } from './message-receiver.js';
export {
  MAX_BODY,
  TAKEN_TYPES,
  type MessageFailure,
  type MessageFailureReason,
  type MessageOptions,
  type MessageOutcome,
  type ReceivedMessage,
} from './page-message.js';
