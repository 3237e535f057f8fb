export * from './client/index.js';
export * from './components/index.js';
import './components/account/define.js';
import './components/phone/define.js';
