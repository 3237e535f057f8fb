import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import type { Suite } from '../suite.js';
import type { Account } from '../../../src/ims/account.js';
import { account, kernelCounts, start, variable } from './guest.js';
import type { NamespaceShell } from './namespace-shell.js';
import { LIMIT, NOTHING, registered, tellTraces, type Stage } from './stage.js';

/** The P-CSCF keeps a client port for each registration until it expires, and has a few dozen: then it starts anew. */
const ROUNDS = 3;
const EACH = 34;
/** Every so many the UE leaves and comes back, instead of re-registering over the associations in force. */
const FRESH = 5;

/** Associations outlive the answer to the de-registration by a moment, for the farewells of connections. */
async function goes(shell: NamespaceShell): Promise<void> {
  for (let i = 0; i < 50 && (await kernelCounts(shell)).states > 0; i++)
    await new Promise((resolve) => setTimeout(resolve, 200));
  assert.deepEqual(await kernelCounts(shell), NOTHING);
}

/** Nothing is left over, however often associations come and go. */
export async function registrations(suite: Suite, { agents: [ue], shells: [shell] }: Stage): Promise<void> {
  await suite.check(
    `ESP again and again: after ${ROUNDS * EACH} registrations nothing is left over`,
    async () => {
      let most = 0;
      let took = 0;
      for (let round = 0; round < ROUNDS; round++) {
        execFileSync(variable('ESP_RESET'), { stdio: 'ignore' });
        try {
          const began = Date.now();
          await start(ue, account(1, 'udp'));
          await registered(ue);
          for (let i = 1; i < EACH; i++) {
            if (i % FRESH === 0) {
              await ue.tell({ do: 'unregister' });
              await goes(shell);
            }
            await ue.tell({ do: 'register' });
            await registered(ue);
            most = Math.max(most, (await kernelCounts(shell)).states);
          }
          took += Date.now() - began;
        } catch (error) {
          tellTraces([ue]);
          throw error;
        } finally {
          await ue.tell({ do: 'stop' });
        }
        assert.deepEqual(await kernelCounts(shell), NOTHING);
      }
      // One in force, one new, four that still end their transactions.
      assert.ok(most <= 4 * 6, `${most} states at once`);
      return `${most} states at most, ${(took / ROUNDS / EACH).toFixed(0)} ms each`;
    },
    900_000,
  );
}

/** Of each kind, after those that only warm up; the middle one is told. */
const TIMED = 7;
const WARM_UP = 3;

/** Three ways for a UE 1 to register by UDP, with nothing but that to do. */
export function kindsOfRegistration(): readonly (readonly [string, Account])[] {
  const { aka, security, ...rest } = { ...account(1, 'udp'), regEvent: false };
  const carol = `carol@${variable('ESP_DOMAIN')}`;
  const digest = { publicIdentity: `sip:${carol}`, privateIdentity: carol, password: 'carol-secret' };
  return [
    ['digest', { ...rest, ...digest }],
    ['AKA', { ...rest, ...(aka ? { aka } : {}) }],
    ['AKA with IPsec', { ...rest, ...(aka ? { aka } : {}), ...(security ? { security } : {}) }],
  ];
}

/** How long a registration takes in the guest, where each message and each process is slow. */
export async function registrationTimes(suite: Suite, { agents: [ue], shells: [shell] }: Stage): Promise<void> {
  await suite.check(
    'ESP time: from nothing to registered by digest, by AKA, and by AKA with IPsec',
    async () => {
      execFileSync(variable('ESP_RESET'), { stdio: 'ignore' });
      const told: string[] = [];
      for (const [name, of] of kindsOfRegistration()) {
        const times: number[] = [];
        try {
          await start(ue, of);
          for (let i = -WARM_UP; i < TIMED; i++) {
            await ue.tell({ do: 'unregister' });
            await goes(shell);
            const begin = performance.now();
            await ue.tell({ do: 'register' });
            await ue.until('registration', ({ registration }) => registration.state === 'registered');
            if (i >= 0) times.push(performance.now() - begin);
          }
        } catch (error) {
          tellTraces([ue]);
          throw error;
        } finally {
          await ue.tell({ do: 'stop' });
        }
        times.sort((a, b) => a - b);
        told.push(`${name} ${(times[TIMED >> 1] ?? 0).toFixed(0)} ms`);
      }
      return told.join(', ');
    },
    LIMIT,
  );
}
