import type { Account } from '../../../src/ims/account.js';
import type { SecurityPolicy } from '../../../src/ims/security/index.js';
import { sine } from '../../sound/synthetic.js';
import { writeWav } from '../../sound/wav-file.js';
import { AgentProcess } from './agent-process.js';
import type { NamespaceShell } from './namespace-shell.js';

/** A variable that esp-core.sh sets. @throws Error outside of it */
export function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run by test/interop/esp/esp.ts`);
  return value;
}

export type Ue = 1 | 2;
export const PCSCF = variable('ESP_PCSCF');

export function addressOf(ue: Ue): string {
  return variable(`ESP_UE${ue}_ADDR`);
}

export function identityOf(ue: Ue): string {
  return variable(`ESP_UE${ue}_IMPU`);
}

export function account(
  ue: Ue,
  transport: 'udp' | 'tcp',
  security: SecurityPolicy = { mechanisms: ['ipsec-3gpp'] },
): Account {
  return {
    publicIdentity: identityOf(ue),
    privateIdentity: variable(`ESP_UE${ue}_IMPI`),
    domain: variable('ESP_DOMAIN'),
    proxy: `sip:${PCSCF}:${variable('ESP_PCSCF_PORT')};transport=${transport}`,
    // The P-CSCF takes a first REGISTER from another port for a re-registration.
    localPort: 5060,
    localAddress: addressOf(ue),
    expires: 600,
    aka: { k: variable(`ESP_UE${ue}_K`), op: variable(`ESP_UE${ue}_OP`) },
    security,
  };
}

const SOUND = '/tmp/esp-tone.wav';
writeWav(SOUND, sine(440, 10));

/** @param prefix a program that starts the agent, with its arguments */
export function agent(ue: Ue, prefix: readonly string[] = []): AgentProcess {
  return new AgentProcess(`ue${ue}`, variable('ESP_AGENT'), prefix);
}

export async function start(
  ue: AgentProcess,
  of: Account,
  through: 'node' | 'companion' = 'node',
  state = `/tmp/${ue.namespace}-state`,
): Promise<void> {
  await ue.tell({ do: 'start', account: of, through, wasm: variable('ESP_WASM'), state, sound: SOUND });
}

export interface KernelCounts {
  readonly states: number;
  readonly policies: number;
}

/** States and policies in the kernel of a namespace. */
export async function kernelCounts(shell: NamespaceShell): Promise<KernelCounts> {
  const [states = '', policies = ''] = (await shell.run('ip xfrm state count; echo /; ip xfrm policy count')).split(
    '/\n',
  );
  const numbers = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);
  return { states: numbers(states)[0] ?? 0, policies: numbers(policies).reduce((sum, count) => sum + count, 0) };
}

/** What the kernel of a namespace threw away because a policy or an association said so. */
export async function xfrmDrops(shell: NamespaceShell): Promise<number> {
  const text = await shell.run('cat /proc/net/xfrm_stat');
  return [...text.matchAll(/^XfrmIn\S+\s+(\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
}
