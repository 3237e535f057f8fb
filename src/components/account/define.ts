import { ImsAccount } from './ims-account.js';

if (typeof customElements !== 'undefined' && !customElements.get('ims-account'))
  customElements.define('ims-account', ImsAccount);

export { ImsAccount };
