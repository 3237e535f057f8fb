/**
 * Log levels, by who reads them:
 * - `error`: something the product promised did not happen, and nobody will retry it.
 * - `warn`: something went wrong and is being handled (a retry, a dropped datagram).
 * - `info`: what an operator wants to see once per event (registered, call established).
 * - `debug`: state changes for a developer. No secrets, no message bodies.
 * - `trace`: every message on the wire. Credentials are still redacted.
 */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug' | 'trace';

export interface Logger {
  log(level: LogLevel, area: string, message: string, details?: Readonly<Record<string, unknown>>): void;
}

/** A logger that says nothing. */
export const silentLogger: Logger = { log: () => undefined };
