export * from './session.js';
export * from './parse.js';
export * from './print.js';
export * from './direction.js';
export * from './payload-format.js';
export * from './offer-answer.js';
