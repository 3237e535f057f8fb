import { releaseProxy, transfer, wrap, type Remote } from 'comlink';
import type { ImsSnapshot } from '../ims/snapshot.js';
import type { CompanionAddress, ImsWorkerApi, ImsWorkerEvent } from '../workers/ims-protocol.js';
import type { MediaWorkerInit, MediaWorkerMessage } from '../workers/media-protocol.js';
import type { CodecPreference } from '../media/codec-preference.js';
import { messageOf } from '../platform/message-of.js';
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
  /** Rejects when they are closed or have died: nobody answers any more what was asked of {@link ims}. */
  readonly ended: Promise<never>;
  /** The page was paired: the media link needs the token too. */
  setToken(token: string): void;
  setCodecs(codecs: readonly CodecPreference[] | null): void;
  close(): void;
}

/**
 * Starts ims.worker at once, and media.worker when there is a way for calls: two workers that boot at the same time hold
 * each other up, and the registration needs one of them only. What is sent to the other before waits in its port.
 *
 * @throws WorkerLoadError when ims.worker cannot be loaded
 */
export async function startThreads(options: ThreadsOptions): Promise<Threads> {
  const { assets } = options;
  let { companion, codecs } = options;
  const imsWorker = await loadWorker(assets.imsWorker);
  const media = new MessageChannel();
  const events = new MessageChannel();
  const ims = wrap<ImsWorkerApi>(imsWorker);
  let mediaWorker: Worker | null = null;
  let wanted = false;

  let open = true;
  let end: (reason: Error) => void;
  const ended = new Promise<never>((_, reject) => (end = reject));
  ended.catch(() => undefined);
  const close = (): void => {
    if (!open) return;
    open = false;
    end(new Error('The client is not running.'));
    events.port1.close();
    ims[releaseProxy]();
    imsWorker.terminate();
    mediaWorker?.terminate();
  };
  const fail = (detail: string): void => {
    if (!open) return;
    close();
    options.onFailure(detail);
  };
  const watch = (worker: Worker): void => {
    const died = (event: Event): void => {
      const { message, filename } = event as Partial<ErrorEvent>;
      fail([message, filename].filter(Boolean).join(' in ') || 'A worker could not be loaded.');
    };
    worker.addEventListener('error', died);
    worker.addEventListener('messageerror', died);
  };
  const startMedia = async (): Promise<void> => {
    const worker = await loadWorker(assets.mediaWorker);
    if (!open) {
      worker.terminate();
      return;
    }
    mediaWorker = worker;
    watch(worker);
    const { audio } = options;
    const init: MediaWorkerInit = {
      type: 'init',
      companion,
      wasm: assets.wasm.href,
      codecs,
      bridge: media.port2,
      audio,
    };
    worker.postMessage(init, [media.port2, audio]);
  };
  const tell = (message: MediaWorkerMessage): void => mediaWorker?.postMessage(message);

  watch(imsWorker);
  events.port1.onmessage = ({ data }: MessageEvent<ImsWorkerEvent>) => {
    if (!open) return;
    if (!wanted && data.type === 'snapshot' && mayCall(data.snapshot)) {
      wanted = true;
      startMedia().catch((error: unknown) => fail(messageOf(error)));
    }
    options.onEvent(data);
  };
  // The worker's own failure event tells when it never gets there.
  const init = { companion, media: media.port1, events: events.port2 };
  ims.init(transfer(init, [media.port1, events.port2])).catch(() => undefined);
  return {
    ims,
    ended,
    setToken: (token) => {
      companion = { ...companion, token };
      tell({ type: 'token', token });
    },
    setCodecs: (order) => {
      codecs = order;
      tell({ type: 'codecs', codecs });
    },
    close,
  };
}

/** Without a registration too: a call from outside is shown only when media.worker has read its offer. */
const mayCall = ({ link }: ImsSnapshot): boolean => link.state === 'connected';
