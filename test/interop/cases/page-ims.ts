import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from '../../../src/ims/account.js';
import { TRANSPORTS, type Lab, type Transport } from '../lab.js';
import { AKA_KEYS, ImsCore } from '../peers/ims-core.js';
import type { PageStage } from '../peers/page-stage.js';
import type { Suite } from '../suite.js';

/** Above all that the lab's HSS gives out: the UE is ahead of the network. */
const AHEAD = 'ffbb00000000';

/** The page in Chromium at a real P-, I- and S-CSCF with an HSS. */
export async function pageWithIms(suite: Suite, lab: Lab, stage: PageStage): Promise<void> {
  const core = new ImsCore(join(lab.folder, 'page-ims'));
  const checks = [
    ...TRANSPORTS.map(
      (transport) =>
        [
          `page registers, refreshes and leaves at an IMS core by AKAv1-MD5 over ${transport}`,
          () => lives(core, stage, account(core, transport)),
        ] as const,
    ),
    ['page ahead of the IMS core resynchronises it by AUTS', () => resynchronises(core, stage)],
  ] as const;
  if (!checks.some(([name]) => suite.wants(name))) return;
  try {
    await core.start();
    for (const [name, run] of checks) await suite.check(name, run);
  } catch (error) {
    suite.fail('the IMS core of the page', error);
  } finally {
    await core.stop();
  }
}

function account(core: ImsCore, transport: Transport): Account {
  return {
    publicIdentity: `sip:alice@${core.domain}`,
    aka: AKA_KEYS.alice,
    proxy: core.proxy(transport),
    ...(transport === 'tls' ? { authorities: [readFileSync(core.authorityFile, 'utf8')] } : {}),
  };
}

async function lives(core: ImsCore, stage: PageStage, wanted: Account): Promise<string> {
  const before = core.hssLog.length;
  const phone = await stage.open(wanted);
  // The S-CSCF's own word on it, by the reg event.
  const { registration } = await phone.until(
    (s) => s.registration.identities.some(({ event }) => event === 'registered'),
    'the reg event',
  );
  await phone.registerAgain();
  await phone.until(
    (s) => s.registration.state === 'registered' && s.registration.since > registration.since,
    'refresh',
  );
  await phone.unregister();
  await phone.until((s) => s.registration.state === 'unregistered', 'de-registration');
  const told = core.hssLog.slice(before);
  assert.match(told, /scheme Digest-AKAv1-MD5/);
  assert.match(told, /-> REGISTERED/);
  assert.match(told, /-> NOT_REGISTERED/);
  return `${(told.match(/vector SQN/g) ?? []).length} vectors`;
}

async function resynchronises(core: ImsCore, stage: PageStage): Promise<string> {
  const before = core.hssLog.length;
  const phone = await stage.open({ ...account(core, 'udp'), aka: { ...AKA_KEYS.alice, sqn: AHEAD } });
  await phone.unregister();
  const told = core.hssLog.slice(before);
  assert.match(told, new RegExp(`resync: MAC-S ok SQN_MS ${AHEAD}`));
  return /resync.*/.exec(told)?.[0] ?? '';
}
