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

  describe('takes what was typed', () => {
    const form = {
      identity: 'alice@ims.test',
      secret: 'password',
      password: 'secret',
      key: '',
      operatorKind: 'opc',
      operatorKey: '',
      privateIdentity: '',
      server: '',
      transport: '',
    } as const;
    const controller = new AccountController({ changed: () => undefined, registrationChanged: () => undefined });

    it('with a password', () => {
      assert.deepEqual(controller.check(form), { publicIdentity: 'sip:alice@ims.test', password: 'secret' });
      assert.deepEqual(controller.check({ ...form, server: ' 127.0.0.1 ', transport: 'tls', privateIdentity: 'a@b' }), {
        publicIdentity: 'sip:alice@ims.test',
        password: 'secret',
        proxy: '127.0.0.1',
        transport: 'tls',
        privateIdentity: 'a@b',
      });
      // What the proxy says of itself counts.
      const named = controller.check({ ...form, server: 'sip:p;transport=tcp', transport: 'udp' });
      assert.equal(named?.transport, undefined);
    });

    it("with a SIM's keys, as people copy them", () => {
      const key = '46 5B 5C E8 B1 99 B4 9F AA 5F 0A 2E E2 38 A6 BC';
      const operatorKey = '0xcdc202d5123e20f62b6d676ac72cb318';
      const keys = { ...form, secret: 'aka', password: '', key, operatorKey } as const;
      assert.deepEqual(controller.check(keys)?.aka, {
        k: '465b5ce8b199b49faa5f0a2ee238a6bc',
        opc: 'cdc202d5123e20f62b6d676ac72cb318',
      });
      assert.equal(controller.check(keys)?.password, undefined);
      assert.deepEqual(Object.keys(controller.check({ ...keys, operatorKind: 'op' })?.aka ?? {}), ['k', 'op']);
    });

    it('and says what is missing', () => {
      assert.equal(controller.check({ ...form, identity: '', password: '' }), null);
      assert.deepEqual([...controller.errors], ['identity', 'password']);
      assert.equal(controller.check({ ...form, secret: 'aka', key: '123', operatorKey: 'x' }), null);
      assert.deepEqual([...controller.errors], ['key', 'operatorKey']);
    });
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
