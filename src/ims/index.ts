export type { Account } from './account.js';
export { UserAgent } from './agent/user-agent.js';
export type { Failure, FailureReason } from './failure.js';
export * from './session/media-session.js';
export * from './snapshot.js';
export type { TraceEntry, UserAgentApi, UserAgentEvents, UserAgentOptions } from './user-agent.js';
