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
  for (const transport of ['udp', 'tcp'] as const) {
    const check = (name: string, way: Omit<Way, 'transport'>): Promise<void> =>
      suite.check(`${name} over ${transport}`, () => talk(lab, { transport, ...way }));
    await check('ims calls SIPp and hangs up', { scenario: 'uas-is-hung-up', hangup: 'ours' });
    await check('ims calls SIPp, which hangs up', { scenario: 'uas-hangs-up', hangup: 'theirs' });
    await check('SIPp calls ims and hangs up', { scenario: 'uac-hangs-up', hangup: 'theirs' });
  }
  await suite.check('SIPp calls ims, which hangs up, over udp', () =>
    talk(lab, { transport: 'udp', scenario: 'uac-is-hung-up', hangup: 'ours' }),
  );
  await suite.check('ims calls SIPp, which is busy', () => isBusy(lab));
  await suite.check('SIPp calls ims and gives up', () => isCancelled(lab));
  for (const [scenario, hangup] of LOSSY) {
    const [name, end] = [
      scenario.startsWith('uas') ? 'ims calls SIPp' : 'SIPp calls ims',
      hangup === 'ours' ? 'ims' : 'SIPp',
    ];
    await suite.check(`every message is lost once over udp: ${name}, ${end} hangs up`, () =>
      talk(lab, { transport: 'udp', scenario, hangup, lossy: true }),
    );
  }
}

const LOSSY: readonly (readonly [SippScenario, Way['hangup']])[] = [
  ['uas-is-hung-up', 'ours'],
  ['uas-hangs-up', 'theirs'],
  ['uac-is-hung-up', 'ours'],
  ['uac-hangs-up', 'theirs'],
];

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
