import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setkeyScript, xfrmScript } from '../../../../companion/native/ipsec/association-script.js';
import { sampleSet } from './sample-set.js';

const ONE = sampleSet({ ports: [{ localPort: 15060, remotePort: 15061, spiIn: 4096, spiOut: 4097 }] });

describe('setkeyScript', () => {
  it('writes associations and policies of both directions', () => {
    assert.equal(
      setkeyScript(ONE, 'add'),
      `#!/usr/sbin/setkey -f
add 192.0.2.7 192.0.2.1 esp 0x1001 -m transport -r 32 -E rijndael-cbc 0xf0f1f2f3f4f5f6f7f8f9fafbfcfdfeff -A hmac-sha1 0x000102030405060708090a0b0c0d0e0f00000000;
spdadd 192.0.2.7/32[15060] 192.0.2.1/32[15061] any -P out ipsec esp/transport//require;
add 192.0.2.1 192.0.2.7 esp 0x1000 -m transport -r 32 -E rijndael-cbc 0xf0f1f2f3f4f5f6f7f8f9fafbfcfdfeff -A hmac-sha1 0x000102030405060708090a0b0c0d0e0f00000000;
spdadd 192.0.2.1/32[15061] 192.0.2.7/32[15060] any -P in ipsec esp/transport//require;
`,
    );
  });

  it('gives null encryption no key, as setkey wants it', () => {
    const open = { ...ONE, encryption: 'null', encryptionKey: new Uint8Array(0) } as const;
    assert.match(setkeyScript(open, 'add'), / -r 32 -E null -A hmac-sha1 0x/);
  });

  it('writes tunnels and AH, and what takes them away, without keys', () => {
    const tunnel = {
      ...ONE,
      mode: 'tun',
      protocol: 'ah',
      encryption: 'null',
      encryptionKey: new Uint8Array(0),
    } as const;
    assert.match(setkeyScript(tunnel, 'add'), /ah\/tunnel\/192\.0\.2\.7-192\.0\.2\.1\/require;/);
    assert.doesNotMatch(setkeyScript(tunnel, 'add'), / -E /);
    assert.equal(
      setkeyScript(ONE, 'remove'),
      `#!/usr/sbin/setkey -f
spddelete 192.0.2.7/32[15060] 192.0.2.1/32[15061] any -P out;
delete 192.0.2.7 192.0.2.1 esp 0x1001;
spddelete 192.0.2.1/32[15061] 192.0.2.7/32[15060] any -P in;
delete 192.0.2.1 192.0.2.7 esp 0x1000;
`,
    );
  });
});

describe('xfrmScript', () => {
  it('keeps keys out of the arguments of processes', () => {
    const [shebang, command, ...lines] = xfrmScript(ONE, 'add').split('\n');
    assert.deepEqual([shebang, command], ['#!/bin/sh', "exec ip -batch - <<'END'"]);
    assert.equal(lines.filter((line) => line.startsWith('xfrm state add')).length, 2);
    assert.equal(lines.filter((line) => line.startsWith('xfrm policy add')).length, 2);
    assert.doesNotMatch(xfrmScript(ONE, 'remove'), /auth-trunc|0xf0f1/);
  });
});
