// Runs before the page: keeps what goes to the loudspeaker, and takes the browser's own processing off the
// microphone, so that what is measured is our path alone.
{
  const { AudioNode, AudioDestinationNode, AudioWorkletNode, navigator, btoa } = globalThis;
  const blocks = [];
  let rate = 0;
  const recorders = new WeakMap();
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target instanceof AudioDestinationNode && this instanceof AudioWorkletNode) {
      const { context } = target;
      let recorder = recorders.get(context);
      if (!recorder) {
        recorder = context.createScriptProcessor(4096, 1, 1);
        recorder.onaudioprocess = ({ inputBuffer }) => {
          rate = inputBuffer.sampleRate;
          blocks.push(inputBuffer.getChannelData(0).slice());
        };
        connect.call(recorder, target);
        recorders.set(context, recorder);
      }
      connect.call(this, recorder);
    }
    return connect.call(this, target, ...rest);
  };
  const devices = navigator.mediaDevices;
  const getUserMedia = devices.getUserMedia.bind(devices);
  devices.getUserMedia = (wish) =>
    getUserMedia({
      ...wish,
      audio: { ...wish.audio, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
  globalThis.startHearing = () => void blocks.splice(0);
  globalThis.heard = () => {
    const samples = new Int16Array(blocks.reduce((sum, block) => sum + block.length, 0));
    let at = 0;
    for (const block of blocks)
      for (const s of block) samples[at++] = Math.max(-32768, Math.min(32767, Math.round(s * 32768)));
    let text = '';
    const octets = new Uint8Array(samples.buffer);
    for (let i = 0; i < octets.length; i += 8192) text += String.fromCharCode(...octets.subarray(i, i + 8192));
    return { sampleRate: rate, base64: btoa(text) };
  };
}
