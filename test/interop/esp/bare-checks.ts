import assert from 'node:assert/strict';
import {
  ENCRYPTION_ALGORITHMS,
  ENCRYPTION_KEY_OCTETS,
  INTEGRITY_ALGORITHMS,
  INTEGRITY_KEY_OCTETS,
} from '../../../src/net/ipsec.js';
import type { Suite } from '../suite.js';
import type { SetOnPaper } from './bare-end.js';
import { kernelCounts } from './guest.js';
import { giveAddresses, UE_V6 } from './pcscf-v6.js';
import { LIMIT, NOTHING, type Stage } from './stage.js';

/** Two ends of ours, with a kernel between them that would forward clear text too. */
export async function bareEnds(suite: Suite, stage: Stage): Promise<void> {
  const name = 'ESP over IPv6: UDP and TCP both ways between two namespaces, by each pair of algorithms';
  if (!suite.wants(name)) return;
  await giveAddresses(stage);
  await suite.check(
    name,
    async () => {
      const notes: string[] = [];
      for (const integrity of INTEGRITY_ALGORITHMS)
        for (const encryption of ENCRYPTION_ALGORITHMS) {
          const one: SetOnPaper = {
            local: UE_V6[0],
            remote: UE_V6[1],
            protocol: 'esp',
            mode: 'trans',
            integrity,
            encryption,
            integrityKey: '5a'.repeat(INTEGRITY_KEY_OCTETS[integrity]),
            // 3DES wants three different keys.
            encryptionKey: '0123456789abcdeffedcba98765432100f1e2d3c4b5a6978'.slice(
              0,
              2 * ENCRYPTION_KEY_OCTETS[encryption],
            ),
            ports: [
              { localPort: 20000, remotePort: 6100, spiIn: 0x1000_0000, spiOut: 301 },
              { localPort: 20001, remotePort: 5100, spiIn: 0x1000_0001, spiOut: 302 },
            ],
          };
          notes.push(String(await talk(stage, one)));
        }
      return `${notes.join(', ')} packets of ESP`;
    },
    LIMIT,
  );
}

async function talk({ agents: [one, other], shells, captures }: Stage, set: SetOnPaper): Promise<number> {
  const mirrored: SetOnPaper = {
    ...set,
    local: set.remote,
    remote: set.local,
    ports: set.ports.map(({ localPort, remotePort, spiIn, spiOut }) => ({
      localPort: remotePort,
      remotePort: localPort,
      spiIn: spiOut,
      spiOut: spiIn,
    })),
  };
  const begin = Date.now();
  await other.tell({ do: 'protect', set: mirrored, listens: true });
  await one.tell({ do: 'protect', set, listens: false });
  for (const shell of shells) assert.deepEqual(await kernelCounts(shell), { states: 4, policies: 4 });
  await one.tell({ do: 'probe' });
  await one.tell({ do: 'unprotect' });
  await other.tell({ do: 'unprotect' });
  for (const shell of shells) assert.deepEqual(await kernelCounts(shell), NOTHING);
  const { esp, clear } = await captures[0].since(begin, UE_V6[1]);
  assert.deepEqual(clear, []);
  assert.ok(esp > 8, `${esp} packets of ESP`);
  return esp;
}
