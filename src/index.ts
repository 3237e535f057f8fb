import './components/account/define.js';
import './components/phone/define.js';

export * from './client/index.js';
