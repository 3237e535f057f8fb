import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readWav } from '../../sound/wav-file.js';
import { judgeSpeech, judgeTone } from '../judge-sound.js';
import type { Lab } from '../lab.js';
import { freePort } from '../peers/free-port.js';
import { ImsCommand, type CommandAccount } from '../peers/ims-command.js';
import { LossyRelay } from '../peers/lossy-relay.js';
import { Sipp, type SippScenario } from '../peers/sipp.js';
import type { Suite } from '../suite.js';

/** `ims` and SIPp face to face, without a proxy. SIPp calls with a tone, or echoes what we say. */
export async function commandWithSipp(suite: Suite, lab: Lab): Promise<void> {
  for (const transport of ['udp', 'tcp'] as const) {
    await suite.check(`ims calls SIPp over ${transport} and hangs up`, () => calls(lab, 'uas-is-hung-up', { transport, ours: ['--duration', '5'] }));
  }
  await suite.check('ims calls SIPp, which hangs up', () => calls(lab, 'uas-hangs-up', { transport: 'udp', ours: [] }));
  await suite.check('ims calls SIPp, which is busy', () => isBusy(lab));
  for (const transport of ['udp', 'tcp'] as const) {
    await suite.check(`SIPp calls ims over ${transport} and hangs up`, () => isCalled(lab, 'uac-hangs-up', { transport, ours: [] }));
  }
  await suite.check('SIPp calls ims, which hangs up', () => isCalled(lab, 'uac-is-hung-up', { transport: 'udp', ours: ['--duration', '3'] }));
  await suite.check('SIPp calls ims and gives up', () => isCalled(lab, 'uac-cancels', { transport: 'udp', ours: ['--delay', '30'] }));
  for (const scenario of ['uas-is-hung-up', 'uas-hangs-up'] as const) {
    const ours = scenario === 'uas-is-hung-up' ? ['--duration', '5'] : [];
    await suite.check(`every message is lost once, ims calls, ${scenario}`, () => calls(lab, scenario, { transport: 'udp', ours, lossy: true }));
  }
  for (const scenario of ['uac-hangs-up', 'uac-is-hung-up'] as const) {
    const ours = scenario === 'uac-is-hung-up' ? ['--duration', '3'] : [];
    await suite.check(`every message is lost once, SIPp calls, ${scenario}`, () => isCalled(lab, scenario, { transport: 'udp', ours, lossy: true }));
  }
}

interface Way {
  readonly transport: 'udp' | 'tcp';
  /** Options of our command. */
  readonly ours: readonly string[];
  readonly lossy?: boolean;
}

const ACCOUNT: CommandAccount = { publicIdentity: 'sip:alice@127.0.0.1', register: false };

async function calls(lab: Lab, scenario: SippScenario, way: Way): Promise<string> {
  const folder = lab.fresh(scenario);
  const port = await freePort();
  const relay = way.lossy === true ? await LossyRelay.open({ address: '127.0.0.1', port }) : null;
  const visible = relay?.port ?? port;
  try {
    const sipp = await Sipp.start({ scenario, folder, remote: '127.0.0.1', port, visiblePort: visible, transport: way.transport, talk: 5000 });
    const heard = join(folder, 'heard.wav');
    const { speechFile } = lab.sounds;
    const target = `sip:sipp@127.0.0.1:${visible};transport=${way.transport}`;
    const command = new ImsCommand(['call', target, '--play', speechFile, '--repeat', '--record', heard, ...way.ours], ACCOUNT);
    await Promise.all([command.ended(), sipp.finished()]);
    return `${judgeSpeech(lab.sounds.speech, readWav(heard))}, by SIPp's echo${lossNote(relay)}`;
  } finally {
    relay?.close();
  }
}

async function isBusy(lab: Lab): Promise<undefined> {
  const port = await freePort();
  const sipp = await Sipp.start({ scenario: 'uas-busy', folder: lab.fresh('busy'), remote: '127.0.0.1', port });
  const command = new ImsCommand(['call', `sip:sipp@127.0.0.1:${port}`], ACCOUNT);
  await Promise.all([command.ended(5), sipp.finished()]);
  assert.match(command.output, /"reason":"busy"/);
}

async function isCalled(lab: Lab, scenario: SippScenario, way: Way): Promise<string | undefined> {
  const folder = lab.fresh(scenario);
  const localPort = await freePort();
  const port = await freePort();
  const heard = join(folder, 'heard.wav');
  const command = new ImsCommand(['answer', '--record', heard, ...way.ours], { ...ACCOUNT, localPort });
  await command.listening(localPort);
  const relay = way.lossy === true ? await LossyRelay.open({ address: '127.0.0.1', port }, localPort) : null;
  try {
    const remote = `127.0.0.1:${relay?.peerSidePort ?? localPort}`;
    const sipp = await Sipp.start({ scenario, folder, remote, port, visiblePort: relay?.port ?? port, transport: way.transport });
    await Promise.all([command.ended(), sipp.finished()]);
    return scenario === 'uac-cancels' ? undefined : `${judgeTone(readWav(heard))}${lossNote(relay)}`;
  } finally {
    relay?.close();
  }
}

function lossNote(relay: LossyRelay | null): string {
  if (!relay) return '';
  assert.ok(relay.lost.length >= 6, `only ${relay.lost.length} messages were lost`);
  return `; ${relay.lost.length} different messages lost once: ${relay.lost.map((line) => line.replace(/ sip:\S+ SIP\/2.0| ?SIP\/2.0 /, '')).join(', ')}`;
}
