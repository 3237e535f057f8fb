import type { CallSnapshot } from '../../src/ims/snapshot.js';
import type { CommandOptions } from './options.js';
import type { TerminalAgent } from './terminal-agent.js';

const SECOND = 1000;
/** Keys are sent so long after the answer, when the other side has opened its ears. */
const DTMF_DELAY = 0.5;

const ended = (call: CallSnapshot | undefined): boolean => call === undefined || call.state === 'ended';

/**
 * The life of a call from its answer to its end, as the options want it.
 * @returns the call as it ended
 */
export async function talk(terminal: TerminalAgent, id: string, options: CommandOptions): Promise<CallSnapshot | null> {
  let last: CallSnapshot | null = null;
  const look = (): CallSnapshot | undefined => {
    const call = terminal.call(id);
    if (call) last = call;
    return call;
  };
  const hangup = (): void => void terminal.agent.hangup(id).catch(() => undefined);
  const active = await terminal.waitFor(() => {
    const call = look();
    return call?.state === 'active' || ended(call) ? { active: call?.state === 'active' } : null;
  });
  if (active?.active === true) {
    terminal.desk.start();
    const timers: NodeJS.Timeout[] = [];
    const { duration, dtmf, play } = options;
    if (duration !== null) timers.push(setTimeout(hangup, duration * SECOND));
    // Who only plays a file has nothing to say after it.
    else if (options.command === 'call' && play !== null) terminal.desk.onPlayed = hangup;
    if (dtmf !== null)
      timers.push(setTimeout(() => void terminal.agent.sendDtmf(id, dtmf).catch(() => undefined), DTMF_DELAY * SECOND));
    await terminal.waitFor(() => (ended(look()) ? true : null));
    for (const timer of timers) clearTimeout(timer);
    terminal.desk.onPlayed = null;
  }
  return last;
}
