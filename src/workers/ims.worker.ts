import { expose } from 'comlink';
import { UserAgent } from '../ims/index.js';
import { CompanionNetwork } from '../net/companion-network.js';
import { SystemClock } from '../platform/system-clock.js';
import { SystemRandom } from '../platform/system-random.js';
import { CompanionServiceLink } from './companion-service-link.js';
import { deviceInstance, IndexedDbStore } from './device-store.js';
import type { ImsWorkerApi, ImsWorkerInit } from './ims-protocol.js';
import { ImsService } from './ims-service.js';
import { RemoteMediaFactory } from './media-bridge.js';

let service: ImsService | null = null;

/** Comlink keeps the order of calls, so `init` is always the first. */
function ready(): ImsService {
  if (!service) throw new Error('init comes first.');
  return service;
}

function init({ companion, media, events }: ImsWorkerInit): void {
  const clock = new SystemClock();
  const network = new CompanionNetwork({
    url: companion.url,
    trafficClass: 'signalling',
    clock,
    ...(companion.token === null ? {} : { token: companion.token }),
  });
  const random = new SystemRandom();
  const store = new IndexedDbStore();
  const factory = new RemoteMediaFactory(media);
  service = new ImsService({
    link: new CompanionServiceLink(network),
    createUserAgent: (account) => new UserAgent({ account, clock, random, network, media: factory, store }),
    instance: deviceInstance(store, random, clock),
    emit: (event) => events.postMessage(event),
  });
}

const api: ImsWorkerApi = {
  init,
  configure: (account) => ready().configure(account),
  register: () => ready().register(),
  unregister: () => ready().unregister(),
  pair: (code) => ready().pair(code),
  reconnect: () => ready().reconnect(),
  call: (target, options) => ready().call(target, options),
  answer: (callId) => ready().answer(callId),
  reject: (callId, status) => ready().reject(callId, status),
  hangup: (callId) => ready().hangup(callId),
  hold: (callId) => ready().hold(callId),
  resume: (callId) => ready().resume(callId),
  setMuted: (callId, muted) => ready().setMuted(callId, muted),
  sendDtmf: (callId, tones) => ready().sendDtmf(callId, tones),
  sendMessage: (target, body, options) => ready().sendMessage(target, body, options),
  takeMessages: (on) => ready().takeMessages(on),
  setTrace: (on) => ready().setTrace(on),
  stop: () => ready().stop(),
};
expose(api);
