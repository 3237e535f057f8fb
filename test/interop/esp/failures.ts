import assert from 'node:assert/strict';
import type { Suite } from '../suite.js';
import { account, agent, kernelCounts, start } from './guest.js';
import { LIMIT, NOTHING, registered, type Stage } from './stage.js';

const FOUR = { states: 4, policies: 4 };

export async function crash(suite: Suite, { shells: [shell] }: Stage): Promise<void> {
  await suite.check(
    'ESP after a crash: what a killed companion left in the kernel goes when the next one starts',
    async () => {
      const state = '/tmp/crash-state';
      const first = agent(1);
      await start(first, account(1, 'udp'), 'companion', state);
      await registered(first);
      await first.kill('SIGKILL');
      assert.deepEqual(await kernelCounts(shell), FOUR);
      const second = agent(1);
      try {
        await start(second, account(1, 'udp'), 'companion', state);
        await registered(second);
        assert.deepEqual(await kernelCounts(shell), FOUR);
        await second.tell({ do: 'stop' });
        assert.deepEqual(await kernelCounts(shell), NOTHING);
      } finally {
        await second.quit();
      }
      return 'four states and four policies left, then none';
    },
    LIMIT,
  );
}

export async function unprivileged(suite: Suite): Promise<void> {
  await suite.check(
    'ESP without the right: the failure says CAP_NET_ADMIN',
    async () => {
      const ue = agent(1, ['setpriv', '--bounding-set', '-net_admin']);
      try {
        await start(ue, account(1, 'udp'));
        const failure = await ue.until('failure', ({ registration }) => registration.failure);
        assert.equal(failure.reason, 'ipsec-denied');
        assert.match(failure.detail ?? '', /CAP_NET_ADMIN/);
        return failure.detail;
      } finally {
        await ue.quit();
      }
    },
    LIMIT,
  );
}
