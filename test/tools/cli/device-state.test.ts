import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SystemRandom } from '../../../src/platform/system-random.js';
import { DeviceState } from '../../../tools/cli/device-state.js';

describe('DeviceState', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ims-device-'));
  const before_ = process.env['XDG_STATE_HOME'];
  before(() => void (process.env['XDG_STATE_HOME'] = folder));
  after(() => {
    if (before_ === undefined) delete process.env['XDG_STATE_HOME'];
    else process.env['XDG_STATE_HOME'] = before_;
    rmSync(folder, { recursive: true });
  });
  const open = (): DeviceState => {
    const state = DeviceState.open();
    assert.ok(state);
    return state;
  };
  const lock = join(folder, 'ims-companion', 'instance-0.lock');

  it('gives who comes next the same name, and who comes at the same time another one', async () => {
    const random = new SystemRandom();
    const first = await open().instance(random);
    // We live, and hold the first name.
    const second = await open().instance(random);
    assert.notEqual(second, first);
    // A process that died without a word.
    writeFileSync(lock, '4194304999');
    assert.equal(await open().instance(random), first);
  });

  it('keeps what it is told, and bears a file that somebody broke', async () => {
    await open().set('sqn', '1');
    assert.equal(await open().get('sqn'), '1');
    writeFileSync(join(folder, 'ims-companion', 'device.json'), '{');
    assert.equal(await open().get('sqn'), null);
    await open().set('sqn', '2');
    assert.equal(await open().get('sqn'), '2');
  });
});
