/**
 * A user agent for one network namespace, driven line by line: JSON commands on standard input, JSON events on standard
 * output. Runs in the guest kernel of `esp-core.sh`, bundled (see main.ts).
 */
import { createInterface } from 'node:readline';
import WebSocket from 'ws';
import { startCompanion, type Companion } from '../../../companion/server/companion.js';
import { NodeNetwork } from '../../../companion/native/node-network.js';
import { UserAgent } from '../../../src/ims/agent/index.js';
import { CELLULAR_TIMERS } from '../../../src/ims/sip/timers.js';
import { RtpMediaFactory } from '../../../src/media/rtp-media-factory.js';
import { CompanionNetwork } from '../../../src/net/companion-network.js';
import type { Network } from '../../../src/net/network.js';
import { SystemClock } from '../../../src/platform/system-clock.js';
import { SystemRandom } from '../../../src/platform/system-random.js';
import { SoundDesk } from '../../../tools/cli/sound-desk.js';
import { WasmFromDisk } from '../../../tools/wasm-from-disk.js';
import { BareEnd } from './bare-end.js';
import { readLine, type AgentCommand, type AgentEvent } from './agent-protocol.js';

type Start = Extract<AgentCommand, { do: 'start' }>;

const ORIGIN = 'http://esp.test';
const clock = new SystemClock();
const random = new SystemRandom();
let agent: UserAgent | null = null;
let network: Network | null = null;
let companion: Companion | null = null;
let bare: BareEnd | null = null;

function tell(event: AgentEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

async function openNetwork(through: 'node' | 'companion', stateDirectory: string): Promise<Network> {
  if (through === 'node') return new NodeNetwork();
  const vici = process.env['ESP_VICI'];
  companion = await startCompanion({ port: 0, stateDirectory, trustedOrigins: [ORIGIN], ...(vici ? { vici } : {}) });
  const page = new CompanionNetwork({
    url: companion.url,
    trafficClass: 'signalling',
    clock,
    webSocket: (url, protocols) => new WebSocket(url, [...protocols], { origin: ORIGIN }),
    fetch: (url, init) => fetch(url, init),
  });
  await page.open();
  return page;
}

async function start({ account, through, wasm, state, sound }: Start): Promise<void> {
  network = await openNetwork(through, state);
  const modules = new WasmFromDisk(wasm);
  const desk = new SoundDesk(clock, modules);
  desk.play(sound, true);
  desk.start();
  const media = new RtpMediaFactory({ network: new NodeNetwork(), clock, random, audio: desk.audio, modules });
  agent = new UserAgent({ account, clock, random, network, media, timers: CELLULAR_TIMERS });
  agent.events.on('snapshot', ({ registration, calls }) => tell({ event: 'snapshot', registration, calls }));
  agent.events.on('message', ({ from, text }) => tell({ event: 'message', from: from.uri, text }));
  agent.events.on('trace', ({ time, direction, transport, local, remote, text, note }) =>
    tell({ event: 'trace', time, direction, transport, local, remote, text, ...(note === undefined ? {} : { note }) }),
  );
  await agent.start();
}

async function perform(command: AgentCommand): Promise<void> {
  switch (command.do) {
    case 'start':
      return start(command);
    case 'protect':
      bare = await BareEnd.open(command.set, command.listens);
      return;
    case 'probe':
      return bare?.probe();
    case 'unprotect':
      await bare?.close();
      bare = null;
      return;
    case 'register':
      return agent?.register();
    case 'unregister':
      return agent?.unregister();
    case 'call':
      return void agent?.call(command.target);
    case 'message': {
      const outcome = await agent?.sendMessage(command.target, command.text);
      if (outcome?.state !== 'delivered') throw new Error(JSON.stringify(outcome));
      return;
    }
    case 'answer':
      return agent?.answer(command.id);
    case 'hangup':
      return agent?.hangup(command.id);
    case 'stop':
      await agent?.stop();
      network?.close();
      if (network instanceof NodeNetwork) await network.ipsec.close();
      await companion?.close();
      agent = network = companion = null;
      return;
    case 'quit':
      return process.exit(0);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, command } = readLine(line);
  perform(command).then(
    () => tell({ event: 'done', id, error: null }),
    (error: unknown) => tell({ event: 'done', id, error: error instanceof Error ? error.message : String(error) }),
  );
}
