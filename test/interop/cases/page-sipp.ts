import type { Lab } from '../lab.js';
import { PageSide } from '../peers/page-side.js';
import type { PageStage } from '../peers/page-stage.js';
import type { Suite } from '../suite.js';
import { PAGE_SPEECH_LIMIT } from './page-baresip.js';
import { callWithSipp, type SippCall, type SippPlan } from './with-sipp.js';

const LOSSY: SippPlan = [
  ['the page calls SIPp and hangs up', 'uas-is-hung-up', 'ours'],
  ['the page calls SIPp, which hangs up', 'uas-hangs-up', 'theirs'],
  ['SIPp calls the page, which hangs up', 'uac-is-hung-up', 'ours'],
  ['SIPp calls the page and hangs up', 'uac-hangs-up', 'theirs'],
];

/** The page in Chromium and SIPp, without a proxy: over TCP, and over UDP where every message is lost once. */
export async function pageWithSipp(suite: Suite, lab: Lab, stage: PageStage): Promise<void> {
  const talk = async (call: SippCall): Promise<string> =>
    callWithSipp(lab, await PageSide.open(stage), { ...call, speechLimit: PAGE_SPEECH_LIMIT });
  await suite.check('the page calls SIPp over tcp and hangs up', () =>
    talk({ transport: 'tcp', scenario: 'uas-is-hung-up', hangup: 'ours' }),
  );
  for (const [name, scenario, hangup] of LOSSY) {
    await suite.check(`every message is lost once over udp: ${name}`, () =>
      talk({ transport: 'udp', scenario, hangup, lossy: true }),
    );
  }
}
