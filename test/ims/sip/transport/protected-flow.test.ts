import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TransportLayer } from '../../../../src/ims/sip/transport/transport-layer.js';
import { MemoryFabric } from '../../../../src/net/memory-network.js';
import { SeededRandom } from '../../../platform/seeded-random.js';
import { VirtualClock } from '../../../platform/virtual-clock.js';

const OWN = { address: '10.0.0.1', port: 15060 };
const PEER = { address: '10.0.0.2', port: 5060 };

describe('TransportLayer.flowTo', () => {
  for (const transport of ['tcp', 'udp'] as const)
    it(`goes to a port that is protected now over the associations, not by a ${transport} flow in clear to the same port`, async () => {
      const clock = new VirtualClock();
      const fabric = new MemoryFabric({ clock, random: new SeededRandom(5), conditions: { delay: 5 } });
      const nothing = (): void => undefined;
      const listener = await fabric.host(PEER.address).listen(PEER);
      listener.onConnection = nothing;
      const user = { onMessage: nothing, onMalformed: nothing, onClosed: nothing, onWire: nothing };
      const layer = new TransportLayer(fabric.host(OWN.address), clock, user);
      const flow = async () => {
        const flowing = layer.flowTo({ transport, ...PEER });
        await clock.advance(50);
        return flowing;
      };
      const clear = await flow();
      assert.deepEqual([clear.protectedBy, clear.closed], [null, false]);
      assert.equal((await layer.openProtected('udp', OWN)).local.port, OWN.port);
      const ports = {
        clientPort: OWN.port,
        serverPort: OWN.port,
        peerClientPort: PEER.port,
        peerServerPort: PEER.port,
      };
      layer.protect({ address: PEER.address, ...ports });
      const guarded = await flow();
      assert.equal(guarded.local.port, OWN.port);
      assert.equal(guarded.protectedBy?.clientPort, OWN.port);
      assert.equal((await flow()).protectedBy?.clientPort, OWN.port);
      layer.close();
    });
});
