import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readWav } from '../../sound/wav-file.js';
import { judgeSpeech, judgeTone } from '../judge-sound.js';
import type { Lab } from '../lab.js';
import { freePort } from '../peers/free-port.js';
import { ImsCommand, type CommandAccount } from '../peers/ims-command.js';
import { LossyRelay } from '../peers/lossy-relay.js';
import { RtpTap } from '../peers/rtp-tap.js';
import { Sipp, type SippScenario } from '../peers/sipp.js';
import type { Suite } from '../suite.js';

/** `ims` and SIPp face to face, without a proxy. SIPp says a tone and hears with a tap; we say speech and record. */
export async function commandWithSipp(suite: Suite, lab: Lab): Promise<void> {
  const calls = (['udp', 'tcp'] as const).flatMap((transport) =>
    PLAIN.map(
      ([name, scenario, hangup]) =>
        (): Promise<void> =>
          suite.check(`${name} over ${transport}`, () => talk(lab, { transport, scenario, hangup })),
    ),
  );
  const lossy = LOSSY.map(([name, scenario, hangup]) => (): Promise<void> => {
    const lost = `every message is lost once over udp: ${name}`;
    return suite.check(lost, () => talk(lab, { transport: 'udp', scenario, hangup, lossy: true }));
  });
  // They wait more than they work: two at a time.
  await twoByTwo([...calls, ...lossy]);
  await suite.check('ims calls SIPp, which is busy', () => isBusy(lab));
  await suite.check('SIPp calls ims and gives up', () => isCancelled(lab));
}

type Plan = readonly (readonly [name: string, scenario: SippScenario, hangup: Way['hangup']])[];

const PLAIN: Plan = [
  ['ims calls SIPp and hangs up', 'uas-is-hung-up', 'ours'],
  ['ims calls SIPp, which hangs up', 'uas-hangs-up', 'theirs'],
  ['SIPp calls ims and hangs up', 'uac-hangs-up', 'theirs'],
];

const LOSSY: Plan = [...PLAIN, ['SIPp calls ims, which hangs up', 'uac-is-hung-up', 'ours']];

async function twoByTwo(work: (() => Promise<void>)[]): Promise<void> {
  const worker = async (): Promise<void> => {
    for (let next = work.shift(); next; next = work.shift()) await next();
  };
  await Promise.all([worker(), worker()]);
}

interface Way {
  readonly transport: 'udp' | 'tcp';
  readonly scenario: SippScenario;
  /** Who ends the call. */
  readonly hangup: 'ours' | 'theirs';
  readonly lossy?: boolean;
}

const ACCOUNT: CommandAccount = { publicIdentity: 'sip:alice@127.0.0.1', register: false };

/** A call, driven through the shell, which lives on until SIPp is content. */
async function talk(lab: Lab, way: Way): Promise<string> {
  const { scenario, transport } = way;
  const folder = lab.fresh(scenario);
  const heard = join(folder, 'heard.wav');
  const [localPort, port] = [await freePort(), await freePort()];
  const tap = await RtpTap.open();
  const command = new ImsCommand(['shell', '--play', lab.sounds.speechFile, '--repeat', '--record', heard], {
    ...ACCOUNT,
    localPort,
  });
  const wecall = scenario.startsWith('uas');
  const relay =
    way.lossy === true ? await LossyRelay.open({ address: '127.0.0.1', port }, wecall ? null : localPort) : null;
  const visiblePort = relay?.port ?? port;
  try {
    await command.waitFor('ready');
    const remote = wecall ? '127.0.0.1' : `127.0.0.1:${relay?.peerSidePort ?? localPort}`;
    const sipp = await Sipp.start({ scenario, folder, remote, port, visiblePort, tapPort: tap.port, transport });
    if (wecall) command.line(`call sip:sipp@127.0.0.1:${visiblePort};transport=${transport}`);
    else {
      await command.waitFor('call', 'ringing-in');
      command.line('answer');
    }
    await command.waitFor('call', 'active');
    if (way.hangup === 'ours') {
      await new Promise((resolve) => setTimeout(resolve, 5500));
      command.line('hangup');
    }
    await command.waitFor('call', 'ended');
    await sipp.finished();
    command.line('quit');
    await command.ended();
    return `we heard ${judgeTone(readWav(heard))}; SIPp: ${judgeSpeech(lab.sounds.speech, tap.heard())}${lossNote(relay)}`;
  } finally {
    await command.stop();
    relay?.close();
    tap.close();
  }
}

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
  await command.listening(localPort);
  const sipp = await Sipp.start({
    scenario: 'uac-cancels',
    folder: lab.fresh('cancel'),
    remote: `127.0.0.1:${localPort}`,
    tapPort: 9,
  });
  await Promise.all([command.ended(), sipp.finished()]);
}

function lossNote(relay: LossyRelay | null): string {
  if (!relay) return '';
  assert.ok(relay.lost.length >= 6, `only ${relay.lost.length} messages were lost`);
  const names = relay.lost.map((line) => line.replace(/SIP\/2\.0 |sip:\S+ SIP\/2\.0/, '').trim());
  return `; lost once: ${names.join(', ')}`;
}
