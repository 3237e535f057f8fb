import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { StateDirectory } from '../../../../companion/access/state-directory.js';
import type { BatchResult, IpCommand } from '../../../../companion/native/ipsec/ip-command.js';
import { SystemIp } from '../../../../companion/native/ipsec/ip-command.js';
import { IpsecJournal } from '../../../../companion/native/ipsec/ipsec-journal.js';
import { KernelIpsec, removeOrphans } from '../../../../companion/native/ipsec/kernel-ipsec.js';
import { xfrmSteps } from '../../../../companion/native/ipsec/xfrm-commands.js';
import { NetworkError } from '../../../../src/net/network.js';
import { sampleSet } from './sample-set.js';

/** The tables of a kernel: adding twice fails, and so does deleting what is not there. */
class FakeKernel implements IpCommand {
  readonly entries = new Set<string>();
  readonly lines: string[] = [];
  failAt = Infinity;
  gate: Promise<void> | null = null;
  /** Done, but not yet said so. */
  afterwards: Promise<void> | null = null;

  async run(lines: readonly string[]): Promise<BatchResult> {
    await this.gate;
    for (const [done, line] of lines.entries()) {
      this.lines.push(line);
      if (!this.runNow(line)) return { done, error: new NetworkError('ipsec-kernel', 'refused') };
    }
    await this.afterwards;
    return { done: lines.length, error: null };
  }

  runNow(line: string): boolean {
    const [, what, verb] = line.split(' ');
    // What identifies an entry stands before reqid and priority.
    const key = `${what} ${
      line
        .split(' ')
        .slice(3)
        .join(' ')
        .split(/ reqid| priority/)[0] ?? ''
    }`;
    if (verb === 'delete') return this.entries.delete(key);
    if (this.lines.length > this.failAt || this.entries.has(key)) return false;
    this.entries.add(key);
    return true;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'ims-ipsec-'));
after(() => rmSync(folder, { recursive: true }));

describe('xfrmSteps', () => {
  it('writes four states and four policies, removals without keys', () => {
    const steps = xfrmSteps(sampleSet());
    assert.equal(steps.length, 8);
    assert.equal(
      steps[0]?.add,
      'xfrm state add src 192.0.2.7 dst 192.0.2.1 proto esp spi 0x65 reqid 101 mode transport replay-window 32 auth-trunc hmac(sha1) 0x000102030405060708090a0b0c0d0e0f00000000 96 enc cbc(aes) 0xf0f1f2f3f4f5f6f7f8f9fafbfcfdfeff sel src 192.0.2.7/32 dst 192.0.2.1/32 sport 20000 dport 6100',
    );
    assert.equal(
      steps[1]?.add,
      'xfrm policy add src 192.0.2.7/32 dst 192.0.2.1/32 sport 20000 dport 6100 dir out priority 2080 tmpl src 192.0.2.7 dst 192.0.2.1 proto esp reqid 101 mode transport',
    );
    for (const { remove } of steps) assert.doesNotMatch(remove, /auth|enc |0xf0f1/);
    assert.ok(
      steps.every(({ add }) => !/sport \d+ dport \d+ proto/.test(add)),
      'UDP and TCP share the associations',
    );
  });

  it('writes IPv6, AH and tunnels', () => {
    const [state, policy] = xfrmSteps(
      sampleSet({
        local: '2001:db8::7',
        remote: '2001:db8::1',
        protocol: 'ah',
        mode: 'tun',
        encryption: 'null',
        encryptionKey: new Uint8Array(0),
      }),
    );
    assert.match(state?.add ?? '', /^xfrm state add src 2001:db8::7 dst 2001:db8::1 proto ah .* mode tunnel /);
    assert.doesNotMatch(state?.add ?? '', / enc | sel /);
    assert.match(policy?.add ?? '', /src 2001:db8::7\/128 dst 2001:db8::1\/128 .* proto ah .*mode tunnel$/);
  });
});

