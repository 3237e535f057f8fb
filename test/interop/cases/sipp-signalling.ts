import assert from 'node:assert/strict';
import type { Lab } from '../lab.js';
import { freePort } from '../peers/free-port.js';
import { ImsCommand } from '../peers/ims-command.js';
import { Sipp } from '../peers/sipp.js';
import { sippScript, sippSdp, type SippStep } from '../peers/sipp-script.js';
import type { Suite } from '../suite.js';

/** What a peer may do in a call that goes another way than the plain one, and what we make of it. */
interface Turn {
  readonly name: string;
  readonly steps: readonly SippStep[];
  /** SIPp is the proxy of our account: what it says about the network counts. */
  readonly trusted?: boolean;
  /** Of both sides; default 127.0.0.1. */
  readonly address?: string;
  /** Drives our side to the end of the call. */
  readonly drive: (ims: ImsCommand) => Promise<void>;
}

const INVITE: SippStep = { kind: 'request', method: 'INVITE' };
const ACK: SippStep = { kind: 'request', method: 'ACK' };
const RINGING: SippStep = { kind: 'answer', line: '180 Ringing', tag: 's1' };
const TAKEN: SippStep = { kind: 'answer', line: '200 OK', tag: 's1', sdp: sippSdp(1) };
/** Our BYE, answered; the pause answers it again should it come again. */
const HUNG_UP: readonly SippStep[] = [
  { kind: 'request', method: 'BYE' },
  { kind: 'answer', line: '200 OK' },
];
const ANSWERED: readonly SippStep[] = [INVITE, RINGING, TAKEN, ACK];

const active = (ims: ImsCommand): Promise<unknown> => ims.waitFor('call', 'active');
const ended = (ims: ImsCommand): Promise<unknown> => ims.waitFor('call', 'ended');
const hangsUp = async (ims: ImsCommand): Promise<void> => {
  await active(ims);
  ims.line('hangup');
  await ended(ims);
};
const isHungUp = async (ims: ImsCommand): Promise<void> => {
  await active(ims);
  await ended(ims);
};
const fails = (reason: string, status: number) => async (ims: ImsCommand) => {
  await ended(ims);
  assert.match(ims.output, new RegExp(`"reason":"${reason}",[^}]*"status":${status}\\b`));
};

const CHALLENGE = 'Proxy-Authenticate: Digest realm="sipp", nonce="4e6f6e6365", algorithm=MD5, qop="auth"';
/** A change of the session by SIPp, and the direction that we must answer with. */
const reinvite = (cseq: number, direction: Parameters<typeof sippSdp>[1], answer: string): readonly SippStep[] => [
  { kind: 'send', method: 'INVITE', cseq, sdp: sippSdp(cseq + 1, direction) },
  { kind: 'response', status: 200, body: answer },
  { kind: 'send', method: 'ACK', cseq },
];
const BYE_OF_SIPP = (cseq: number): readonly SippStep[] => [
  { kind: 'send', method: 'BYE', cseq },
  { kind: 'response', status: 200 },
];

