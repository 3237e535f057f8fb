import assert from 'node:assert/strict';
import type { Lab } from '../lab.js';
import { ImsCommand } from '../peers/ims-command.js';
import { ProvingRegistrar } from '../peers/proving-registrar.js';
import type { Suite } from '../suite.js';

/** What a registrar says about itself and the way to it, beside the plain registration. */
export async function withRegistrar(suite: Suite, lab: Lab): Promise<void> {
  await suite.check('a registrar proves by rspauth that it knows the password', () => proves(lab));
}

async function proves(lab: Lab): Promise<string> {
  const registrar = await ProvingRegistrar.start(lab.fresh('proving'));
  try {
    const { proxy, password } = registrar;
    const command = new ImsCommand(['shell', '--verbose'], { publicIdentity: 'sip:alice@ims.test', proxy, password });
    await command.waitFor('registration', 'registered');
    command.line('register');
    await command.waitFor('registration', 'refreshing');
    await command.waitForLast('registration', 'registered');
    command.line('quit');
    await command.ended();
    assert.doesNotMatch(command.output, /does not know our secret/);
    const proofs = command.output.match(/^Authentication-Info:.*rspauth="\*\*\*"/gm) ?? [];
    assert.ok(proofs.length >= 3, 'to register, refresh and leave');
    return `${proofs.length} proofs`;
  } finally {
    await registrar.stop();
  }
}
