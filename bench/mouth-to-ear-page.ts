/** What was said and what was heard, block by block, on one clock. */
const RECORDER = `
  registerProcessor('recorder', class extends AudioWorkletProcessor {
    process(inputs) {
      const zero = new Float32Array(128);
      this.port.postMessage([inputs[0][0] ?? zero, inputs[1][0] ?? zero]);
      return true;
    }
  });`;
const SECONDS = 8;

/** Joins a microphone to a path and returns what comes out of the path. */
type PathUnderTest = (context: AudioContext, microphone: AudioNode) => Promise<AudioNode>;

/** @returns ms from the worklet's input to its output, through the path */
async function measureDelay(path: PathUnderTest): Promise<number> {
  const context = new AudioContext();
  await context.audioWorklet.addModule(URL.createObjectURL(new Blob([RECORDER], { type: 'text/javascript' })));
  const recorder = new AudioWorkletNode(context, 'recorder', { numberOfInputs: 2, numberOfOutputs: 0 });
  const said: number[] = [];
  const heard: number[] = [];
  recorder.port.onmessage = ({ data }: MessageEvent<[Float32Array, Float32Array]>) => {
    said.push(...data[0]);
    heard.push(...data[1]);
  };
  // A burst of noise each second: sharp in time whatever the phase.
  const buffer = context.createBuffer(1, context.sampleRate, context.sampleRate);
  const burst = Float32Array.from({ length: context.sampleRate / 10 }, () => 0.6 * (Math.random() - 0.5));
  buffer.copyToChannel(burst, 0);
  const source = new AudioBufferSourceNode(context, { buffer, loop: true });
  const ear = await path(context, source);
  source.connect(recorder, 0, 0);
  ear.connect(recorder, 0, 1);
  await context.resume();
  source.start();
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
  const rate = context.sampleRate;
  const delay = (1000 * lag(said.slice(-rate * 3), heard.slice(-rate * 3), rate / 2)) / rate;
  await context.close();
  return delay;
}

/** The shift at which the loudness of `late` looks most like that of `early`. */
function lag(early: readonly number[], late: readonly number[], most: number): number {
  let best = 0;
  let at = 0;
  for (let shift = 0; shift < most; shift += 12) {
    let dot = 0;
    for (let i = 0; i + shift < late.length; i += 3) dot += Math.abs(early[i] ?? 0) * Math.abs(late[i + shift] ?? 0);
    dot /= late.length - shift;
    if (dot > best) {
      best = dot;
      at = shift;
    }
  }
  return at;
}

/** Worklet → media worker → RTP over a wire in memory → jitter buffer → worklet. */
const ours: PathUnderTest = async (context, microphone) => {
  await context.audioWorklet.addModule('/audio.worklet.js');
  const node = new AudioWorkletNode(context, 'ims-audio', {
    numberOfInputs: 1,
    numberOfOutputs: 1,
    outputChannelCount: [1],
    channelCount: 1,
    channelCountMode: 'explicit',
  });
  microphone.connect(node);
  node.connect(context.destination);
  const { port1, port2 } = new MessageChannel();
  node.port.postMessage({ type: 'connect', port: port2 }, [port2]);
  const worker = new Worker('/loopback.worker.js');
  await new Promise<void>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<{ type: string }>) => data.type === 'ready' && resolve();
    worker.postMessage({ audio: port1, wasm: new URL('/wasm/', location.href).href }, [port1]);
  });
  return node;
};

/** Two RTCPeerConnections of the browser, A-law too. */
const webRtc: PathUnderTest = async (context, microphone) => {
  const destination = context.createMediaStreamDestination();
  microphone.connect(destination);
  const [near, far] = [new RTCPeerConnection(), new RTCPeerConnection()];
  near.onicecandidate = ({ candidate }) => void far.addIceCandidate(candidate ?? undefined);
  far.onicecandidate = ({ candidate }) => void near.addIceCandidate(candidate ?? undefined);
  const stream = new Promise<MediaStream>((resolve) => {
    far.ontrack = ({ track }) => resolve(new MediaStream([track]));
  });
  for (const track of destination.stream.getTracks()) near.addTrack(track);
  const codecs =
    RTCRtpSender.getCapabilities('audio')?.codecs.filter((c) => c.mimeType.toUpperCase() === 'AUDIO/PCMA') ?? [];
  near.getTransceivers()[0]?.setCodecPreferences(codecs);
  await near.setLocalDescription();
  if (near.localDescription !== null) await far.setRemoteDescription(near.localDescription);
  await far.setLocalDescription();
  if (far.localDescription !== null) await near.setRemoteDescription(far.localDescription);
  const remote = await stream;
  // Chromium lets a remote stream flow only while an element plays it.
  const element = new Audio();
  element.srcObject = remote;
  element.muted = true;
  await element.play();
  return context.createMediaStreamSource(remote);
};

Object.assign(globalThis, { measureOurs: () => measureDelay(ours), measureWebRtc: () => measureDelay(webRtc) });
