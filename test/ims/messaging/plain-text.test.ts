import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readText } from '../../../src/ims/messaging/plain-text.js';

describe('readText', () => {
  it('gives back every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const body = new TextEncoder().encode(text);
        // A byte order mark in front is none of the text.
        assert.deepEqual(readText('text/plain', body), { text: text.replace(/^\ufeff/, '') });
      }),
    );
  });

  it('never throws, whatever type and body', () => {
    const type = fc.oneof(
      fc.string(),
      fc.string().map((charset) => `text/plain;charset=${charset}`),
      fc
        .constantFrom('utf-16be', 'iso-2022-jp', 'replacement', 'hz-gb-2312', 'x-user-defined', 'gbk')
        .map((charset) => `text/plain; charset="${charset}"`),
    );
    fc.assert(
      fc.property(type, fc.uint8Array({ maxLength: 64 }), (contentType, body) => {
        const read = readText(contentType, body);
        if ('text' in read) assert.ok(typeof read.text === 'string');
        else assert.match(`${read.status} ${read.why}`, /^(400|415) .{1,120}$/);
      }),
      { numRuns: 2000 },
    );
  });
});
