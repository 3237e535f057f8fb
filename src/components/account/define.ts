import { ImsClient } from '../../client/ims-client.js';
import { ImsAccount } from './ims-account.js';

ImsAccount.createClient ??= (options) => new ImsClient(options);

if (typeof customElements !== 'undefined' && !customElements.get('ims-account'))
  customElements.define('ims-account', ImsAccount);

export { ImsAccount };
