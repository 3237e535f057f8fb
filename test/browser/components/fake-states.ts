import { EMPTY_CLIENT_SNAPSHOT, type AudioSnapshot, type ClientSnapshot } from '../../../src/client/client-api.js';
import type { Failure, FailureReason } from '../../../src/ims/failure.js';
import type {
  CallQuality,
  CallSnapshot,
  HistoryEntry,
  LinkSnapshot,
  RegistrationSnapshot,
} from '../../../src/ims/snapshot.js';
import { outgoingCall } from './fake-client.js';

/** One name per thing that can be seen; gallery, screenshots and axe walk through all of them. */
const now = Date.now();
const MINUTE = 60_000;

const connected: LinkSnapshot = { state: 'connected', failure: null };
const registered: RegistrationSnapshot = {
  state: 'registered',
  since: now - 12 * MINUTE,
  identity: 'sip:alice@ims.test',
  associatedUris: ['sip:alice@ims.test', 'tel:+4930123456'],
  identities: [
    { uri: 'sip:alice@ims.test', displayName: '', state: 'active', event: null, isDefault: true, gruu: null },
    { uri: 'tel:+4930123456', displayName: '', state: 'active', event: null, isDefault: false, gruu: null },
  ],
  security: { mechanism: 'digest', algorithm: null, encryption: null },
  expiresAt: now + 48 * MINUTE,
  transport: 'tcp',
  server: '127.0.0.10:5060',
  failure: null,
};
const audio: AudioSnapshot = {
  inputs: [
    { id: 'mic-1', label: 'Built-in microphone' },
    { id: 'mic-2', label: 'Headset' },
  ],
  outputs: [{ id: 'out-1', label: 'Headset' }],
  inputId: 'mic-2',
  outputId: null,
  volume: 0.8,
  processing: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  microphone: 'granted',
  failure: null,
};
const history: readonly HistoryEntry[] = [
  {
    id: 'h1',
    direction: 'in',
    remote: { uri: 'sip:bob@ims.test', displayName: 'Bob Ekström' },
    startedAt: now - 9 * MINUTE,
    duration: 0,
    missed: true,
  },
  {
    id: 'h2',
    direction: 'out',
    remote: { uri: 'sip:echo@ims.test', displayName: '' },
    startedAt: now - 34 * MINUTE,
    duration: 42,
    missed: false,
  },
  {
    id: 'h3',
    direction: 'out',
    remote: { uri: 'tel:+493012345678', displayName: '' },
    startedAt: now - 26 * 60 * MINUTE,
    duration: 371,
    missed: false,
  },
  {
    id: 'h4',
    direction: 'in',
    remote: { uri: 'sip:mei@ims.test', displayName: 'Mei Tanaka' },
    startedAt: now - 50 * 60 * MINUTE,
    duration: 1284,
    missed: false,
  },
  {
    id: 'h5',
    direction: 'out',
    remote: { uri: 'sip:bob@ims.test', displayName: 'Bob Ekström' },
    startedAt: now - 200 * 60 * MINUTE,
    duration: 65,
    missed: false,
  },
];
export const quality: CallQuality = {
  codec: 'PCMA',
  clockRate: 8000,
  packetsSent: 9120,
  packetsReceived: 9117,
  lossReceived: 0.0003,
  lossSent: 0,
  jitterMs: 2.4,
  roundTripMs: 18,
  playoutDelayMs: 41,
  concealedRatio: 0.0004,
  mos: 4.36,
  inputLevel: 0.32,
  outputLevel: 0.18,
};

export const readySnapshot: ClientSnapshot = {
  ...EMPTY_CLIENT_SNAPSHOT,
  link: connected,
  registration: registered,
  audio,
  history,
};

export function fakeCall(change: Partial<CallSnapshot> = {}): CallSnapshot {
  return {
    ...outgoingCall('c1', 'sip:bob@ims.test'),
    remote: { uri: 'sip:bob@ims.test', displayName: 'Bob Ekström' },
    startedAt: now - 4000,
    ...change,
  };
}
const incoming = fakeCall({ direction: 'in', state: 'ringing-in' });
export const active = fakeCall({ state: 'active', startedAt: now - 190_000, answeredAt: now - 184_000, quality });
const second: Partial<CallSnapshot> = { id: 'c2', remote: { uri: 'sip:mei@ims.test', displayName: 'Mei Tanaka' } };

const withCalls = (...calls: CallSnapshot[]): ClientSnapshot => ({ ...readySnapshot, calls });
const ended = (change: Partial<CallSnapshot>): ClientSnapshot =>
  withCalls(fakeCall({ state: 'ended', endedAt: now, endedBy: 'remote', ...change }));

