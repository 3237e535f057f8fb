import type { Account } from '../../../src/ims/account.js';
import type { SetOnPaper } from './bare-end.js';
import type { CallSnapshot, RegistrationSnapshot } from '../../../src/ims/snapshot.js';

/** One line to an agent. @throws SyntaxError, TypeError if the test itself is wrong */
export function readLine(line: string): { readonly id: number; readonly command: AgentCommand } {
  const value: unknown = JSON.parse(line);
  if (!isLine(value)) throw new TypeError(`not a line: ${line}`);
  return value;
}

/** One line of an agent. */
export function readEvent(line: string): AgentEvent {
  const value: unknown = JSON.parse(line);
  if (!isEvent(value)) throw new TypeError(`not an event: ${line}`);
  return value;
}

/** Both ends are ours: the shape of the outer object is enough. */
function isLine(value: unknown): value is { readonly id: number; readonly command: AgentCommand } {
  return typeof value === 'object' && value !== null && 'id' in value && 'command' in value;
}

function isEvent(value: unknown): value is AgentEvent {
  return typeof value === 'object' && value !== null && 'event' in value;
}

/** What the test tells an agent in a namespace. */
export type AgentCommand =
  | {
      readonly do: 'start';
      readonly account: Account;
      readonly through: 'node' | 'companion';
      /** Folder of the compiled kernels. */
      readonly wasm: string;
      /** State directory of a companion. */
      readonly state: string;
      /** A WAV file: what it says in calls, over and over. */
      readonly sound: string;
    }
  /** A set of associations without SIP. */
  | { readonly do: 'protect'; readonly set: SetOnPaper; readonly listens: boolean }
  | { readonly do: 'probe' | 'unprotect' }
  | { readonly do: 'register' | 'unregister' | 'stop' | 'quit' }
  | { readonly do: 'call'; readonly target: string }
  /** Done when it is delivered. */
  | { readonly do: 'message'; readonly target: string; readonly text: string }
  | { readonly do: 'answer' | 'hangup'; readonly id: string };

/** What an agent tells. */
export type AgentEvent =
  | {
      readonly event: 'snapshot';
      readonly registration: RegistrationSnapshot;
      readonly calls: readonly CallSnapshot[];
    }
  | { readonly event: 'message'; readonly from: string; readonly text: string }
  | {
      readonly event: 'trace';
      /** ms since 1970 */
      readonly time: number;
      readonly direction: 'in' | 'out' | 'dropped';
      readonly transport: string;
      readonly local: string;
      readonly remote: string;
      readonly text: string;
      readonly note?: string;
    }
  | { readonly event: 'done'; readonly id: number; readonly error: string | null };
