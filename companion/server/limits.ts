import type { TrafficClass } from '../protocol/version.js';

/** What one WebSocket may use. */
export interface Limits {
  /** UDP sockets, connections and listeners together. */
  readonly sockets: number;
  /** Octets of one WebSocket message from the page. */
  readonly maxMessage: number;
  readonly callsPerSecond: number;
  readonly callsInFlight: number;
  readonly datagramsPerSecond: number;
}

export const LIMITS: Readonly<Record<TrafficClass, Limits>> = {
  signalling: { sockets: 64, maxMessage: 1048576, callsPerSecond: 100, callsInFlight: 256, datagramsPerSecond: 5000 },
  media: { sockets: 512, maxMessage: 262144, callsPerSecond: 200, callsInFlight: 512, datagramsPerSecond: 50000 },
  bulk: { sockets: 64, maxMessage: 1048576, callsPerSecond: 50, callsInFlight: 64, datagramsPerSecond: 5000 },
};

/** WebSockets of one origin, and of all together. */
export const MAX_SESSIONS_PER_ORIGIN = 32;
export const MAX_SESSIONS = 128;
/** HTTP connections at each of the two addresses, WebSockets among them; more are closed unheard. */
export const MAX_CONNECTIONS = 512;
