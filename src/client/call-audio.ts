import type { CallSnapshot } from '../ims/snapshot.js';
import { AudioHost } from './audio/audio-host.js';
import { toneFor } from './call-tones.js';
import type { AudioSnapshot, DeviceApi, MicrophoneProcessing } from './client-api.js';
import type { KeyValueStore } from './storage/key-value-store.js';

const KEYS = {
  input: 'ims-elements:input-device',
  output: 'ims-elements:output-device',
  volume: 'ims-elements:volume',
  processing: 'ims-elements:processing',
} as const;
/** How often the tone is looked at again while only its time can change it, ms. */
const TONE_CHECK = 500;

/**
 * Sound as the calls need it: the microphone is open while there is a call and not longer, the tones
 * follow the calls' states, and the chosen devices outlive the page.
 */
export class CallAudio {
  onChange: (() => void) | null = null;
  readonly devices: DeviceApi;
  readonly #host: AudioHost;
  #calls: readonly CallSnapshot[] = [];
  #toneTimer: ReturnType<typeof setTimeout> | undefined;
  /** A call is about to be made: the microphone stays open until it shows. */
  #expecting = false;

  constructor(
    worklet: URL,
    private readonly store: KeyValueStore,
  ) {
    this.#host = new AudioHost({ worklet, onChange: () => this.onChange?.() });
    this.devices = {
      setInputDevice: async (id) => {
        this.#keep(KEYS.input, id);
        await this.#host.setInputDevice(id);
      },
      setOutputDevice: async (id) => {
        this.#keep(KEYS.output, id);
        await this.#host.setOutputDevice(id);
      },
      setVolume: (volume) => {
        this.#keep(KEYS.volume, String(volume));
        this.#host.setVolume(volume);
      },
      setProcessing: async (processing) => {
        this.#keep(KEYS.processing, JSON.stringify(processing));
        await this.#host.setProcessing(processing);
      },
      playKeyTone: (tone) => this.#host.playKeyTone(tone),
      unlock: async () => {
        await this.#host.unlock();
      },
    };
    this.#restore();
  }

  get snapshot(): AudioSnapshot {
    return this.#host.snapshot;
  }

  /** A new port to the worklet, for media.worker. */
  connect(): MessagePort {
    return this.#host.connect();
  }

  /**
   * Loudspeaker and microphone for a call that comes next. Waits only for the browser's question to the person: once the
   * microphone was granted it opens while the call is being set up. What fails is in the snapshot.
   */
  async start(): Promise<void> {
    this.#expecting = true;
    const granted = this.snapshot.microphone === 'granted' || (await microphonePermission()) === 'granted';
    const opened = this.#host.start();
    if (!granted) await opened;
  }

  follow(calls: readonly CallSnapshot[]): void {
    this.#calls = calls;
    const live = calls.some((call) => call.state !== 'ended');
    if (live) this.#expecting = false;
    else if (!this.#expecting) this.#host.releaseMicrophone();
    this.#updateTone();
  }

  async close(): Promise<void> {
    clearTimeout(this.#toneTimer);
    this.onChange = null;
    await this.#host.stop();
  }

  #updateTone(): void {
    clearTimeout(this.#toneTimer);
    const tone = toneFor(this.#calls, Date.now());
    // Ringing needs a running loudspeaker; if the browser wants a click first, the page still shows the call.
    if (tone !== null) this.#host.unlock().catch(() => undefined);
    this.#host.playTone(tone);
    if (tone === 'busy') this.#toneTimer = setTimeout(() => this.#updateTone(), TONE_CHECK);
  }

  #keep(key: string, value: string | null): void {
    if (value === null) this.store.delete(key);
    else this.store.set(key, value);
  }

  #restore(): void {
    const input = this.store.get(KEYS.input);
    const output = this.store.get(KEYS.output);
    const volume = Number(this.store.get(KEYS.volume) ?? 1);
    // Nothing is open yet, so these only note the choice.
    if (input !== null) this.#host.setInputDevice(input).catch(() => undefined);
    if (output !== null) this.#host.setOutputDevice(output).catch(() => undefined);
    if (volume >= 0 && volume <= 1) this.#host.setVolume(volume);
    const processing = parseProcessing(this.store.get(KEYS.processing));
    if (processing !== null) this.#host.setProcessing(processing).catch(() => undefined);
  }
}

/** What is stored may be from another version, or edited by hand. */
function parseProcessing(text: string | null): MicrophoneProcessing | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return null;
    const { echoCancellation, noiseSuppression, autoGainControl } = value as Partial<Record<string, unknown>>;
    return {
      echoCancellation: echoCancellation !== false,
      noiseSuppression: noiseSuppression !== false,
      autoGainControl: autoGainControl !== false,
    };
  } catch {
    return null;
  }
}

/** Not every browser tells: then it is asked by opening. */
async function microphonePermission(): Promise<PermissionState | null> {
  try {
    return (await navigator.permissions.query({ name: 'microphone' })).state;
  } catch {
    return null;
  }
}