const CALLED: readonly Turn[] = [
  {
    name: 'calls over IPv6 and is hung up',
    address: '::1',
    steps: [{ ...INVITE, body: 'c=IN IP6 ::1' }, RINGING, { ...TAKEN, sdp: sippSdp(1, 'sendrecv', 'IP6 ::1') }, ACK, { kind: 'pause', milliseconds: 200 }, ...BYE_OF_SIPP(1)], // prettier-ignore
    drive: isHungUp,
  },
  {
    name: 'follows a 302 to another address',
    steps: [
      INVITE,
      { kind: 'answer', line: '302 Moved Temporarily', tag: 'r1', headers: ['Contact: <sip:nobody@192.0.2.1>;q=0.1, <sip:other@[local_ip]:[local_port]>;q=0.9'] }, // prettier-ignore
      ACK,
      { kind: 'request', method: 'INVITE', header: 'INVITE sip:other@' },
      RINGING,
      TAKEN,
      ACK,
      ...HUNG_UP,
    ],
    drive: hangsUp,
  },
  {
    name: 'answers a 407 to its INVITE',
    steps: [
      INVITE,
      { kind: 'answer', line: '407 Proxy Authentication Required', tag: 'c1', headers: [CHALLENGE] },
      ACK,
      { kind: 'request', method: 'INVITE', header: 'Proxy-Authorization: Digest .*nc=00000001' },
      RINGING,
      TAKEN,
      ACK,
      ...HUNG_UP,
    ],
    drive: hangsUp,
  },
  {
    name: 'hears early media of a 183, whose answer the 200 need not repeat',
    steps: [
      INVITE,
      { kind: 'answer', line: '183 Session Progress', tag: 's1', sdp: sippSdp(1) },
      { kind: 'pause', milliseconds: 400 },
      { kind: 'answer', line: '200 OK', tag: 's1' },
      ACK,
      ...HUNG_UP,
    ],
    drive: async (ims) => {
      await ims.waitFor('call', 'early-media');
      await hangsUp(ims);
    },
  },
  {
    name: 'hears early media while the network allows it, and not when it is revoked (RFC 5009)',
    steps: [
      INVITE,
      {
        kind: 'answer',
        line: '183 Session Progress',
        tag: 's1',
        sdp: sippSdp(1),
        headers: ['P-Early-Media: sendrecv'],
      },
      { kind: 'pause', milliseconds: 400 },
      { kind: 'answer', line: '183 Session Progress', tag: 's1', headers: ['P-Early-Media: inactive'] },
      { kind: 'pause', milliseconds: 400 },
      { kind: 'answer', line: '183 Session Progress', tag: 's1', headers: ['P-Early-Media: sendonly, gated'] },
      { kind: 'pause', milliseconds: 400 },
      { kind: 'answer', line: '200 OK', tag: 's1' },
      ACK,
      ...HUNG_UP,
    ],
    trusted: true,
    drive: async (ims) => {
      await hangsUp(ims);
      const states = ims.events.filter(({ event }) => event === 'call').map(({ state }) => state);
      const seen = states.filter((state, i) => state !== states[i - 1]);
      const early = seen.slice(seen.indexOf('early-media'), seen.indexOf('active'));
      assert.deepEqual(early.slice(0, 3), ['early-media', 'ringing-out', 'early-media']);
    },
  },
  {
    name: 'keeps the first of two forks that answer, and ends the other',
    steps: [
      INVITE,
      { kind: 'answer', line: '180 Ringing', tag: 'f1' },
      { kind: 'answer', line: '183 Session Progress', tag: 's1', sdp: sippSdp(1), to: 'invite' },
      { kind: 'answer', line: '200 OK', tag: 's1', sdp: sippSdp(1), to: 'invite' },
      { kind: 'request', method: 'ACK', header: 'To:.*tag=s1' },
      { kind: 'answer', line: '200 OK', tag: 'f1', sdp: sippSdp(1), to: 'invite' },
      { kind: 'request', method: 'ACK', header: 'To:.*tag=f1' },
      { kind: 'request', method: 'BYE', header: 'To:.*tag=f1' },
      { kind: 'answer', line: '200 OK' },
      { kind: 'request', method: 'BYE', header: 'To:.*tag=s1' },
      { kind: 'answer', line: '200 OK' },
    ],
    drive: async (ims) => {
      await active(ims);
      await ims.waitForText(/BYE sip:[^]*tag=f1/);
      assert.ok(!ims.events.some(({ event, state }) => event === 'call' && state === 'ended'));
      ims.line('hangup');
      await ended(ims);
    },
  },
  {
    name: 'acknowledges a 200 that comes again',
    // The second ACK has the octets of the first (RFC 3261 §13.2.2.4): SIPp passes it over.
    steps: [INVITE, RINGING, TAKEN, ACK, { ...TAKEN, to: 'invite' }, ...HUNG_UP],
    drive: async (ims) => {
      await active(ims);
      await ims.waitForText(/(?:ACK sip:[^]*){2}/);
      ims.line('hangup');
      await ended(ims);
    },
  },
  {
    name: 'is held by sendonly, by inactive and by 0.0.0.0, and taken back',
    steps: [
      ...ANSWERED,
      { kind: 'pause', milliseconds: 200 },
      ...reinvite(1, 'sendonly', 'a=recvonly'),
      // Events tell states, not passages: on a busy machine all five requests may be read in one turn of the event loop.
      { kind: 'pause', milliseconds: 200 },
      ...reinvite(2, 'inactive', 'a=inactive'),
      ...reinvite(3, null, 'm=audio'),
      ...reinvite(4, 'sendrecv', 'a=sendrecv'),
      ...BYE_OF_SIPP(5),
    ],
    drive: async (ims) => {
      await isHungUp(ims);
      assert.match(ims.output, /"remoteHold":true[^]*"remoteHold":false/);
    },
  },
  {
    name: 'holds, meets glare (491), and holds all the same',
    steps: [
      ...ANSWERED,
      { kind: 'request', method: 'INVITE', body: 'a=sendonly' },
      { kind: 'answer', line: '491 Request Pending' },
      ACK,
      { kind: 'request', method: 'INVITE', body: 'a=sendonly' },
      { kind: 'answer', line: '200 OK', sdp: sippSdp(2).replace('sendrecv', 'recvonly') },
      ACK,
      ...HUNG_UP,
    ],
    drive: async (ims) => {
      await active(ims);
      ims.line('hold');
      await ims.waitForText(/"localHold":true/);
      ims.line('hangup');
      await ended(ims);
    },
  },
  {
    name: 'ends a call of which the peer knows nothing any more (481)',
    steps: [...ANSWERED, INVITE, { kind: 'answer', line: '481 Call/Transaction Does Not Exist' }, ACK, { kind: 'request', method: 'BYE' }, { kind: 'answer', line: '481 Call/Transaction Does Not Exist' }], // prettier-ignore
    drive: async (ims) => {
      await active(ims);
      ims.line('hold');
      await fails('call-lost', 481)(ims);
    },
  },
  {
    name: 'cancels while it rings',
    steps: [INVITE, RINGING, { kind: 'request', method: 'CANCEL' }, { kind: 'answer', line: '200 OK' }, { kind: 'answer', line: '487 Request Terminated', tag: 's1', to: 'invite' }, ACK], // prettier-ignore
    drive: async (ims) => {
      await ims.waitFor('call', 'ringing-out');
      ims.line('hangup');
      await ended(ims);
    },
  },
  {
    name: 'hangs up when its CANCEL and the 200 cross',
    steps: [INVITE, RINGING, { kind: 'request', method: 'CANCEL' }, { ...TAKEN, to: 'invite' }, ACK, { kind: 'request', method: 'BYE' }, { kind: 'answer', line: '200 OK' }], // prettier-ignore
    drive: async (ims) => {
      await ims.waitFor('call', 'ringing-out');
      ims.line('hangup');
      await ended(ims);
    },
  },
  ...(
    [
      ['480 Temporarily Unavailable', 'unavailable'],
      ['486 Busy Here', 'busy'],
      ['488 Not Acceptable Here', 'not-acceptable'],
      ['404 Not Found', 'not-found'],
      ['603 Decline', 'declined'],
    ] as const
  ).map(([line, reason]): Turn => ({
    name: `says ${reason} when the answer is ${line}`,
    steps: [INVITE, { kind: 'answer', line, tag: 's1' }, ACK],
    drive: fails(reason, Number(line.slice(0, 3))),
  })),
];

