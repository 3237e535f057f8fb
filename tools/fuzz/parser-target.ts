import {
  createRejection, createResponse, decodeUtf8, judge, judgeFailure, NameAddr, parseMessage, printMessage, SipRequest,
  StreamFramer, TELEPHONE, uriEquals, type Capabilities, type SipMessage,
} from '../../src/ims/sip/index.js'; // prettier-ignore
import { readText } from '../../src/ims/messaging/plain-text.js';
import { parseChallenge } from '../../src/ims/sip/challenge.js';
import type { FuzzTarget } from './fuzz-target.js';
import { readSeeds } from './seed-files.js';

const PROXY: Capabilities = { ...TELEPHONE, role: 'proxy' };

/** SIP messages from a datagram and from a connection: read, judged, answered, printed and read again. */
export const parserTarget: FuzzTarget = {
  name: 'parser',
  words: [
    '\r\n', '\r\n\r\n', '\r\n ', '\n', '\r', '\0', ' ', '\t', ';', ';;', ',', ',,', '<', '>', '"', '\\', '\\"', ':', '@', '%', '%00',
    '%zz', '[', ']', '[::1]', '[2001:db8:::1]', '*', '=', '?', '&', '(', ')', 'sip:', 'sips:', 'tel:', 'urn:', 'SIP/2.0',
    'SIP/3.0', 'SIP/2.0/UDP ', 'z9hG4bK', ';lr', ';tag=', ';branch=', ';rport', ';received=', 'Via: ', 'v:', 'From: ', 'To: ',
    'Call-ID: x\r\n', 'CSeq: 1 INVITE\r\n', 'Contact: *\r\n', 'Route: <sip:a;lr>, <sip:b>\r\n', 'Content-Length: ', 'l: 0\r\n',
    'Content-Length: 99999999999999999999\r\n', 'Replaces: a;to-tag=b;from-tag=c\r\n', 'Event: x\r\n', 'Require: 100rel\r\n',
    'Max-Forwards: 70\r\n', '-1', '0', '4294967296', '18446744073709551616', 'INVITE', 'ACK', '\xff', '\xc3\x28', '\xed\xa0\x80',
    '\xef\xbb\xbf', '\xf0\x9f\x98\x80', '__proto__', 'constructor', 'MESSAGE', 'text/plain', ';charset=', 'utf-16', 'iso-2022-jp',
  ],
  seeds: () => [
    ...readSeeds('test/vectors/sip/rfc4475', /\.dat$/),
    ...readSeeds('test/vectors/sip/rfc5118', /\.dat$/),
    ...readSeeds('test/vectors/sip/rfc-examples', /\.txt$/),
  ],
  run(octets) {
    readDatagram(octets);
    readStream(octets);
  },
}; // prettier-ignore

function readDatagram(octets: Uint8Array): void {
  const result = parseMessage(octets);
  if (result.consumed > octets.length) throw new Error('consumed more than there is');
  if (!result.ok) {
    judgeFailure(result);
    if (result.partial) readAll(result.partial);
    return;
  }
  const { message } = result;
  readAll(message);
  const printed = printMessage(message);
  // Print adds a Content-Length, and long names for compact ones.
  const limits = { messageOctets: 1 << 20, headerFields: 257, fieldLength: 1 << 20, uriLength: 1 << 20 };
  const again = parseMessage(printed, { limits });
  if (!again.ok) throw new Error(`printed message is not read: ${again.reason} ${again.detail}`);
  if (!Buffer.from(printMessage(again.message)).equals(printed)) throw new Error('second print differs from the first');
  if (!Buffer.from(again.message.body).equals(message.body)) throw new Error('body changed');
}

function readStream(octets: Uint8Array): void {
  const framer = new StreamFramer();
  const whole = framer.push(octets).map((event) => event.kind);
  const pieces: string[] = [];
  const cut = new StreamFramer();
  const step = octets.length > 4096 ? 997 : 61;
  for (let i = 0; i < octets.length; i += step)
    pieces.push(...cut.push(octets.subarray(i, i + step)).map((event) => event.kind));
  const isFrame = (kind: string): boolean => kind !== 'ping' && kind !== 'pong';
  if (whole.filter(isFrame).join() !== pieces.filter(isFrame).join())
    throw new Error(`cut stream differs: ${whole.join()} ${pieces.join()}`);
}

/** Everything that the product asks of a message. */
function readAll(message: SipMessage): void {
  for (const nameAddr of [message.from, message.to, ...message.routes, ...message.recordRoutes])
    if (nameAddr) check(nameAddr);
  if (message.contacts !== '*') message.contacts.forEach(check);
  for (const via of message.vias) via.toString();
  const { via, callId, cseq, maxForwards, expires, contentType, bodyText, fromTag, toTag } = message;
  JSON.stringify([
    via?.rport,
    via?.received,
    callId,
    cseq,
    maxForwards,
    expires,
    contentType,
    bodyText,
    fromTag,
    toTag,
  ]);
  for (const [name, value] of message.headers.entries()) {
    message.headers.getAll(name);
    parseChallenge(value);
  }
  readText(message.headers.get('Content-Type') ?? '', message.body);
  const verdict = judge(message, TELEPHONE);
  judge(message, PROXY);
  if (!(message instanceof SipRequest)) return;
  printMessage(
    verdict.kind === 'reject'
      ? createRejection(message, verdict, { toTag: 'x' })
      : createResponse(message, 200, { toTag: 'x' }),
  );
}

function check(value: NameAddr): void {
  const text = value.toString();
  const again = NameAddr.parse(text);
  if (!again) throw new Error(`printed name-addr is not read: ${JSON.stringify(text)}`);
  if (again.toString() !== text) throw new Error(`name-addr changes: ${JSON.stringify(text)}`);
  if (again.displayName !== value.displayName && !/[\r\n]/.test(value.displayName ?? ''))
    throw new Error('display name changes');
  uriEquals(value.uri, again.uri);
  decodeUtf8(new TextEncoder().encode(text));
}