describe('KernelIpsec', () => {
  it('installs all of it, and removes all of it', async () => {
    const kernel = new FakeKernel();
    const ipsec = new KernelIpsec(null, kernel);
    const installed = await ipsec.install(sampleSet());
    assert.deepEqual([kernel.entries.size, ipsec.size], [8, 1]);
    await Promise.all([installed.remove(), installed.remove()]);
    assert.deepEqual([kernel.entries.size, ipsec.size, kernel.lines.length], [0, 0, 16]);
  });

  for (let step = 0; step < 8; step++) {
    it(`rolls back what was added when step ${step + 1} fails, and nothing else`, async () => {
      const kernel = new FakeKernel();
      kernel.entries.add('state of somebody else');
      kernel.failAt = step;
      const ipsec = new KernelIpsec(null, kernel);
      await assert.rejects(ipsec.install(sampleSet()), { reason: 'ipsec-kernel' });
      assert.deepEqual([...kernel.entries], ['state of somebody else']);
      assert.equal(kernel.lines.length, 2 * step + 1, 'only what was added is taken back');
      assert.equal(ipsec.size, 0);
    });
  }

  it('does not take away what another set has', async () => {
    const kernel = new FakeKernel();
    const ipsec = new KernelIpsec(null, kernel);
    await ipsec.install(sampleSet());
    await assert.rejects(ipsec.install(sampleSet()), NetworkError);
    assert.equal(kernel.entries.size, 8);
    await ipsec.close();
    assert.equal(kernel.entries.size, 0);
  });

  it('leaves nothing when it is closed while it installs', async () => {
    const kernel = new FakeKernel();
    let open = (): void => undefined;
    kernel.gate = new Promise((resolve) => (open = resolve));
    const ipsec = new KernelIpsec(null, kernel);
    const installing = ipsec.install(sampleSet());
    const closing = ipsec.close();
    open();
    await assert.rejects(installing, { reason: 'closed' });
    await closing;
    assert.equal(kernel.entries.size, 0);
    await assert.rejects(ipsec.install(sampleSet()), { reason: 'closed' });
  });

  it('refuses what is no set, before anything is run', async () => {
    const kernel = new FakeKernel();
    const ipsec = new KernelIpsec(null, kernel);
    const [pair = assert.fail()] = sampleSet().ports;
    for (const bad of [
      sampleSet({ local: 'host; reboot' }),
      sampleSet({ local: '::1' }),
      sampleSet({ integrityKey: new Uint8Array(16) }),
      sampleSet({ encryptionKey: new Uint8Array(0) }),
      sampleSet({ protocol: 'ah' }),
      sampleSet({ ports: [] }),
      sampleSet({ ports: [{ ...pair, localPort: 0 }] }),
      sampleSet({ ports: [{ ...pair, spiIn: 0 }] }),
      sampleSet({ ports: [{ ...pair, spiOut: 2 ** 32 }] }),
      sampleSet({ ports: [pair, pair] }),
    ])
      await assert.rejects(ipsec.install(bad), { reason: 'unsupported' });
    assert.deepEqual(kernel.lines, []);
  });

  it('writes down what is in the kernel, without keys, for the next process', async () => {
    const directory = new StateDirectory(join(folder, 'journal'));
    const kernel = new FakeKernel();
    const ipsec = new KernelIpsec(new IpsecJournal(directory), kernel);
    const installed = await ipsec.install(sampleSet());
    const written = readFileSync(join(folder, 'journal', 'ipsec.json'), 'utf8');
    assert.doesNotMatch(written, /000102030405|f0f1f2f3/);
    await removeOrphans(new IpsecJournal(directory), kernel);
    assert.equal(kernel.entries.size, 8, 'we are alive: nobody takes ours');
    directory.write(
      'ipsec.json',
      JSON.parse(written.replace(/"started": "[^"]*"/, '"started": "another boot"')) as object,
    );
    await removeOrphans(new IpsecJournal(directory), kernel);
    assert.equal(kernel.entries.size, 0);
    assert.equal(directory.read('ipsec.json'), undefined);
    await installed.remove();
  });

  it('takes everything else away when one state went by itself', async () => {
    const kernel = new FakeKernel();
    const ipsec = new KernelIpsec(null, kernel);
    const installed = await ipsec.install(sampleSet());
    // A hard expiry.
    for (const state of [...kernel.entries].filter((entry) => entry.startsWith('state')).slice(0, 2))
      kernel.entries.delete(state);
    await installed.remove();
    assert.equal(kernel.entries.size, 0);
  });

  it('removes in the last moment of a process what it was adding', async () => {
    const kernel = new FakeKernel();
    const ipsec = new KernelIpsec(null, kernel);
    kernel.afterwards = new Promise(() => undefined);
    void ipsec.install(sampleSet());
    await new Promise(setImmediate);
    assert.equal(kernel.entries.size, 8);
    ipsec.closeNow();
    assert.equal(kernel.entries.size, 0);
  });

  it('removes what is left in the last moment of a process', async () => {
    const kernel = new FakeKernel();
    const ipsec = new KernelIpsec(null, kernel);
    await ipsec.install(sampleSet());
    ipsec.closeNow();
    assert.equal(kernel.entries.size, 0);
  });
});

describe('SystemIp', () => {
  const ip = new SystemIp('');
  const missing = 'xfrm state delete src 192.0.2.7 dst 192.0.2.1 proto esp spi 0x7fffffff';

  it('says after how many lines it came to an end', { skip: process.platform !== 'linux' }, async (t) => {
    const well = await ip.run(['xfrm state count', 'xfrm state count']);
    if (well.error) return t.skip(well.error.message);
    assert.equal(well.done, 2);
    const half = await ip.run(['link show lo', 'link show lo', missing, 'link show lo']);
    assert.equal(half.done, 2);
    assert.notEqual(half.error, null);
  });

  it('says which program is missing', async () => {
    const { done, error } = await new SystemIp('/nonexistent/helper').run(['xfrm state delete']);
    assert.deepEqual([done, error?.reason], [0, 'ipsec-tool']);
  });

  for (const [complaint, reason] of [
    ['RTNETLINK answers: Operation not permitted', 'ipsec-denied'],
    ['RTNETLINK answers: Protocol not supported', 'ipsec-kernel'],
    ['RTNETLINK answers: Requested AUTH algorithm not found', 'ipsec-kernel'],
    ['Cannot open netlink socket: Address family not supported by protocol', 'ipsec-kernel'],
    ['RTNETLINK answers: File exists', 'address-in-use'],
    ['something else', 'internal'],
  ] as const) {
    it(`understands "${complaint}"`, async () => {
      const helper = `${process.execPath} -e process.stdin.resume().on('end',()=>{console.error(process.argv[1].replaceAll('_','\\u0020'));process.exit(2)}) ${complaint.replaceAll(' ', '_')}`;
      const result = await new SystemIp(helper).run(['xfrm', 'xfrm']);
      assert.deepEqual([result.done, result.error?.reason], [0, reason]);
    });
  }
});
