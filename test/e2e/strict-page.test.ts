import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { aliceAndBob, connect } from './phone.js';
import { startStage } from './stage.js';

/** The policy that docs/embedding.md promises to be enough. */
function documentedPolicy(): string {
  const policy = /```csp\n([^`]+)```/.exec(readFileSync('docs/embedding.md', 'utf8'))?.[1];
  assert.ok(policy, 'docs/embedding.md has a policy');
  return policy.replaceAll('\n', ' ').trim();
}

async function callUnder(headers: Record<string, string>): Promise<string[]> {
  const stage = await startStage({ headers });
  const complaints: string[] = [];
  try {
    const page = await stage.context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(stage.origin);
    const [alice, bob] = await aliceAndBob(page);
    await connect(alice, bob);
    await alice.hearing();
    await bob.hearing();
  } finally {
    await stage.close();
  }
  return complaints;
}

describe('A page with strict policies', { timeout: 120_000 }, () => {
  it('calls under the documented Content-Security-Policy and Trusted Types', async () => {
    assert.deepEqual(await callUnder({ 'content-security-policy': documentedPolicy() }), []);
  });

  it('calls when isolated', async () => {
    const headers = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
    assert.deepEqual(await callUnder(headers), []);
  });
});
