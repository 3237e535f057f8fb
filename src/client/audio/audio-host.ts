import type { Failure } from '../../ims/failure.js';
import type { WorkletControl } from '../../workers/media-protocol.js';
import type { CallTone } from '../call-tones.js';
import type { AudioDevice, AudioSnapshot, MicrophoneProcessing } from '../client-api.js';
import { EMPTY_CLIENT_SNAPSHOT } from '../client-api.js';
import { audioFailure } from './audio-failure.js';
import { Tones } from './tones.js';

/** A context that does not run after this is held back by the autoplay policy, ms. */
const RESUME_TIMEOUT = 500;

export interface AudioHostOptions {
  /** URL of audio.worklet.js; may be on another origin with CORS. */
  readonly worklet: URL;
  readonly onChange?: (snapshot: AudioSnapshot) => void;
  /** Makes the context; for tests. */
  readonly createContext?: () => AudioContext;
}

interface SinkSelectable {
  setSinkId(id: string): Promise<void>;
}

/**
 * The page's sound: AudioContext, microphone, loudspeaker and the worklet between them. Nothing is asked of
 * the browser before `start`; the microphone is open between `start` and `releaseMicrophone`.
 */
export class AudioHost {
  #snapshot: AudioSnapshot = EMPTY_CLIENT_SNAPSHOT.audio;
  #context: AudioContext | null = null;
  #node: AudioWorkletNode | null = null;
  #tones: Tones | null = null;
  #starting: Promise<void> | null = null;
  #stream: MediaStream | null = null;
  #source: MediaStreamAudioSourceNode | null = null;
  #wantMicrophone = false;
  #opening = 0;
  /** The worklet's end of the port to media.worker, while there is no worklet. */
  #waitingPort: MessagePort | null = null;
  #wantedTone: CallTone | null = null;
  readonly #onDeviceChange = (): void => void this.#devicesChanged();

  constructor(private readonly options: AudioHostOptions) {}

  get snapshot(): AudioSnapshot {
    return this.#snapshot;
  }

