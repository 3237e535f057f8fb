import { performance } from 'node:perf_hooks';
import JsSipParser from 'jssip/lib/Parser.js';
import { LoggerFactory } from 'sip.js/lib/core/log/logger-factory.js';
import { Parser as SipJsParser } from 'sip.js/lib/core/messages/parser.js';
import { NameAddr, parseMessage, type SipMessage } from '../src/ims/sip/index.js';
import { median, type BenchResult } from './bench-result.js';
import { BENCH_INVITE } from './invite.js';

const ROUNDS = 9;
const ROUND_MILLISECONDS = 120;

interface Contestant {
  readonly name: string;
  /** Reads one message. Returns something that depends on what it read. */
  readonly read: () => number;
  readonly rates: number[];
}

/**
 * Messages per second on a 930-octet INVITE. Ours begins with octets, the peers with a string, as they would get it
 * from a WebSocket. The contestants take turns; the figures are medians.
 */
export function run(): Promise<BenchResult[]> {
  const octets = new TextEncoder().encode(BENCH_INVITE);
  const ours = contestant('ims-elements', () => readRoutingHeaders(message(octets)));
  const full = contestant('ims-elements, all values', () => readEverything(message(octets)));
  const jssip = contestant('jssip 3.13', () => readWithJsSip(false));
  const jssipFull = contestant('jssip 3.13, all values', () => readWithJsSip(true));
  const sipjs = contestant('sip.js 0.21', readWithSipJs);
  const all = [ours, full, jssip, jssipFull, sipjs];
  for (const { read } of all) measure(read); // warm up
  for (let round = 0; round < ROUNDS; round++) for (const { read, rates } of all) rates.push(measure(read));
  const compare = (name: string, a: Contestant, b: Contestant): BenchResult => {
    const [value, peerValue] = [median(a.rates), median(b.rates)];
    return {
      name,
      unit: 'messages/s',
      ours: Math.round(value),
      peer: b.name,
      peerValue: Math.round(peerValue),
      ratio: value / peerValue,
    };
  };
  return Promise.resolve([
    compare('SIP parser, eight routing headers', ours, jssip),
    compare('SIP parser, all values', full, jssipFull),
    compare('SIP parser, eight routing headers', ours, sipjs),
    compare('SIP parser, all values', full, sipjs),
  ]);
}

function contestant(name: string, read: () => number): Contestant {
  return { name, read, rates: [] };
}

function measure(read: () => number): number {
  let sum = 0;
  let count = 0;
  const start = performance.now();
  let now = start;
  do {
    for (let i = 0; i < 20; i++) sum += read();
    count += 20;
    now = performance.now();
  } while (now - start < ROUND_MILLISECONDS);
  if (Number.isNaN(sum)) throw new Error('a message was not read');
  return (count * 1000) / (now - start);
}

function message(octets: Uint8Array): SipMessage {
  const result = parseMessage(octets);
  if (!result.ok) throw new Error(result.detail);
  return result.message;
}

/** What routing needs: Via, From, To, Call-ID, CSeq, Max-Forwards, Route and Contact, parsed. */
function readRoutingHeaders(request: SipMessage): number {
  const { via, from, to, callId, cseq, maxForwards, routes, contacts } = request;
  return (
    (via?.branch?.length ?? NaN) + (from?.tag?.length ?? NaN) + (to ? 1 : NaN) + (callId?.length ?? NaN) +
    (cseq?.number ?? NaN) + (maxForwards ?? NaN) + routes.length + contacts.length
  ); // prettier-ignore
}

function readEverything(request: SipMessage): number {
  let sum = readRoutingHeaders(request) + request.vias.length + request.recordRoutes.length;
  for (const name of ['Allow', 'Supported', 'Accept']) sum += request.headers.getAll(name).length;
  for (const text of request.headers.getAll('P-Preferred-Identity')) sum += NameAddr.parse(text) ? 1 : NaN;
  return sum + (request.contentType?.length ?? NaN) + request.bodyText.length;
}

function readWithJsSip(everything: boolean): number {
  const request = JsSipParser.parseMessage(BENCH_INVITE, JSSIP_UA);
  if (!request) throw new Error('jssip does not read the message');
  let sum = request.via_branch.length + request.from_tag.length + request.call_id.length + request.cseq;
  // The eager parser leaves Route as text; routing needs it.
  for (let i = 0; i < request.getHeaders('route').length; i++) sum += request.parseHeader('route', i) ? 1 : NaN;
  if (!everything) return sum;
  for (let i = 1; i < request.getHeaders('via').length; i++) sum += request.parseHeader('via', i) ? 1 : NaN;
  for (const name of ['allow', 'supported', 'accept']) sum += request.getHeaders(name).length;
  return sum + request.body.length;
}

const JSSIP_UA = { transport: null };

function readWithSipJs(): number {
  const request = SipJsParser.parseMessage(BENCH_INVITE, SIPJS_LOGGER);
  if (!request) throw new Error('sip.js does not read the message');
  return request.viaBranch.length + request.fromTag.length + request.callId.length + request.cseq;
}

const SIPJS_LOGGERS = new LoggerFactory();
SIPJS_LOGGERS.builtinEnabled = false;
const SIPJS_LOGGER = SIPJS_LOGGERS.getLogger('bench');
