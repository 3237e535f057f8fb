import assert from 'node:assert/strict';
import type { AgentProcess } from './agent-process.js';
import type { Capture } from './capture.js';
import type { Forger } from './forger.js';
import { kernelCounts, type KernelCounts } from './guest.js';
import type { NamespaceShell } from './namespace-shell.js';

/** What stays for the whole run, first of UE 1, then of UE 2: a process starts slowly under a user-mode kernel. */
export interface Stage {
  readonly agents: readonly [AgentProcess, AgentProcess];
  readonly shells: readonly [NamespaceShell, NamespaceShell];
  readonly captures: readonly [Capture, Capture];
  readonly forger: Forger;
}

export const NOTHING: KernelCounts = { states: 0, policies: 0 };
/** ms for one check, on a machine that does other things too. */
export const LIMIT = 300_000;

/** @returns the algorithms in force */
export async function registered(ue: AgentProcess): Promise<string> {
  const { security, failure } = await ue.until(
    'registration',
    ({ registration }) => (registration.state === 'registered' || registration.failure !== null) && registration,
    120,
  );
  assert.equal(failure, null);
  assert.equal(security?.mechanism, 'ipsec-3gpp');
  return `${security.algorithm} ${security.encryption}`;
}

/**
 * Ends what the agents do, whatever state they are in; nothing of theirs is left in the kernel.
 *
 * @returns when each sent its last REGISTER
 */
export async function stop({ agents, shells }: Stage): Promise<number[]> {
  for (const ue of agents) await ue.tell({ do: 'unregister' });
  await Promise.all(agents.map((ue) => ue.tell({ do: 'stop' })));
  for (const shell of shells) assert.deepEqual(await kernelCounts(shell), NOTHING);
  return agents.map(({ traces }) => {
    const [last] = traces
      .filter(({ direction, text }) => direction === 'out' && text.startsWith('REGISTER '))
      .slice(-1);
    return last?.time ?? 0;
  });
}

/** The last messages of the agents, for who has to find out. */
export function tellTraces(agents: readonly AgentProcess[]): void {
  for (const ue of agents) {
    const lines = ue.traces.map(
      (t) => `${t.direction} ${t.transport} ${t.local} ${t.remote} ${t.text.split('\r\n')[0] ?? ''}`,
    );
    console.log(`${ue.namespace}\n  ${lines.slice(-30).join('\n  ')}`);
  }
}
