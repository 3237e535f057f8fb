/** What an automated user says and hears in one call, at 8 kHz. */
export interface Voice {
  /** Fills the next samples, -1..1; `out` comes filled with silence. */
  speak(out: Float32Array): void;
  /** What the other side said, valid during the call only. */
  hear?(frames: Float32Array): void;
  /** The other side pressed a key. */
  key?(tone: string): void;
  /** Whether everything was said: the robot hangs up. */
  readonly finished?: boolean;
}

/** Hz of every voice: what G.711 carries. */
export const VOICE_RATE = 8000;
