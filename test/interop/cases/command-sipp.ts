import assert from 'node:assert/strict';
import type { Lab } from '../lab.js';
import { CommandSide } from '../peers/command-side.js';
import { freePort } from '../peers/free-port.js';
import { ImsCommand, type CommandAccount } from '../peers/ims-command.js';
import { listening } from '../peers/listening.js';
import { Sipp } from '../peers/sipp.js';
import type { Suite } from '../suite.js';
import { callWithSipp, type SippCall, type SippPlan } from './with-sipp.js';

const PLAIN: SippPlan = [
  ['ims calls SIPp and hangs up', 'uas-is-hung-up', 'ours'],
  ['ims calls SIPp, which hangs up', 'uas-hangs-up', 'theirs'],
  ['SIPp calls ims and hangs up', 'uac-hangs-up', 'theirs'],
];
const BY_TLS: SippPlan = PLAIN.filter(([, scenario]) => scenario.startsWith('uas'));
const LOSSY: SippPlan = [...PLAIN, ['SIPp calls ims, which hangs up', 'uac-is-hung-up', 'ours']];

/** `ims` and SIPp, without a proxy. */
export async function commandWithSipp(suite: Suite, lab: Lab): Promise<void> {
  const calls = (['udp', 'tcp', 'tls'] as const).flatMap((transport) =>
    (transport === 'tls' ? BY_TLS : PLAIN).map(
      ([name, scenario, hangup]) =>
        () =>
          suite.check(`${name} over ${transport}`, () => talk(lab, { transport, scenario, hangup })),
    ),
  );
  const lossy = LOSSY.map(([name, scenario, hangup]) => () => {
    const lost = `every message is lost once over udp: ${name}`;
    return suite.check(lost, () => talk(lab, { transport: 'udp', scenario, hangup, lossy: true }));
  });
  // They wait more than they work: two at a time.
  await twoByTwo([...calls, ...lossy]);
  await suite.check('ims calls SIPp, which is busy', () => isBusy(lab));
  await suite.check('SIPp calls ims and gives up', () => isCancelled(lab));
}

async function twoByTwo(work: (() => Promise<void>)[]): Promise<void> {
  const worker = async (): Promise<void> => {
    for (let next = work.shift(); next; next = work.shift()) await next();
  };
  await Promise.all([worker(), worker()]);
}

async function talk(lab: Lab, call: SippCall): Promise<string> {
  const side = await CommandSide.start(lab);
  try {
    return await callWithSipp(lab, side, call);
  } finally {
    await side.close();
  }
}

const ACCOUNT: CommandAccount = { publicIdentity: 'sip:alice@127.0.0.1', register: false };

async function isBusy(lab: Lab): Promise<undefined> {
  const port = await freePort();
  const sipp = await Sipp.start({
    scenario: 'uas-busy',
    folder: lab.fresh('busy'),
    remote: '127.0.0.1',
    port,
    tapPort: 9,
  });
  const command = new ImsCommand(['call', `sip:sipp@127.0.0.1:${port}`], ACCOUNT);
  await Promise.all([command.ended(5), sipp.finished()]);
  assert.match(command.output, /"reason":"busy"/);
}

async function isCancelled(lab: Lab): Promise<undefined> {
  const localPort = await freePort();
  const command = new ImsCommand(['answer', '--delay', '30'], { ...ACCOUNT, localPort });
  await listening(localPort);
  const remote = `127.0.0.1:${localPort}`;
  const sipp = await Sipp.start({ scenario: 'uac-cancels', folder: lab.fresh('cancel'), remote, tapPort: 9 });
  await Promise.all([command.ended(), sipp.finished()]);
}