  /** A new port to the worklet, for media.worker. What is sent before `start` waits in it. */
  connect(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    if (this.#node === null) this.#waitingPort = port2;
    else this.#control({ type: 'connect', port: port2 });
    return port1;
  }

  /**
   * Opens loudspeaker and microphone. Best inside a click or key press. A call without microphone is still
   * heard: the failure is in the snapshot, and returned. Again: opens what is not open.
   */
  async start(): Promise<Failure | null> {
    const output = await this.unlock();
    return (await this.openMicrophone()) ?? output;
  }

  /** The loudspeaker alone: for ringing. @returns `audio-blocked` when the browser wants a click first */
  async unlock(): Promise<Failure | null> {
    try {
      await (this.#starting ??= this.#open());
    } catch (error) {
      this.#starting = null;
      return this.#fail(
        error instanceof DOMException && error.name === 'AbortError'
          ? { reason: 'media-failed', detail: 'the audio worklet did not load' }
          : audioFailure(error),
      );
    }
    const context = this.#context;
    if (context === null) return this.#fail({ reason: 'media-failed', detail: 'stopped' });
    await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, RESUME_TIMEOUT))]);
    if (context.state !== 'running')
      return this.#fail({ reason: 'audio-blocked', detail: `the audio context is ${context.state}` });
    if (this.#snapshot.failure?.reason === 'audio-blocked') this.#update({ failure: null });
    return null;
  }

  /** Asks for the microphone in use, if it is not open. */
  async openMicrophone(): Promise<Failure | null> {
    this.#wantMicrophone = true;
    if (this.#stream !== null && this.#stream.getAudioTracks().some((t) => t.readyState === 'live')) return null;
    return this.#replaceMicrophone();
  }

  /** Closes the microphone: the browser's recording sign goes out. */
  releaseMicrophone(): void {
    this.#wantMicrophone = false;
    this.#opening += 1;
    this.#closeStream();
  }

  /** @param deviceId null: the system's choice. During a call the other microphone takes over without a gap. */
  async setInputDevice(deviceId: string | null): Promise<Failure | null> {
    this.#update({ inputId: deviceId });
    return this.#wantMicrophone ? this.#replaceMicrophone() : null;
  }

  async setOutputDevice(deviceId: string | null): Promise<Failure | null> {
    this.#update({ outputId: deviceId });
    return this.#applyOutput();
  }

  async setProcessing(processing: MicrophoneProcessing): Promise<Failure | null> {
    const { echoCancellation, noiseSuppression, autoGainControl } = processing;
    this.#update({ processing: Object.freeze({ echoCancellation, noiseSuppression, autoGainControl }) });
    return this.#wantMicrophone ? this.#replaceMicrophone() : null;
  }

  /** @param volume 0..1 of what is heard of the other end */
  setVolume(volume: number): void {
    const clamped = Math.max(0, Math.min(1, volume));
    this.#update({ volume: clamped });
    this.#control({ type: 'volume', volume: clamped });
  }

  /** Plays a tone until another is asked for; null: silence. Before `start` it waits. */
  playTone(tone: CallTone | null): void {
    this.#wantedTone = tone;
    this.#tones?.play(tone);
  }

  playKeyTone(key: string): void {
    this.#tones?.playKey(key);
  }

  /** Lists the devices again; labels are empty until the microphone was granted. */
  async refreshDevices(): Promise<void> {
    if (!hasMediaDevices()) return;
    const devices = await navigator.mediaDevices.enumerateDevices();
    const of = (kind: MediaDeviceKind): AudioDevice[] =>
      devices
        .filter(
          (d) => d.kind === kind && d.deviceId !== '' && d.deviceId !== 'default' && d.deviceId !== 'communications',
        )
        .map((d) => ({ id: d.deviceId, label: d.label }));
    this.#update({ inputs: of('audioinput'), outputs: of('audiooutput') });
  }

  /** Releases everything. */
  async stop(): Promise<void> {
    this.releaseMicrophone();
    if (hasMediaDevices()) navigator.mediaDevices.removeEventListener('devicechange', this.#onDeviceChange);
    this.#tones?.play(null);
    const context = this.#context;
    this.#node?.disconnect();
    this.#node?.port.close();
    this.#context = null;
    this.#node = null;
    this.#tones = null;
    this.#starting = null;
    if (context !== null && context.state !== 'closed') await context.close();
  }

  async #open(): Promise<void> {
    const context = this.options.createContext?.() ?? new AudioContext({ latencyHint: 'interactive' });
    try {
      await context.audioWorklet.addModule(this.options.worklet);
    } catch (error) {
      await context.close();
      throw error;
    }
    const node = new AudioWorkletNode(context, 'ims-audio', {
      numberOfInputs: 1,
      numberOfOutputs: 1,
      outputChannelCount: [1],
      channelCount: 1,
      channelCountMode: 'explicit',
    });
    node.onprocessorerror = () => this.#fail({ reason: 'media-failed', detail: 'the audio worklet threw' });
    node.connect(context.destination);
    this.#context = context;
    this.#node = node;
    this.#tones = new Tones(context, context.destination);
    if (this.#waitingPort !== null) {
      this.#control({ type: 'connect', port: this.#waitingPort });
      this.#waitingPort = null;
    }
    this.#control({ type: 'volume', volume: this.#snapshot.volume });
    this.#tones.play(this.#wantedTone);
    if (this.#snapshot.outputId !== null) await this.#applyOutput();
    if (hasMediaDevices()) navigator.mediaDevices.addEventListener('devicechange', this.#onDeviceChange);
    await this.refreshDevices();
  }

  async #replaceMicrophone(): Promise<Failure | null> {
    // Only the newest request counts: people click faster than browsers ask.
    const opening = (this.#opening += 1);
    if (!hasMediaDevices()) {
      this.#update({ microphone: 'missing' });
      return this.#fail({ reason: 'microphone-missing', detail: 'no mediaDevices: the page is not secure' });
    }
    let stream: MediaStream;
    try {
      // Exactly: Chromium else gives a microphone that is open as it is. Where a device cannot, as well as it can.
      stream = await this.#getMicrophone((exact) => ({ exact })).catch((error: unknown) => {
        if (error instanceof DOMException && error.name === 'OverconstrainedError')
          return this.#getMicrophone((ideal) => ideal);
        throw error;
      });
    } catch (error) {
      if (opening !== this.#opening) return null;
      const failure = audioFailure(error);
      this.#update({ microphone: failure.reason === 'microphone-denied' ? 'denied' : 'missing' });
      return this.#fail(failure);
    }
    const context = this.#context;
    if (opening !== this.#opening || context === null || this.#node === null) {
      for (const track of stream.getTracks()) track.stop();
      return null;
    }
    const source = context.createMediaStreamSource(stream);
    source.connect(this.#node);
    this.#closeStream();
    this.#stream = stream;
    this.#source = source;
    this.#update({ microphone: 'granted', failure: null });
    await this.refreshDevices();
    return null;
  }

  #getMicrophone(want: (on: boolean) => ConstrainBoolean): Promise<MediaStream> {
    const { inputId, processing } = this.#snapshot;
    return navigator.mediaDevices.getUserMedia({
      audio: {
        echoCancellation: want(processing.echoCancellation),
        noiseSuppression: want(processing.noiseSuppression),
        autoGainControl: want(processing.autoGainControl),
        channelCount: 1,
        ...(inputId === null ? {} : { deviceId: { exact: inputId } }),
      },
    });
  }

  #closeStream(): void {
    this.#source?.disconnect();
    this.#source = null;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
  }

  async #applyOutput(): Promise<Failure | null> {
    const context = this.#context;
    if (context === null) return null;
    const id = this.#snapshot.outputId ?? '';
    if (!isSinkSelectable(context))
      return id === ''
        ? null
        : this.#fail({ reason: 'browser-unsupported', detail: 'this browser does not choose loudspeakers' });
    try {
      await context.setSinkId(id);
      return null;
    } catch (error) {
      return this.#fail({ reason: 'media-failed', detail: String(error) });
    }
  }

  /** A device came or went: what was unplugged is replaced by the system's choice. */
  async #devicesChanged(): Promise<void> {
    await this.refreshDevices();
    const { inputs, outputs, inputId, outputId } = this.#snapshot;
    if (outputId !== null && !outputs.some((d) => d.id === outputId)) await this.setOutputDevice(null);
    if (inputId !== null && !inputs.some((d) => d.id === inputId)) await this.setInputDevice(null);
    else if (this.#wantMicrophone) await this.openMicrophone();
  }

  #control(message: WorkletControl): void {
    this.#node?.port.postMessage(message, message.type === 'connect' ? [message.port] : []);
  }

  #fail(failure: Failure): Failure {
    this.#update({ failure });
    return failure;
  }

  #update(change: Partial<AudioSnapshot>): void {
    this.#snapshot = Object.freeze({ ...this.#snapshot, ...change });
    this.options.onChange?.(this.#snapshot);
  }
}

function isSinkSelectable(context: object): context is SinkSelectable {
  return 'setSinkId' in context;
}

/** Absent on pages that are not secure, whatever the types say. */
function hasMediaDevices(): boolean {
  return 'mediaDevices' in navigator;
}
