import { performance } from 'node:perf_hooks';
import { SystemIp, type IpCommand } from '../companion/native/ipsec/ip-command.js';
import { KernelIpsec } from '../companion/native/ipsec/kernel-ipsec.js';
import { median, type BenchResult } from './bench-result.js';

const ROUNDS = 15;

/**
 * Four associations and four policies into the kernel and out again: one process of iproute2 for all of them, beside one
 * for each, which is what a privileged helper needs.
 *
 * @throws NetworkError where the kernel or our rights do not allow it
 */
export async function measureSets(): Promise<BenchResult[]> {
  const [batch, each] = [await measure(new SystemIp('')), await measure(new SystemIp('ip -batch -'))];
  const line = (name: string, ours: number, peerValue: number): BenchResult => ({
    name,
    unit: 'ms',
    ours,
    peer: 'a process for each',
    peerValue,
    ratio: peerValue / ours,
  });
  return [
    line('IPsec set put in force', batch.install, each.install),
    line('IPsec set taken away', batch.remove, each.remove),
  ];
}

async function measure(ip: IpCommand): Promise<{ readonly install: number; readonly remove: number }> {
  const ipsec = new KernelIpsec(null, ip);
  const times = { install: [] as number[], remove: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    const installed = await ipsec.install({
      local: '192.0.2.7',
      remote: '192.0.2.1',
      protocol: 'esp',
      mode: 'trans',
      integrity: 'hmac-sha-1-96',
      encryption: 'aes-cbc',
      integrityKey: new Uint8Array(20).fill(1),
      encryptionKey: new Uint8Array(16).fill(2),
      ports: [
        { localPort: 20000, remotePort: 6100, spiIn: 0x1000_0000, spiOut: 301 },
        { localPort: 20001, remotePort: 5100, spiIn: 0x1000_0001, spiOut: 302 },
      ],
    });
    const middle = performance.now();
    await installed.remove();
    times.install.push(middle - start);
    times.remove.push(performance.now() - middle);
  }
  return { install: median(times.install), remove: median(times.remove) };
}
