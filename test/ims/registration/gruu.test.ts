import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UserAgent } from '../../../src/ims/agent/user-agent.js';
import { createResponse } from '../../../src/ims/sip/message.js';
import { MemoryFabric } from '../../../src/net/memory-network.js';
import { SeededRandom } from '../../platform/seeded-random.js';
import { VirtualClock } from '../../platform/virtual-clock.js';
import { FakeMediaFactory } from '../session/fake-media-session.js';
import { FakeRegistrar } from './fake-registrar.js';

const HOME = '10.0.0.10';
const INSTANCE = 'urn:uuid:f81d4fae-7dec-41d0-a765-00a0c91e6bf6';
const PUBLIC = `sip:alice@ims.test;gr=${INSTANCE}`;
const TEMPORARY = 'sip:tgruu.7hs==jd7vnzga5w7fajsc7-ajd6fabz0f8g5@ims.test;gr';

/** @param contact header parameters that the registrar adds to our contact @param headers of the 200 */
async function world(contact: string, headers: readonly (readonly [string, string])[] = []) {
  const clock = new VirtualClock();
  const fabric = new MemoryFabric({ clock, random: new SeededRandom(2), conditions: { delay: 5 } });
  const registrar = new FakeRegistrar(fabric, HOME);
  registrar.extra = headers;
  registrar.override = (request) => {
    if (request.method !== 'REGISTER') return createResponse(request, 486, { toTag: 'x' });
    const response = registrar.accept(request);
    const [other = '', own = ''] = response.headers.getAll('Contact');
    response.headers.set('Contact', other, `${own}${contact}`);
    return response;
  };
  const agent = new UserAgent({
    account: { publicIdentity: 'sip:alice@ims.test', proxy: `sip:${HOME}`, instanceId: INSTANCE },
    clock,
    random: new SeededRandom(3),
    network: fabric.host('10.0.0.1'),
    media: new FakeMediaFactory(),
  });
  const listening = registrar.listen(HOME);
  await clock.advance(20);
  await listening;
  const started = agent.start();
  await clock.advance(500);
  await started;
  /** Contact of the INVITE. */
  const contactOf = async (anonymous = false): Promise<string> => {
    agent.call('sip:bob@ims.test', { anonymous });
    await clock.advance(200);
    return registrar.requests[registrar.requests.length - 1]?.headers.get('Contact') ?? '';
  };
  return { agent, registrar, contactOf };
}

describe('GRUU', () => {
  it('is asked for with the name of the instance (RFC 5627 §4.1, RFC 5626 §4.2.1)', async () => {
    const { registrar } = await world('');
    const [register] = registrar.requests;
    assert.match(register?.headers.get('Contact') ?? '', new RegExp(`;\\+sip\\.instance="<${INSTANCE}>";reg-id=1`));
    assert.deepEqual(register?.headers.getAll('Supported'), ['path', 'gruu', 'outbound']);
  });

  it('is the Contact of calls, the temporary one where nobody is to know who calls (§4.4, §6.1)', async () => {
    const { agent, contactOf } = await world(`;pub-gruu="${PUBLIC}";temp-gruu="${TEMPORARY}"`);
    assert.equal(agent.snapshot.registration.identities[0]?.gruu, PUBLIC);
    assert.ok((await contactOf()).startsWith(`<${PUBLIC}>`));
    const hidden = await contactOf(true);
    assert.ok(hidden.startsWith(`<${TEMPORARY}>`) && !hidden.includes('alice'), hidden);
  });

  it('is not what lacks "gr", and without one the kept flow is named by "ob" (RFC 5626 §4.3)', async () => {
    const { contactOf } = await world(';pub-gruu="sip:alice@ims.test"', [['Require', 'outbound']]);
    assert.match(await contactOf(), /^<sip:alice@10\.0\.0\.1:\d+;ob>/);
    const plain = await world(';pub-gruu="x y"');
    assert.match(await plain.contactOf(), /^<sip:alice@10\.0\.0\.1:\d+>/);
  });
});
