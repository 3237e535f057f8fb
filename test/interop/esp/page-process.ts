/**
 * A page of ours in Chromium with its companion, in the network namespace that this process is in. Lines of JSON: see
 * {@link PageOrder} on standard input, {@link PageAnswer} on standard output. Runs in the folder that has `dist/`.
 */
import { mkdtempSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Account } from '../../../src/ims/account.js';
import type { PhoneOnPage } from '../../e2e/phone.js';
import { sine } from '../../sound/synthetic.js';
import { writeWav } from '../../sound/wav-file.js';
import { PageStage } from '../peers/page-stage.js';

export type PageOrder =
  | { readonly do: 'open'; readonly account: Account }
  | { readonly do: 'call'; readonly target: string }
  | { readonly do: 'hear' | 'hangup' | 'unregister' };
export interface PageAnswer {
  /** What a page that was opened took to be registered, ms; else 0. */
  readonly took: number;
  readonly error: string | null;
}

/** ms: everything is slow under a user-mode kernel. */
const PATIENCE = 90_000;

const folder = mkdtempSync('/tmp/esp-page-');
writeWav(`${folder}/tone.wav`, sine(440, 1));
const stage = await PageStage.start(folder, `${folder}/tone.wav`);
let phone: PhoneOnPage | null = null;

async function perform(order: PageOrder): Promise<number> {
  if (order.do === 'open') {
    phone = await stage.show(order.account);
    await phone.registered(PATIENCE);
    return phone.registrationTime();
  }
  if (!phone) throw new Error('no page is open');
  if (order.do === 'call') {
    await phone.dial(order.target);
    await phone.call('active', PATIENCE);
  } else if (order.do === 'hear') await phone.hearing(PATIENCE);
  else if (order.do === 'hangup') {
    await phone.button('Hang up').click();
    await phone.idle(PATIENCE);
  } else {
    await phone.unregister();
    await phone.until(({ registration }) => registration.state === 'unregistered', 'the end', PATIENCE);
  }
  return 0;
}

function tell(answer: PageAnswer): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

tell({ took: 0, error: null });
for await (const line of createInterface({ input: process.stdin })) {
  try {
    tell({ took: await perform(JSON.parse(line) as PageOrder), error: null });
  } catch (error) {
    tell({ took: 0, error: error instanceof Error ? error.message : String(error) });
  }
}
await stage.close();
process.exit(0);
