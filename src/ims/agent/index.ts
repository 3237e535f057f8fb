export { ENDED_CALL_LINGER, MAX_HISTORY } from './call-list.js';
export { UserAgent } from './user-agent.js';
