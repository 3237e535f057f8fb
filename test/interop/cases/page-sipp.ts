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

/** Both directions, and hang-up from either side. */
const CONNECTED: readonly (readonly ['tcp' | 'tls', ...SippPlan[number]])[] = [
  ['tcp', 'the page calls SIPp and hangs up', 'uas-is-hung-up', 'ours'],
  ['tcp', 'SIPp calls the page and hangs up', 'uac-hangs-up', 'theirs'],
  ['tls', 'the page calls SIPp and hangs up', 'uas-is-hung-up', 'ours'],
  ['tls', 'the page calls SIPp, which hangs up', 'uas-hangs-up', 'theirs'],
];

/** The page in Chromium and SIPp, without a proxy: over TCP and TLS, and over UDP where every message is lost once. */
export async function pageWithSipp(suite: Suite, lab: Lab, stage: PageStage): Promise<void> {
  const talk = async (call: SippCall): Promise<string> =>
    callWithSipp(lab, await PageSide.open(stage, [lab.certificates.authority]), {
      ...call,
      speechLimit: PAGE_SPEECH_LIMIT,
    });
  for (const [transport, name, scenario, hangup] of CONNECTED) {
    await suite.check(`over ${transport}: ${name}`, () => talk({ transport, scenario, hangup }));
  }
  for (const [name, scenario, hangup] of LOSSY) {
    await suite.check(`every message is lost once over udp: ${name}`, () =>
      talk({ transport: 'udp', scenario, hangup, lossy: true }),
    );
  }
}
