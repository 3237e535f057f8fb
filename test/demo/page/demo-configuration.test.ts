import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { companionLine } from '../../../demo/page/companion-line.js';
import { readConfiguration } from '../../../demo/page/demo-configuration.js';
import { EMPTY_CLIENT_SNAPSHOT } from '../../../src/client/client-api.js';

describe('readConfiguration', () => {
  it('takes what the server says and nothing else', () => {
    assert.deepEqual(
      readConfiguration({
        companionUrl: 'http://127.0.0.1:1',
        accounts: [
          { publicIdentity: 'sip:alice@ims.test', password: 'x', proxy: 'sip:p', domain: 'd', other: 1 },
          { password: 'y' },
          7,
        ],
      }),
      {
        companionUrl: 'http://127.0.0.1:1',
        accounts: [{ publicIdentity: 'sip:alice@ims.test', password: 'x', proxy: 'sip:p', domain: 'd' }],
      },
    );
    for (const value of [null, 'x', [], {}, { companionUrl: 1, accounts: [] }, { companionUrl: 'x', accounts: {} }])
      assert.equal(readConfiguration(value), null);
  });
});

describe('companionLine', () => {
  it('has words and a tone for every state of the link', () => {
    const tones = (['idle', 'connecting', 'unpaired', 'connected', 'lost'] as const).map(
      (state) => companionLine({ ...EMPTY_CLIENT_SNAPSHOT, link: { state, failure: null } }).tone,
    );
    assert.deepEqual(tones, ['busy', 'busy', 'problem', 'ok', 'problem']);
    assert.equal(companionLine(null).tone, 'busy');
  });
});
