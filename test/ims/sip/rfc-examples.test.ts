import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseMessage, printMessage, SipRequest, SipResponse } from '../../../src/ims/sip/index.js';
import { noVectors, vector } from './vector-files.js';

interface Example {
  readonly file: string;
  readonly start: string;
  readonly content_type: string | null;
  readonly length_matches: boolean;
}

/**
 * Values that no grammar allows: addresses without scheme (rfc3261-015, rfc5626-002), empty parameters (rfc3428-004,
 * rfc5626-001, rfc5373-001), ellipses, and the <allOneLine> of RFC 4475 that only a reader undoes.
 */
const MISPRINTED = [
  'rfc3261-015.txt from', 'rfc3261-015.txt to', 'rfc3608-001.txt contact', 'rfc3608-002.txt contact', 'rfc3608-003.txt contact',
  'rfc3842-015.txt from', 'rfc5626-001.txt contact', 'rfc5626-002.txt to', 'rfc5627-003.txt cseq', 'rfc5627-003.txt contact',
  'rfc5627-004.txt contact', 'rfc5627-005.txt from', 'rfc5627-005.txt to', 'rfc5627-006.txt cseq', 'rfc5627-006.txt contact',
  'rfc5627-007.txt cseq', 'rfc5627-007.txt contact', 'rfc3428-004.txt from', 'rfc4538-001.txt contact', 'rfc5373-001.txt contact',
]; // prettier-ignore

function examples(): Example[] {
  const path = fileURLToPath(new URL('../../vectors/sip/rfc-examples/index.json', import.meta.url));
  const index: unknown = JSON.parse(readFileSync(path, 'utf8'));
  assert.ok(typeof index === 'object' && index !== null && 'messages' in index && Array.isArray(index.messages));
  const messages: unknown[] = index.messages;
  return messages.filter(isExample);
}

function isExample(value: unknown): value is Example {
  return typeof value === 'object' && value !== null && 'file' in value && 'length_matches' in value;
}

/** RFCs elide bodies and write `Content-Length: ...`: such a header is left out. */
function readable(example: Example): Uint8Array {
  const octets = vector(`rfc-examples/${example.file}`);
  // rfc3842-004: a line of prose after Content-Length was taken for its continuation.
  if (example.length_matches && example.file !== 'rfc3842-004.txt') return octets;
  const text = Buffer.from(octets).toString('latin1');
  return new Uint8Array(Buffer.from(text.replace(/\r\n(?:Content-Length|l)[ \t]*:.*(?:\r\n[ \t].*)*/i, ''), 'latin1'));
}

describe('messages printed in RFCs', { skip: noVectors }, () => {
  it('are read, printed and read again without a change', () => {
    const all = examples();
    assert.equal(all.length, 672);
    for (const example of all) {
      const result = parseMessage(readable(example));
      assert.ok(result.ok, `${example.file}: ${result.ok ? '' : `${result.reason} ${result.detail}`}`);
      const { message } = result;
      const start =
        message instanceof SipRequest
          ? `${message.method} ${message.requestUri.toString()} SIP/2.0`
          : `SIP/2.0 ${message.status} ${message.reason}`;
      assert.equal(start.trim(), example.start.trim(), example.file);
      const again = parseMessage(printMessage(message));
      assert.ok(again.ok, example.file);
      const withoutLength = (of: typeof message): unknown =>
        [...of.headers.entries()].filter(([name]) => name !== 'Content-Length');
      assert.deepEqual(withoutLength(again.message), withoutLength(message), example.file);
      assert.deepEqual(Buffer.from(again.message.body), Buffer.from(message.body), example.file);
    }
  });

  it('have values that are understood', () => {
    const odd: string[] = [];
    for (const example of examples()) {
      const result = parseMessage(readable(example));
      assert.ok(result.ok);
      const { headers, ...values } = { headers: result.message.headers, via: result.message.via, from: result.message.from, to: result.message.to, cseq: result.message.cseq }; // prettier-ignore
      for (const [name, value] of Object.entries(values))
        if (value === null && headers.has(name)) odd.push(`${example.file} ${name}`);
      const contacts = result.message.contacts;
      if (contacts !== '*' && contacts.length < headers.getAll('Contact').length) odd.push(`${example.file} contact`);
      if (result.message instanceof SipResponse) assert.ok(result.message.status >= 100);
    }
    assert.deepEqual(odd, MISPRINTED);
  });
});
