export * from './client/index.js';
export { ImsAccount } from './components/account/define.js';
export { ImsPhone } from './components/phone/define.js';
export type { Credentials } from './components/account/ims-account.js';
export * from './components/events.js';
export { registerStrings } from './components/strings/registry.js';
export type { Strings } from './components/strings/strings.js';
