import assert from 'node:assert/strict';
import { judgeSpeech, judgeTone } from '../judge-sound.js';
import { pause, type Lab } from '../lab.js';
import type { OurSide } from '../our-side.js';
import { freePort } from '../peers/free-port.js';
import { LossyRelay } from '../peers/lossy-relay.js';
import { RtpTap } from '../peers/rtp-tap.js';
import { TlsFront } from '../peers/tls-front.js';
import { Sipp, type SippScenario } from '../peers/sipp.js';

/** One call between us and SIPp, face to face. */
export interface SippCall {
  /** By TLS only we can call: a telephone has no certificate to be called by. */
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly scenario: SippScenario;
  /** Who ends the call. */
  readonly hangup: 'ours' | 'theirs';
  /** Every message is lost once. */
  readonly lossy?: boolean;
  /** Correlation that SIPp's tap must reach. */
  readonly speechLimit?: number;
}

export type SippPlan = readonly (readonly [name: string, scenario: SippScenario, hangup: SippCall['hangup']])[];

/** SIPp says a tone and hears with a tap; we say speech and record. */
export async function callWithSipp(lab: Lab, side: OurSide, call: SippCall): Promise<string> {
  const { scenario, transport } = call;
  const port = await freePort();
  const tap = await RtpTap.open();
  const weCall = scenario.startsWith('uas');
  const relay =
    call.lossy === true ? await LossyRelay.open({ address: '127.0.0.1', port }, weCall ? null : side.localPort) : null;
  const front = transport === 'tls' ? await TlsFront.open(port, lab.certificates) : null;
  const visiblePort = front?.port ?? relay?.port ?? port;
  try {
    const remote = weCall ? '127.0.0.1' : `127.0.0.1:${relay?.peerSidePort ?? side.localPort}`;
    const sipp = await Sipp.start({
      scenario,
      folder: lab.fresh(scenario),
      remote,
      port,
      visiblePort,
      tapPort: tap.port,
      transport: transport === 'udp' ? 'udp' : 'tcp',
      visibleTransport: transport,
    });
    await (weCall ? side.dial(`sip:sipp@127.0.0.1:${visiblePort};transport=${transport}`) : side.answer());
    await side.active();
    if (call.hangup === 'ours') {
      await pause(5500);
      await side.hangup();
    }
    await side.ended();
    await sipp.finished();
    return `we heard ${judgeTone(await side.heard())}; SIPp: ${judgeSpeech(lab.sounds.speech, tap.heard(), call.speechLimit)}${lossNote(relay)}`;
  } finally {
    front?.close();
    relay?.close();
    tap.close();
  }
}

function lossNote(relay: LossyRelay | null): string {
  if (!relay) return '';
  assert.ok(relay.lost.length >= 6, `only ${relay.lost.length} messages were lost`);
  const names = relay.lost.map((line) => line.replace(/SIP\/2\.0 |sip:\S+ SIP\/2\.0/, '').trim());
  return `; lost once: ${names.join(', ')}`;
}
