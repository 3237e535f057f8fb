import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startDemo, type Demo } from '../../../tools/demo/start-demo.js';
import { sine } from '../../sound/synthetic.js';
import { measureTone } from '../../sound/tone.js';
import { freePort as freeUdpPort } from '../../interop/peers/free-port.js';
import { listening } from '../../interop/peers/listening.js';
import { readWav, writeWav } from '../../sound/wav-file.js';

/** The command as a program, against the demo's core and robots. */
describe('ims', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'ims-cli-'));
  let demo: Demo;

  before(async () => {
    demo = await startDemo({ directory: folder, wasm: 'build/wasm', port: 0, stateDirectory: folder });
  });
  after(async () => {
    await demo.close();
    rmSync(folder, { recursive: true });
  });

  const start = (args: readonly string[], user = 'carol', password = `${user}-secret`): ChildProcess => {
    const identity = ['--identity', `${user}@ims.test`, '--proxy', demo.core.proxyUri('udp'), '--json'];
    const env = { ...process.env, IMS_PASSWORD: password, XDG_STATE_HOME: folder };
    return spawn(process.execPath, ['--import', 'tsx', 'tools/ims.ts', ...args, ...identity], {
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  };
  const finish = (child: ChildProcess): Promise<{ code: number | null; output: string }> =>
    new Promise((resolve) => {
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (data: Buffer) => (output += data.toString()));
      child.on('close', (code) => resolve({ code, output }));
    });
  const ims = (...args: readonly string[]): Promise<{ code: number | null; output: string }> => finish(start(args));

  it('registers and takes its leave', async () => {
    const { code, output } = await ims('register');
    assert.equal(code, 0, output);
    assert.match(output, /"state":"registered".*"server":"127\.0\.0\.1:\d+"/);
    assert.equal(demo.core.location.of('carol').length, 0);
  });

  it('ends with 4 when the password is wrong, 3 when nobody is there, 2 when misused', async () => {
    assert.equal((await finish(start(['register'], 'carol', 'wrong'))).code, 4);
    const nobody = await finish(
      spawn(
        process.execPath,
        [
          '--import',
          'tsx',
          'tools/ims.ts',
          'register',
          '--identity',
          'a@b.invalid',
          '--proxy',
          'sip:127.0.0.1:9;transport=tcp',
        ],
        { stdio: ['ignore', 'pipe', 'pipe'] },
      ),
    );
    assert.equal(nobody.code, 3, nobody.output);
    assert.equal((await ims('dance')).code, 2);
  });

  /** `ims` that needs no core. */
  const bare = (...args: readonly string[]): ChildProcess =>
    spawn(process.execPath, ['--import', 'tsx', 'tools/ims.ts', ...args, '--json'], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });

  it('ends with a sentence before any call when there is no socket, no account, or no place for the recording', async () => {
    const cases: [code: number, pattern: RegExp, args: string[]][] = [
      [3, /No socket: .*address-unavailable/, ['--identity', 'a@x.test', '--local-address', '10.255.255.254']],
      [2, /No account: address-invalid/, ['--identity', 'sip:a@[::1']],
      [2, /cannot write/, ['--identity', 'a@x.test', '--record', join(folder, 'no', 'such', 'folder.wav')]],
    ];
    for (const [code, pattern, args] of cases) {
      const end = await finish(bare('answer', '--no-register', '--timeout', '20', ...args));
      assert.equal(end.code, code, end.output);
      assert.match(end.output, pattern);
    }
  });

  const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));
  const withoutIpv6 = hasIpv6 ? false : 'no IPv6 on this machine';
  it('calls over IPv6 without a word about addresses, sound and all', { skip: withoutIpv6 }, async () => {
    const [play, record] = [join(folder, 'tone6.wav'), join(folder, 'heard6.wav')];
    writeWav(play, sine(440, 2));
    const port = String(await freeUdpPort());
    const callee = bare('answer', '--no-register', '--identity', 'b@x.test', '--local-port', port, '--record', record);
    const called = finish(callee);
    try {
      await listening(Number(port), 6);
      const caller = bare(
        'call',
        'bob',
        '--no-register',
        '--identity',
        'a@x.test',
        '--proxy',
        `[::1]:${port}`,
        '--play',
        play,
      );
      const { code, output } = await finish(caller);
      assert.equal(code, 0, output);
      assert.equal((await called).code, 0);
    } finally {
      callee.kill();
    }
    const { samples, sampleRate } = readWav(record);
    assert.ok(measureTone(samples.subarray(sampleRate / 2, sampleRate * 1.5), sampleRate, 440).toneToRestDb > 30);
  });

  it('calls, plays, records, and hangs up when the file is played', async () => {
    const [play, record] = [join(folder, 'tone.wav'), join(folder, 'heard.wav')];
    writeWav(play, sine(440, 3));
    const { code, output } = await ims('call', 'echo', '--play', play, '--record', record);
    assert.equal(code, 0, output);
    assert.ok(existsSync(record));
    const { samples, sampleRate } = readWav(record);
    const { toneToRestDb } = measureTone(samples.subarray(sampleRate, sampleRate * 2.5), sampleRate, 440);
    assert.ok(toneToRestDb > 30, `${toneToRestDb} dB`);
  });

  it('ends with 5 when the callee is busy and 6 when nobody answers in time', async () => {
    assert.equal((await ims('call', 'busy')).code, 5);
    assert.equal((await ims('call', 'noanswer', '--timeout', '1')).code, 6);
  });

  it('is driven line by line', async () => {
    const child = start(['shell']);
    const done = finish(child);
    let output = '';
    child.stdout?.on('data', (data: Buffer) => (output += data.toString()));
    /** Sends a line and waits for what it brings about. */
    const step = async (line: string, expected: RegExp): Promise<void> => {
      const from = output.length;
      if (line !== '') child.stdin?.write(`${line}\n`);
      for (let tries = 0; !expected.test(output.slice(line === '' ? 0 : from)); tries++) {
        if (tries > 200) assert.fail(`"${line}" did not bring ${expected}:\n${output}`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    };
    try {
      await step('', /"event":"ready"/);
      await step('hangup', /there is no such call/);
      await step('sing', /no command .*sing/);
      await step('constructor', /no command .*constructor/);
      await step('call echo', /"state":"active"/);
      await step('state', /"event":"state","registration":"registered".*echo/);
      await step('hold', /"localHold":true/);
      await step('resume', /"localHold":false/);
      await step('mute', /"muted":true/);
      await step('unmute', /"muted":false/);
      await step('dtmf 12', /^/);
      await step('hangup', /"state":"ended".*"endedBy":"local"/);
      await step('quit', /"state":"unregistered"/);
      assert.equal((await done).code, 0);
    } finally {
      child.kill();
    }
  });

  it('ends its calls, and says so, when standard input ends', async () => {
    const child = start(['shell']);
    const done = finish(child);
    child.stdin?.write('call echo\n');
    let output = '';
    child.stdout?.on('data', (data: Buffer) => {
      output += data.toString();
      if (output.includes('"state":"active"')) child.stdin?.end();
    });
    const end = await done;
    assert.equal(end.code, 0, end.output);
    assert.match(end.output, /"state":"ended"/);
    assert.match(end.output, /"state":"unregistered"/);
  });

  it('parses files, one JSON line each, and ends with 7 when one deserves a refusal', async () => {
    const [good, bad] = [join(folder, 'good.sip'), join(folder, 'bad.sip')];
    const head =
      'Via: SIP/2.0/UDP a.test;branch=z9hG4bK1\r\nFrom: <sip:a@a.test>;tag=1\r\nTo: <sip:b@b.test>\r\nCall-ID: x\r\n';
    writeFileSync(good, `OPTIONS sip:b@b.test SIP/2.0\r\n${head}CSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n\r\n`);
    writeFileSync(bad, `OPTIONS sip:b@b.test SIP/2.0\r\n${head}CSeq: 1 INVITE\r\nMax-Forwards: 70\r\n\r\n`);
    const parse = (...files: string[]): Promise<{ code: number | null; output: string }> =>
      finish(
        spawn(process.execPath, ['--import', 'tsx', 'tools/ims.ts', 'parse', ...files], {
          stdio: ['ignore', 'pipe', 'pipe'],
        }),
      );
    assert.equal((await parse(good)).code, 0);
    const piped = bare('parse', '-');
    piped.stdin?.end(`OPTIONS sip:b@b.test SIP/2.0\r\n${head}CSeq: 1 OPTIONS\r\n\r\n`);
    const fromPipe = await finish(piped);
    assert.match(fromPipe.output, /"file":"-".*"verdict":"accept"/);
    assert.equal(fromPipe.code, 0);
    const missing = await parse(join(folder, 'missing.sip'), good);
    assert.equal(missing.code, 2);
    assert.match(missing.output, /cannot read[^]*"verdict":"accept"/, 'the others are judged all the same');
    const both = await parse(good, bad);
    assert.equal(both.code, 7);
    const reports = both.output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { verdict: string; response: number | null });
    assert.deepEqual(
      reports.map(({ verdict, response }) => [verdict, response]),
      [
        ['accept', null],
        ['reject', 400],
      ],
    );
  });

  it('sends a text or a file, tells what came of it, and ends with 8 when nobody took it', async () => {
    const sent = await ims('message', 'echo', 'Grüße', '👋');
    assert.equal(sent.code, 0, sent.output);
    assert.match(sent.output, /"event":"message-sent".*"to":"echo","state":"delivered","failure":null/);
    const file = join(folder, 'long.txt');
    writeFileSync(file, 'x'.repeat(5000));
    assert.equal((await ims('message', 'echo', '--file', file, '--valid', '60')).code, 0);
    const refused = await ims('message', 'echo', '<b>x</b>', '--type', 'text/html');
    assert.equal(refused.code, 8);
    assert.match(refused.output, /"reason":"message-type","status":415[^]*Send text\/plain\./);
    assert.equal((await ims('message', 'nobody', 'x')).code, 8);
    assert.equal((await ims('message', 'echo')).code, 2);
  });

  it('writes from the shell, and tells of what comes', async () => {
    const shell = start(['shell']);
    const end = finish(shell);
    let told = '';
    shell.stdout?.on('data', (data: Buffer) => {
      told += data.toString();
      if (told.includes('"event":"ready"') && !told.includes('"message-sent"'))
        shell.stdin?.write('message echo two  words\n');
      if (told.includes('"event":"message",')) shell.stdin?.end('quit\n');
    });
    const { code, output } = await end;
    assert.equal(code, 0, output);
    assert.match(
      output,
      /"event":"message",.*"from":\{"uri":"sip:echo@ims.test".*"to":"sip:carol@ims.test".*"text":"two {2}words"/,
    );
  });
});
