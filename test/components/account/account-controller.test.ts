import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EMPTY_CLIENT_SNAPSHOT } from '../../../src/client/client-api.js';
import { AccountController, completeIdentity } from '../../../src/components/account/account-controller.js';
import { FakeClient } from '../../browser/components/fake-client.js';
import { PHONE_STATES } from '../../browser/components/fake-states.js';

describe('completeIdentity', () => {
  it('takes what people type', () => {
    for (const [typed, identity] of [
      [' alice@ims.test ', 'sip:alice@ims.test'],
      ['sips:alice@ims.test', 'sips:alice@ims.test'],
      ['tel:+49-30-1', 'tel:+49-30-1'],
      ['alice', null],
      ['a b@c', null],
      ['a@b@c', null],
      ['', null],
    ] as const)
      assert.equal(completeIdentity(typed), identity);
  });
});

describe('AccountController', () => {
  it('has a face for every state', () => {
    const faces = Object.fromEntries(
      Object.entries(PHONE_STATES).map(([name, snapshot]) => {
        const controller = new AccountController({ changed: () => undefined, registrationChanged: () => undefined });
        controller.account = { publicIdentity: 'sip:alice@ims.test' };
        controller.attach(new FakeClient(snapshot));
        return [name, controller.face];
      }),
    );
    assert.equal(faces['ready'], 'ready');
    assert.equal(faces['starting'], 'working');
    assert.equal(faces['connecting'], 'working');
    assert.equal(faces['registering'], 'working');
    assert.equal(faces['offline'], 'offline');
    assert.equal(faces['failure-companion-unpaired'], 'pairing');
    assert.equal(faces['failure-forbidden'], 'problem');
    assert.equal(faces['lost-in-call'], 'problem');
  });

  it('asks for an account first', () => {
    const controller = new AccountController({ changed: () => undefined, registrationChanged: () => undefined });
    assert.equal(controller.face, 'form');
    controller.attach(new FakeClient(EMPTY_CLIENT_SNAPSHOT));
    assert.equal(controller.face, 'form');
  });

  it('shows a client that cannot do what it is asked', async () => {
    const controller = new AccountController({ changed: () => undefined, registrationChanged: () => undefined });
    const client = new FakeClient();
    client.error = new Error('scripted');
    controller.attach(client);
    await controller.use({ publicIdentity: 'sip:alice@ims.test' }, true);
    assert.deepEqual(controller.problem, { reason: 'internal', detail: 'scripted' });
    assert.equal(controller.face, 'problem');
  });
});
