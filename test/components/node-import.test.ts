import assert from 'node:assert/strict';
import { test } from 'node:test';

test('the elements can be imported where there is no page', async () => {
  assert.equal(typeof document, 'undefined');
  const { ImsPhone } = await import('../../src/components/phone/ims-phone.js');
  const { ImsAccount } = await import('../../src/components/account/ims-account.js');
  assert.equal(typeof ImsPhone, 'function');
  assert.equal(typeof ImsAccount, 'function');
  assert.equal(typeof document, 'undefined');
});
