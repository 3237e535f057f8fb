import assert from 'node:assert/strict';
import { Headers } from '../../../../src/ims/sip/headers.js';
import { createResponse, SipRequest, type SipResponse } from '../../../../src/ims/sip/message.js';
import { RFC_3261_TIMERS, transactionTimers } from '../../../../src/ims/sip/timers.js';
import { parseUri } from '../../../../src/ims/sip/uri.js';
import { VirtualClock } from '../../../platform/virtual-clock.js';

export function request(
  method: string,
  branch = 'z9hG4bK1',
  more: readonly (readonly [string, string])[] = [],
): SipRequest {
  const uri = parseUri('sip:bob@10.0.0.2');
  assert.ok(uri);
  return new SipRequest(
    method,
    uri,
    new Headers([
      ['Via', `SIP/2.0/UDP 10.0.0.1:5060;branch=${branch}`],
      ['Max-Forwards', '70'],
      ['From', '<sip:alice@10.0.0.1>;tag=a'],
      ['To', '<sip:bob@10.0.0.2>'],
      ['Call-ID', 'c'],
      ['CSeq', `7 ${method}`],
      ...more,
    ]),
  );
}

export function response(to: SipRequest, status: number): SipResponse {
  return createResponse(to, status, { toTag: 'b' });
}

/** A clock, a channel that writes down what is sent and when, and the timers of the RFC. */
export function bench(reliable: boolean) {
  const clock = new VirtualClock();
  const sent: string[] = [];
  const channel = {
    reliable,
    send: (octets: Uint8Array): void =>
      void sent.push(
        `${clock.now()} ${
          new TextDecoder()
            .decode(octets)
            .split('\r\n')[0]
            ?.replace(/ ?SIP\/2\.0 ?/, '')
            .replace(/ sip:.*/, '') ?? ''
        }`,
      ),
  };
  const heard: string[] = [];
  const user = {
    onResponse: (message: SipResponse): void => void heard.push(`${clock.now()} ${message.status}`),
    onFailure: (reason: string): void => void heard.push(`${clock.now()} ${reason}`),
    onTerminated: (): void => void heard.push(`${clock.now()} terminated`),
  };
  return { clock, sent, channel, heard, user, timers: transactionTimers(RFC_3261_TIMERS, reliable) };
}
