import type { WorkletControl } from './media-protocol.js';
import { WorkletSound } from './worklet-sound.js';

// The AudioWorkletGlobalScope, which TypeScript's libraries leave out.
declare const sampleRate: number;
declare const currentTime: number;
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

/** `ims-audio`: one input (microphone), one output (loudspeaker), one channel each. */
class ImsAudioProcessor extends AudioWorkletProcessor {
  readonly #sound = new WorkletSound(sampleRate);

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<WorkletControl>) => {
      if (data.type === 'connect') this.#sound.connect(data.port);
      else this.#sound.volume = data.volume;
    };
  }

  process(inputs: readonly (readonly Float32Array[])[], outputs: readonly (readonly Float32Array[])[]): boolean {
    const output = outputs[0]?.[0];
    if (output !== undefined) this.#sound.process(currentTime, inputs[0]?.[0], output);
    return true;
  }
}

registerProcessor('ims-audio', ImsAudioProcessor);