const SDP_IPV6 = sippSdp(1, 'sendrecv', 'IP6 ::1');

const CALLS: readonly Turn[] = [
  {
    name: 'answers over IPv6 and hangs up',
    address: '::1',
    steps: [{ kind: 'invite', sdp: SDP_IPV6 }, { kind: 'response', status: 200, body: 'c=IN IP6 ::1' }, { kind: 'send', method: 'ACK', cseq: 1 }, ...HUNG_UP], // prettier-ignore
    drive: async (ims) => {
      await ims.waitFor('call', 'ringing-in');
      ims.line('answer');
      await hangsUp(ims);
    },
  },
  {
    name: 'is hung up by a BYE that overtakes the ACK',
    steps: [{ kind: 'invite', sdp: sippSdp(1) }, { kind: 'response', status: 200, body: 'm=audio' }, ...BYE_OF_SIPP(2)],
    drive: async (ims) => {
      await ims.waitFor('call', 'ringing-in');
      ims.line('answer');
      await ended(ims);
    },
  },
];

/** `ims` and SIPp in the turns that calls take beside the plain one, over UDP. */
export async function signallingWithSipp(suite: Suite, lab: Lab): Promise<void> {
  const turns = [...CALLED.map((turn) => ({ turn, serves: true })), ...CALLS.map((turn) => ({ turn, serves: false }))];
  const worker = async (): Promise<void> => {
    for (let next = turns.shift(); next; next = turns.shift()) {
      const { turn, serves } = next;
      await suite.check(`ims and SIPp over udp: ims ${turn.name}`, () => take(lab, turn, serves));
    }
  };
  await Promise.all([worker(), worker()]);
}

async function take(
  lab: Lab,
  { name, steps, drive, address = '127.0.0.1', trusted = false }: Turn,
  serves: boolean,
): Promise<undefined> {
  const [port, localPort] = [await freePort(address), await freePort(address)];
  const host = address.includes(':') ? `[${address}]` : address;
  const proxy = trusted ? { proxy: `sip:${host}:${port}` } : {};
  const account = { publicIdentity: `sip:alice@${host}`, password: 'secret', register: false, localPort, ...proxy };
  const ims = new ImsCommand(['shell'], account);
  try {
    await ims.waitFor('ready');
    const text = sippScript(name, steps);
    const remote = `${host}:${localPort}`;
    const folder = lab.fresh('turn');
    const sipp = await Sipp.start({
      scenario: { name: 'turn', text, serves },
      folder,
      remote,
      address,
      port,
      tapPort: 9,
    });
    if (serves) ims.line(`call sip:sipp@${host}:${port}`);
    await Promise.all([drive(ims), sipp.finished()]);
    ims.line('quit');
    await ims.ended();
  } finally {
    await ims.stop();
  }
  return undefined;
}