/** Where a failure of this kind shows up. */
function withFailure(reason: FailureReason): ClientSnapshot {
  const failure: Failure = { reason, ...DETAILS[reason] };
  if (reason === 'companion-unpaired')
    return { ...readySnapshot, link: { state: 'unpaired', failure }, registration: EMPTY_CLIENT_SNAPSHOT.registration };
  if (/^(companion|worker|browser|internal)/.test(reason))
    return { ...readySnapshot, link: { state: 'lost', failure }, registration: EMPTY_CLIENT_SNAPSHOT.registration };
  if (/^(microphone|audio)/.test(reason)) return { ...readySnapshot, audio: { ...audio, failure } };
  if (CALL_REASONS.has(reason))
    return ended({ failure, ...(reason === 'call-lost' ? { answeredAt: now - 71_000 } : {}) });
  return {
    ...readySnapshot,
    registration: { ...registered, state: failure.retryAfter ? 'waiting' : 'unregistered', failure },
  };
}
const CALL_REASONS: ReadonlySet<FailureReason> = new Set<FailureReason>([
  'busy',
  'declined',
  'no-answer',
  'not-found',
  'address-invalid',
  'unavailable',
  'not-acceptable',
  'not-registered',
  'call-failed',
  'call-lost',
  'media-failed',
]);
const DETAILS: Partial<Record<FailureReason, Partial<Failure>>> = {
  'server-timeout': { retryAfter: 30_000, status: 408, detail: 'no response within 32 s' },
  'credentials-rejected': { status: 403, detail: 'Authentication failed' },
  busy: { status: 486, detail: 'Busy Here' },
};

export const FAILURE_REASONS = [
  'companion-absent',
  'companion-unpaired',
  'companion-refused',
  'companion-lost',
  'server-unreachable',
  'server-not-found',
  'server-timeout',
  'tls-expired',
  'tls-name',
  'tls-authority',
  'tls-pinned',
  'tls',
  'credentials-rejected',
  'credentials-missing',
  'network-not-trusted',
  'security-mismatch',
  'ipsec-denied',
  'ipsec-kernel',
  'ipsec-tool',
  'forbidden',
  'unknown-user',
  'registration-rejected',
  'busy',
  'declined',
  'no-answer',
  'not-found',
  'address-invalid',
  'unavailable',
  'not-acceptable',
  'not-registered',
  'call-failed',
  'call-lost',
  'microphone-denied',
  'microphone-missing',
  'audio-blocked',
  'media-failed',
  'browser-unsupported',
  'worker-failed',
  'internal',
] as const satisfies readonly FailureReason[];

export const PHONE_STATES: Readonly<Record<string, ClientSnapshot>> = {
  ready: readySnapshot,
  'ready-empty': { ...readySnapshot, history: [] },
  starting: { ...EMPTY_CLIENT_SNAPSHOT, busy: 'starting' },
  connecting: { ...EMPTY_CLIENT_SNAPSHOT, link: { state: 'connecting', failure: null } },
  registering: { ...readySnapshot, registration: { ...registered, state: 'registering', since: now - 5000 } },
  offline: { ...readySnapshot, registration: { ...registered, state: 'unregistered', identity: null } },
  dialling: withCalls(fakeCall()),
  'ringing-out': withCalls(fakeCall({ state: 'ringing-out' })),
  'ringing-in': withCalls(incoming),
  'ringing-in-unknown': withCalls({
    ...incoming,
    remote: { uri: 'sip:+4930998877@ims.test;user=phone', displayName: '' },
  }),
  accepting: withCalls(fakeCall({ state: 'connecting' })),
  active: withCalls(active),
  muted: withCalls({ ...active, muted: true }),
  'poor-quality': withCalls({ ...active, quality: { ...quality, mos: 2.7, lossReceived: 0.12, jitterMs: 48 } }),
  held: withCalls({ ...active, localHold: true }),
  'held-by-peer': withCalls({ ...active, remoteHold: true }),
  'held-by-both': withCalls({ ...active, localHold: true, remoteHold: true }),
  'call-waiting': withCalls(active, { ...incoming, ...second }),
  'two-calls': withCalls(active, { ...active, ...second, localHold: true }),
  ending: withCalls({ ...active, state: 'ending' }),
  ended: ended({ answeredAt: now - 201_000 }),
  missed: ended({ direction: 'in', endedBy: 'remote' }),
  'lost-in-call': { ...withCalls(active), link: { state: 'lost', failure: { reason: 'companion-lost' } } },
  ...Object.fromEntries(FAILURE_REASONS.map((reason) => [`failure-${reason}`, withFailure(reason)])),
};
