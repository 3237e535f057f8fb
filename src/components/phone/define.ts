import { ImsPhone } from './ims-phone.js';

if (typeof customElements !== 'undefined' && !customElements.get('ims-phone'))
  customElements.define('ims-phone', ImsPhone);

export { ImsPhone };
