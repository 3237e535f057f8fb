import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { CommandError, EXIT } from '../../../tools/cli/exit-code.js';
import { readOptions } from '../../../tools/cli/options.js';

describe('readOptions', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ims-options-'));
  after(() => rmSync(folder, { recursive: true }));

  const account = (...argv: string[]): ReturnType<typeof readOptions>['account'] =>
    readOptions(['register', ...argv], { IMS_PASSWORD: 'from-env' }).account;

  it('takes an identity in every form people write', () => {
    assert.equal(account('--identity', 'sip:alice@ims.test')?.publicIdentity, 'sip:alice@ims.test');
    assert.equal(account('--identity', 'alice@ims.test')?.publicIdentity, 'sip:alice@ims.test');
    assert.equal(account('--user', 'alice', '--domain', 'ims.test')?.publicIdentity, 'sip:alice@ims.test');
    assert.equal(account(), null);
  });

  it('makes a security policy, and says what there is', () => {
    const policy = (...argv: string[]): unknown => account('--identity', 'a@b.test', ...argv)?.security;
    assert.equal(policy(), undefined);
    assert.deepEqual(policy('--security', 'ipsec-3gpp,TLS', '--ipsec-ealg', 'null,aes-cbc', '--security-optional'), {
      mechanisms: ['ipsec-3gpp', 'tls'],
      encryption: ['null', 'aes-cbc'],
      optional: true,
    });
    assert.throws(() => policy('--security', 'ipsec'), /ipsec-3gpp, tls, digest/);
    assert.throws(() => policy('--ipsec-alg', 'hmac-md5-96'), CommandError);
  });

  it('reads the credentials of ipsec-ike from a file, and tells none when it is wrong', () => {
    const policy = (value: unknown): unknown => {
      writeFileSync(join(folder, 'ike.json'), typeof value === 'string' ? value : JSON.stringify(value));
      return account('--identity', 'a@b.test', '--security', 'ipsec-ike', '--ipsec-ike', join(folder, 'ike.json'))
        ?.security;
    };
    const ike = { secret: 'between us', localId: 'a@b.test', localPort: 15060 };
    assert.deepEqual(policy(ike), { mechanisms: ['ipsec-ike'], ike });
    for (const bad of [
      {},
      { secret: 7 },
      { ...ike, localPort: 0 },
      { ...ike, certificate: 'c', privateKey: 'k' },
      { certificate: 'c' },
      '{"secret":"between us"',
    ])
      assert.throws(
        () => policy(bad),
        (error) => error instanceof CommandError && !error.message.includes('between'),
      );
    assert.equal(readOptions(['register', '--vici', '/run/vici'], {}).vici, '/run/vici');
  });

  it('takes pins and a certificate with its key', () => {
    const pin = `sha256/${'A'.repeat(43)}=`;
    const [cert, key] = ['cert', 'key'].map((name) => {
      const file = join(folder, `${name}.pem`);
      writeFileSync(file, `the ${name}`);
      return file;
    });
    const tls = (...argv: string[]): unknown => account('--identity', 'a@b.test', ...argv)?.tls;
    assert.equal(tls(), undefined);
    assert.deepEqual(tls('--pin', pin, '--pin', 'ab:'.repeat(31) + 'ab', '--cert', cert ?? '', '--key', key ?? ''), {
      pins: [pin, 'ab:'.repeat(31) + 'ab'],
      certificate: 'the cert',
      privateKey: 'the key',
    });
    assert.throws(() => tls('--pin', 'abcd'), /SHA-256/);
    assert.throws(() => tls('--cert', cert ?? ''), /go together/);
  });

  it('takes what registration and privacy need', () => {
    const given = account(
      '--identity', 'a@b.test', '--instance-id', 'urn:uuid:1', '--no-outbound', '--no-reg-event',
      '--access-network-info', 'IEEE-802.11', '--privacy', 'id,header', '--dtx',
    ); // prettier-ignore
    assert.deepEqual(
      [given?.instanceId, given?.outbound, given?.regEvent, given?.accessNetworkInfo, given?.privacy, given?.dtx],
      ['urn:uuid:1', false, false, 'IEEE-802.11', ['id', 'header'], true],
    );
    assert.throws(() => account('--identity', 'a@b.test', '--privacy', 'secret'), /header, session, user, id/);
    const { call } = readOptions(['call', 'sip:b@c', '--from', 'tel:+491', '--anonymous'], {});
    assert.deepEqual(call, { identity: 'tel:+491', anonymous: true });
  });

  it('takes codecs in order, and says which there are', () => {
    const names = (...argv: string[]): string[] | undefined =>
      readOptions(['call', ...argv], {}).codecs?.map((c) => `${c.name}/${c.clockRate}`);
    assert.equal(names(), undefined);
    assert.deepEqual(names('--codec', 'amr-wb', '--codec', 'Speex/16000', '--codec', 'speex'), [
      'AMR-WB/16000',
      'speex/16000',
      'speex/8000',
    ]);
    assert.throws(() => names('--codec', 'G729'), /PCMA\/8000, .*AMR-WB\/16000/);
    assert.throws(() => names('--codec', 'PCMA/16000'), CommandError);
  });

  it('takes the password from the option, else the file, else the environment', () => {
    const file = join(folder, 'password');
    writeFileSync(file, 'from-file\n');
    const who = ['--identity', 'a@b.test'];
    assert.equal(account(...who)?.password, 'from-env');
    assert.equal(account(...who, '--password-file', file)?.password, 'from-file');
    assert.equal(account(...who, '--password-file', file, '--password', 'x')?.password, 'x');
  });

  it('takes the keys for AKA from the option, else the file, else the environment', () => {
    const file = join(folder, 'opc');
    writeFileSync(file, 'cc\n');
    const env = { IMS_AKA_K: 'aa', IMS_AKA_OP: 'bb' };
    const aka = (...argv: string[]): unknown =>
      readOptions(['register', '--identity', 'a@b.test', ...argv], env).account?.aka;
    assert.deepEqual(aka(), { k: 'aa', op: 'bb' });
    assert.deepEqual(aka('--aka-opc-file', file, '--aka-sqn', '00'), { k: 'aa', op: 'bb', opc: 'cc', sqn: '00' });
    assert.deepEqual(aka('--aka-k', 'dd', '--aka-op', 'ee'), { k: 'dd', op: 'ee' });
    assert.equal(account('--identity', 'a@b.test')?.aka, undefined);
  });

  it('hands over how the network is reached', () => {
    const file = join(folder, 'ca.pem');
    writeFileSync(file, 'PEM');
    const read = account(
      '--identity',
      'a@b.test',
      '--proxy',
      '10.0.0.1',
      '--transport',
      'tls',
      '--ca',
      file,
      '--local-port',
      '5070',
      '--expires',
      '60',
      '--no-register',
    );
    assert.deepEqual(read, {
      publicIdentity: 'sip:a@b.test',
      password: 'from-env',
      proxy: '10.0.0.1',
      transport: 'tls',
      authorities: ['PEM'],
      expires: 60,
      localPort: 5070,
      register: false,
    });
  });

  for (const argv of [
    ['--user', 'alice'],
    ['--identity', 'a@b.test', '--transport', 'sctp'],
    ['--identity', 'a@b.test', '--local-port', '70000'],
    ['--duration', 'long'],
    ['--dtmf', '12x'],
    ['--password-file', '/nowhere/at/all', '--identity', 'a@b.test'],
    ['--no-such-option'],
  ]) {
    it(`refuses ${argv.join(' ')} with a sentence`, () => {
      assert.throws(
        () => readOptions(['call', ...argv], {}),
        (error) => error instanceof CommandError && error.exitCode === EXIT.usage && error.message.includes('--help'),
      );
    });
  }
});
