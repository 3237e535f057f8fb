/**
 * Our stack against peers that we did not write: Kamailio, baresip, SIPp, ffmpeg. `dist/` is what is
 * tried in Chromium: build first.
 *
 *   npm run test:interop                      everything
 *   node --import tsx test/interop/main.ts tls     checks whose name contains "tls"
 *   npm run test:interop -- esp               what a run of everything makes of IPsec, and nothing else
 */
import { codecFiles } from './cases/codec-files.js';
import { codecsWithBaresip } from './cases/codecs-baresip.js';
import { codecsWithFfmpeg } from './cases/codecs-ffmpeg.js';
import { codecsOnPage } from './cases/codecs-page.js';
import { commandWithBaresip } from './cases/command-baresip.js';
import { commandWithLinphone } from './cases/command-linphone.js';
import { commandWithSipp } from './cases/command-sipp.js';
import { espInGuest, isOfEsp } from './cases/esp-guest.js';
import { imsAka } from './cases/ims-aka.js';
import { messages } from './cases/messages.js';
import { pageWithBaresip } from './cases/page-baresip.js';
import { pageWithIms } from './cases/page-ims.js';
import { pageWithSipp } from './cases/page-sipp.js';
import { withRegistrar } from './cases/registrar.js';
import { withSmallRegistrar } from './cases/small-registrar.js';
import { registrarOfSipp } from './cases/sipp-registrar.js';
import { signallingWithSipp } from './cases/sipp-signalling.js';
import { ensurePeers } from './install.js';
import { Lab } from './lab.js';
import { Kamailio } from './peers/kamailio.js';
import { PageStage } from './peers/page-stage.js';
import { Suite } from './suite.js';

const asked = process.argv.slice(2);
const suite = new Suite(asked);
if (!Kamailio.present) {
  console.log(`skipped: no lab at ${Kamailio.lab}`);
  console.log('0 passed, 1 failed');
  process.exit(1);
}
ensurePeers();
const lab = new Lab();
let ending: Promise<void> | null = null;
const end = (): Promise<void> => (ending ??= lab.close());
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void end().then(() => process.exit(130)));
}

async function atLab(): Promise<void> {
  await lab.kamailio.start();
  await commandWithBaresip(suite, lab);
  await commandWithLinphone(suite, lab);
  await commandWithSipp(suite, lab);
  await messages(suite, lab);
  await codecFiles(suite, lab);
  await codecsWithBaresip(suite, lab);
  await codecsWithFfmpeg(suite, lab);
  await signallingWithSipp(suite, lab);
  await registrarOfSipp(suite, lab);
  await withRegistrar(suite, lab);
  await withSmallRegistrar(suite, lab);
  await imsAka(suite, lab);
  const stage = await PageStage.start(lab.fresh('page'), lab.sounds.speechFile);
  try {
    await pageWithBaresip(suite, lab, stage);
    await pageWithIms(suite, lab, stage);
    await codecsOnPage(suite, lab, stage);
    await pageWithSipp(suite, lab, stage);
  } finally {
    await stage.close();
  }
}

try {
  // The guest has a lab of its own.
  if (asked.length === 0 || !asked.every(isOfEsp)) await atLab();
} catch (error) {
  suite.fail('the run itself', error);
} finally {
  await end();
}
// Alone: a user-mode kernel takes a whole processor, and others measure sound.
await espInGuest(suite, asked);
console.log(suite.summary());
process.exit(suite.failed === 0 && suite.passed > 0 ? 0 : 1);
