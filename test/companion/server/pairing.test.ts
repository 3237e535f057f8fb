import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { NetworkError, type NetworkErrorReason } from '../../../src/net/network.js';
import { closeFixtures, companionFixture } from '../../net/companion-fixture.js';

const untrusting = { trustedOrigins: [] };
const because =
  (reason: NetworkErrorReason) =>
  (error: unknown): boolean =>
    error instanceof NetworkError && error.reason === reason;

describe('pairing', () => {
  afterEach(closeFixtures);

  it('gives a page a token for a code, once', async () => {
    const fixture = await companionFixture(untrusting);
    const page = fixture.page();
    await assert.rejects(page.open(), because('companion-unpaired'));
    assert.equal(page.state, 'unpaired');
    const code = fixture.companion.pair();
    assert.match(code, /^[A-Z2-9]{4}-[A-Z2-9]{4}$/);
    const token = await page.pair(` ${code.toLowerCase().replace('-', ' ')}`);
    await page.interfaces();
    assert.equal(page.state, 'connected');
    await assert.rejects(fixture.page({ origin: 'https://second.test' }).pair(code), because('companion-unpaired'));
    await fixture.page({ token }).interfaces();
    await fixture.close();
  });

  it('binds the token to the origin, and a code to its origin if it has one', async () => {
    const fixture = await companionFixture(untrusting);
    const token = await fixture.page().pair(fixture.companion.pair());
    await fixture.page({ origin: 'https://other.test' }).pair(fixture.companion.pair());
    const thief = fixture.page({ origin: 'https://other.test', token });
    await assert.rejects(thief.open(), because('companion-unpaired'));
    const code = fixture.companion.pair({ origin: 'https://third.test' });
    await assert.rejects(fixture.page({ origin: 'https://other.test' }).pair(code), because('companion-unpaired'));
    await fixture.page({ origin: 'https://third.test' }).pair(code);
    await fixture.close();
  });

  it('is over after five wrong codes', async () => {
    const fixture = await companionFixture(untrusting);
    const code = fixture.companion.pair();
    for (let i = 0; i < 5; i++) await assert.rejects(fixture.page().pair('AAAA-AAAA'), because('companion-unpaired'));
    await assert.rejects(fixture.page().pair(code), because('companion-unpaired'));
    await fixture.close();
  });

  it('ends with the page connected when it is revoked', async () => {
    const fixture = await companionFixture(untrusting);
    const page = fixture.page();
    const token = await page.pair(fixture.companion.pair());
    const socket = await page.bindUdp({ address: '127.0.0.1' });
    const gone = new Promise<NetworkError | null>((resolve) => (socket.onClose = resolve));
    const states: string[] = [];
    page.on('state', ({ state }) => states.push(state));
    assert.equal(fixture.companion.revoke('https://phone.example.test'), 1);
    assert.equal((await gone)?.reason, 'companion-lost');
    await assert.rejects(page.interfaces(), because('companion-unpaired'));
    assert.deepEqual(states, ['unpaired']);
    await assert.rejects(fixture.page({ token }).open(), because('companion-unpaired'));
    await fixture.close();
  });

  it('keeps hashes only, in files that nobody else reads', async () => {
    const fixture = await companionFixture(untrusting);
    const code = fixture.companion.pair();
    const openCode = readFileSync(join(fixture.stateDirectory, 'pairing.json'), 'utf8');
    assert.ok(!openCode.includes(code) && !openCode.includes(code.replace('-', '')));
    const token = await fixture.page().pair(code);
    assert.equal(statSync(fixture.stateDirectory).mode & 0o777, 0o700);
    for (const name of readdirSync(fixture.stateDirectory)) {
      assert.equal(statSync(join(fixture.stateDirectory, name)).mode & 0o777, 0o600, name);
      assert.ok(!readFileSync(join(fixture.stateDirectory, name), 'utf8').includes(token), name);
    }
    await fixture.close();
  });
});

describe('the allow-list of a page', () => {
  afterEach(closeFixtures);

  it('holds for connections, datagrams, HTTP and listening', async () => {
    const fixture = await companionFixture(untrusting);
    const trusted = await companionFixture();
    const server = trusted.page();
    const listener = await server.listen({ address: '127.0.0.1' });
    const receiver = await server.bindUdp({ address: '127.0.0.1' });
    let received = 0;
    receiver.onMessage = () => received++;
    const page = fixture.page();
    await page.pair(fixture.companion.pair({ listen: false })); // public and private: not this machine
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '0.0.0.0', '169.254.169.254', '224.0.0.1']) {
      const { port } = listener.local;
      await assert.rejects(page.connect({ remote: { address, port } }), because('denied'), address);
    }
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '2130706433', '0x7f.1']) {
      const url = `http://${host}:${fixture.companion.port}/health`;
      await assert.rejects(page.http({ url, method: 'GET' }), because('denied'), host);
    }
    await assert.rejects(page.listen({ address: '127.0.0.1' }), because('denied'));
    const socket = await page.bindUdp({ address: '127.0.0.1' });
    const errors: string[] = [];
    socket.onError = (error) => errors.push(error.reason);
    for (let i = 0; i < 5; i++) socket.send(new Uint8Array(4), receiver.local);
    await page.interfaces();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(received, 0);
    assert.deepEqual(errors, ['denied']);
    await trusted.close();
    await fixture.close();
  });

  it('lets through what was granted', async () => {
    const trusted = await companionFixture();
    const listener = await trusted.page().listen({ address: '127.0.0.1' });
    listener.onConnection = () => undefined;
    const fixture = await companionFixture(untrusting);
    const page = fixture.page();
    await page.pair(fixture.companion.pair({ destinations: [`127.0.0.1:${listener.local.port}`] }));
    (await page.connect({ remote: listener.local })).close();
    const other = { address: '127.0.0.1', port: trusted.companion.port };
    await assert.rejects(page.connect({ remote: other }), because('denied'));
    assert.throws(() => fixture.companion.pair({ destinations: ['everything'] }), RangeError);
    await trusted.close();
    await fixture.close();
  });
});
