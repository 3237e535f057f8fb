import type { Sound } from '../sound/wav-file.js';

/** Our end of a call, whichever way it is driven: says speech, keeps what it hears. */
export interface OurSide {
  /** Where it is called, when it has no registrar. */
  readonly localPort: number;
  dial(target: string): Promise<void>;
  /** Waits until it rings, and answers. */
  answer(): Promise<void>;
  active(): Promise<void>;
  hangup(): Promise<void>;
  /** Waits for the end of the call. */
  ended(): Promise<void>;
  /** What was heard in this call, at 8 kHz. Ends the side's work on it. */
  heard(): Promise<Sound>;
  close(): Promise<void>;
}
