import assert from 'node:assert/strict';
import { NetworkError, type NetworkErrorReason } from '../../src/net/network.js';

/** Every rejection of a network is a NetworkError with a reason. */
export async function rejectsWith(promise: Promise<unknown>, reason: NetworkErrorReason): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof NetworkError, `not a NetworkError: ${String(error)}`);
    assert.equal(error.reason, reason, error.message);
    return true;
  });
}
