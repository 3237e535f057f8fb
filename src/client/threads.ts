import { releaseProxy, transfer, wrap, type Remote } from 'comlink';
import type { CompanionAddress, ImsWorkerApi, ImsWorkerEvent } from '../workers/ims-protocol.js';
import type { MediaWorkerInit, MediaWorkerMessage } from '../workers/media-protocol.js';
import type { CodecPreference } from '../media/codec-preference.js';
import type { AssetLocations } from './assets.js';
import { loadWorker } from './worker-loader.js';

export interface ThreadsOptions {
  readonly assets: AssetLocations;
  readonly companion: CompanionAddress;
  /** A person's order, or null. */
  readonly codecs: readonly CodecPreference[] | null;
  /** To the audio worklet: handed on to media.worker. */
  readonly audio: MessagePort;
  readonly onEvent: (event: ImsWorkerEvent) => void;
  /** A worker died, or never came up. Told once; the threads are closed by then. */
  readonly onFailure: (detail: string) => void;
}

/** The two workers of a client, joined to each other and to the page. */
export interface Threads {
  readonly ims: Remote<ImsWorkerApi>;
  /** The page was paired: the media link needs the token too. */
  setToken(token: string): void;
  setCodecs(codecs: readonly CodecPreference[] | null): void;
  close(): void;
}

/** @throws WorkerLoadError */
export async function startThreads(options: ThreadsOptions): Promise<Threads> {
  const { assets, companion } = options;
  const [imsWorker, mediaWorker] = await Promise.all([loadWorker(assets.imsWorker), loadWorker(assets.mediaWorker)]);
  const media = new MessageChannel();
  const events = new MessageChannel();
  const ims = wrap<ImsWorkerApi>(imsWorker);

  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    events.port1.close();
    ims[releaseProxy]();
    imsWorker.terminate();
    mediaWorker.terminate();
  };
  const fail = (event: Event): void => {
    if (!open) return;
    close();
    const { message, filename } = event as Partial<ErrorEvent>;
    options.onFailure([message, filename].filter(Boolean).join(' in ') || 'A worker could not be loaded.');
  };
  for (const worker of [imsWorker, mediaWorker]) {
    worker.addEventListener('error', fail);
    worker.addEventListener('messageerror', fail);
  }
  events.port1.onmessage = ({ data }: MessageEvent<ImsWorkerEvent>) => open && options.onEvent(data);

  const mediaInit: MediaWorkerInit = {
    type: 'init',
    companion,
    wasm: assets.wasm.href,
    codecs: options.codecs,
    bridge: media.port2,
    audio: options.audio,
  };
  mediaWorker.postMessage(mediaInit, [media.port2, options.audio]);
  // The worker's own failure event tells when it never gets there.
  const init = { companion, media: media.port1, events: events.port2 };
  ims.init(transfer(init, [media.port1, events.port2])).catch(() => undefined);
  const tell = (message: MediaWorkerMessage): void => mediaWorker.postMessage(message);
  return {
    ims,
    setToken: (token) => tell({ type: 'token', token }),
    setCodecs: (codecs) => tell({ type: 'codecs', codecs }),
    close,
  };
}
