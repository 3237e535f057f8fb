/**
 * Our stack against Kamailio's P-CSCF with real ESP. Runs in the guest kernel that esp-core.sh boots: see esp.ts.
 * Arguments: parts of check names; none: all.
 */
import assert from 'node:assert/strict';
import { Suite } from '../suite.js';
import { bareEnds } from './bare-checks.js';
import { Capture } from './capture.js';
import { combinations, combinationsV6, throughCompanion } from './combinations.js';
import { crash, unprivileged } from './failures.js';
import { measureSets } from '../../../bench/ipsec-set.js';
import { agent, kernelCounts } from './guest.js';
import { Forger } from './forger.js';
import { messagesByEsp } from './messages.js';
import { NamespaceShell } from './namespace-shell.js';
import { onPage } from './page-checks.js';
import { registrations, registrationTimes } from './registrations.js';
import type { Stage } from './stage.js';

const suite = new Suite(process.argv.slice(2));
const stage: Stage = {
  agents: [agent(1), agent(2)],
  shells: [new NamespaceShell('ue1'), new NamespaceShell('ue2')],
  captures: await Promise.all([Capture.start('ue1'), Capture.start('ue2')]),
  forger: await Forger.start(),
};
await combinations(suite, stage);
await bareEnds(suite, stage);
await messagesByEsp(suite, stage);
await throughCompanion(suite, stage);
await combinationsV6(suite, stage);
await crash(suite, stage);
await unprivileged(suite);
await suite.check('ESP set: four associations in and out, by one process and by one for each', async () =>
  (await measureSets())
    .map(({ name, ours, peerValue }) => `${name}: ${ours.toFixed(1)} ms, else ${peerValue.toFixed(1)} ms`)
    .join('; '),
);
await registrationTimes(suite, stage);
await onPage(suite, stage);
await registrations(suite, stage);
await Promise.all(stage.agents.map((each) => each.quit()));
await suite.check('ESP at the end: no state and no policy in any namespace', async () => {
  for (const shell of stage.shells) assert.deepEqual(await kernelCounts(shell), { states: 0, policies: 0 });
  return undefined;
});
for (const one of [...stage.shells, stage.forger]) one.close();
await Promise.all(stage.captures.map((capture) => capture.stop()));
console.log(suite.summary());
process.exit(suite.failed === 0 && suite.passed > 0 ? 0 : 1);
