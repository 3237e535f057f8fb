import { UserAgent } from '../../../src/ims/agent/index.js';
import type { Account } from '../../../src/ims/account.js';
import type { MediaFactory, MediaSession } from '../../../src/ims/session/media-session.js';
import { PacedAudio } from '../../../src/media/audio/paced-audio.js';
import { RtpMediaFactory } from '../../../src/media/rtp-media-factory.js';
import type { WasmModules } from '../../../src/media/wasm/wasm-modules.js';
import type { Network } from '../../../src/net/network.js';
import type { Clock } from '../../../src/platform/clock.js';
import type { Logger } from '../../../src/platform/logger.js';
import type { Random } from '../../../src/platform/random.js';
import { VOICE_RATE, type Voice } from './voice.js';

/** What a robot does with a call: answers it with a voice of its own, refuses it, or lets it ring. */
export type Manners =
  | { readonly answer: () => Voice; /** Sends back what was written to it. */ readonly writesBack?: boolean }
  | { readonly refuse: number }
  | 'ring';

export interface RobotOptions {
  readonly account: Account;
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly modules: WasmModules;
  readonly logger: Logger;
  readonly manners: Manners;
}

/** An automated user: an ordinary client of the core, with a voice instead of a person. */
export class Robot {
  readonly #agent: UserAgent;
  readonly #met = new Set<string>();
  readonly #voices = new Map<string, Voice>();

  constructor(private readonly options: RobotOptions) {
    const { account, network, clock, random, logger } = options;
    const media: MediaFactory = { create: (callId) => this.#createMedia(callId) };
    this.#agent = new UserAgent({ account, network, clock, random, logger, media, userAgent: 'ims-elements/robot' });
    this.#agent.events.on('snapshot', ({ calls }) => {
      for (const call of calls) if (call.state === 'ringing-in' && !this.#met.has(call.id)) this.#meet(call.id);
      for (const id of [...this.#met]) if (!calls.some((call) => call.id === id)) this.#forget(id);
    });
    const { manners } = options;
    if (typeof manners === 'object' && 'answer' in manners && manners.writesBack)
      this.#agent.events.on('message', ({ from, to, text }) => {
        // Not to itself, for ever.
        if (from.uri !== to) void this.#agent.sendMessage(from.uri, text);
      });
  }

  /** Registers. Rejects with an Error if the core refused. */
  async start(): Promise<void> {
    await this.#agent.start();
    const { state, failure } = this.#agent.snapshot.registration;
    if (state !== 'registered')
      throw new Error(`${this.options.account.publicIdentity} did not register: ${failure?.reason ?? state}`);
  }

  stop(): Promise<void> {
    return this.#agent.stop();
  }

  #meet(id: string): void {
    this.#met.add(id);
    const { manners } = this.options;
    if (manners === 'ring') return;
    const done = 'refuse' in manners ? this.#agent.reject(id, manners.refuse) : this.#agent.answer(id);
    // The caller may have given up meanwhile.
    done.catch(() => undefined);
  }

  #forget(id: string): void {
    this.#met.delete(id);
    this.#voices.delete(id);
  }

  /** Each call has an ear and a mouth of its own, so that callers do not hear each other. */
  #createMedia(callId: string): MediaSession {
    const { network, clock, random, modules, manners } = this.options;
    const voice = typeof manners === 'object' && 'answer' in manners ? manners.answer() : null;
    if (voice) this.#voices.set(callId, voice);
    const audio = new PacedAudio({
      clock,
      modules,
      sampleRate: VOICE_RATE,
      microphone: (out) => {
        voice?.speak(out);
        if (voice?.finished === true) this.#hangup(callId);
      },
      onHeard: (frames) => voice?.hear?.(frames),
    });
    const session = new RtpMediaFactory({ network, clock, random, audio, modules }).create(callId);
    session.events.on('dtmf', ({ tone }) => voice?.key?.(tone));
    return session;
  }

  #hangup(callId: string): void {
    if (this.#voices.delete(callId)) this.#agent.hangup(callId).catch(() => undefined);
  }
}
