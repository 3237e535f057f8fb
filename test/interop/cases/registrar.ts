import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { pinOf } from '../../net/certificates.js';
import { TRANSPORTS, type Lab, type Transport } from '../lab.js';
import { ImsCommand, type CommandAccount } from '../peers/ims-command.js';
import { ProvingRegistrar } from '../peers/proving-registrar.js';
import type { Suite } from '../suite.js';

/** What a registrar says about itself and the way to it, beside the plain registration. */
export async function withRegistrar(suite: Suite, lab: Lab): Promise<void> {
  await suite.check('a registrar proves by rspauth that it knows the password', () => proves(lab));
  await suite.check('Kamailio answers our keep-alives: STUN over udp, CRLF over tcp and tls', () => keepsFlows(lab));
  await suite.check('Kamailio has the key that was pinned, or is not talked to', () => pins(lab));
  await suite.check('Kamailio that requires a certificate is shown ours', () => showsCertificate(lab));
  await suite.check('Kamailio makes a GRUU of the kept instance id, which calls name and go to', () => usesGruu(lab));
}

function byTls({ kamailio }: Lab): CommandAccount {
  const { identity, password } = kamailio.subscriber('carol');
  return {
    publicIdentity: identity,
    password,
    proxy: kamailio.proxy('tls'),
    authorityFile: `${kamailio.tlsFolder}/ca.crt`,
  };
}

async function pins(lab: Lab): Promise<string> {
  const { tlsFolder } = lab.kamailio;
  const pin = (file: string): string => pinOf(readFileSync(`${tlsFolder}/${file}`, 'utf8'));
  const [own, authority] = [pin('server.crt'), pin('ca.crt')];
  const good = new ImsCommand(['register', '--pin', authority, '--pin', own], byTls(lab));
  await good.ended();
  const bad = new ImsCommand(['register', '--pin', authority], byTls(lab));
  await bad.ended(3);
  assert.match(bad.output, /tls-pinned/);
  assert.ok(bad.output.includes(own), 'the log tells which key was seen');
  assert.doesNotMatch(bad.output, /REGISTER sip:/, 'nothing was said to it');
  return 'tls-pinned';
}

async function showsCertificate(lab: Lab): Promise<string> {
  const { kamailio } = lab;
  const { certFile, keyFile } = await kamailio.clientCertificate('carol');
  await kamailio.requireCertificates(true);
  try {
    const shown = new ImsCommand(['register', '--cert', certFile, '--key', keyFile], byTls(lab));
    await shown.ended();
    const none = new ImsCommand(['register'], byTls(lab));
    await none.ended(3);
    const [failure = ''] = /"reason":"[^"]*"[^}]*/.exec(none.output) ?? [];
    assert.match(failure, /"reason":"tls"/);
    return failure.slice(0, 160);
  } finally {
    await kamailio.requireCertificates(false);
  }
}

async function proves(lab: Lab): Promise<string> {
  const registrar = await ProvingRegistrar.start(lab.fresh('proving'));
  try {
    const { proxy, password } = registrar;
    const command = new ImsCommand(['shell', '--verbose'], { publicIdentity: 'sip:alice@ims.test', proxy, password });
    await command.waitFor('registration', 'registered');
    await command.refresh();
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

/** Kamailio grants outbound with a Flow-Timer of 25 s. */
async function keepsFlows(lab: Lab): Promise<string> {
  const alive = await Promise.all(TRANSPORTS.map((transport) => keepsFlow(lab, transport)));
  return alive.join('; ');
}

async function keepsFlow({ kamailio }: Lab, transport: Transport): Promise<string> {
  const { identity, password } = kamailio.subscriber('carol');
  const instance = `urn:uuid:00000000-0000-4000-8000-00000000000${TRANSPORTS.indexOf(transport)}`;
  const command = new ImsCommand(['register', '--keep', '--verbose', '--instance-id', instance], {
    publicIdentity: identity,
    password,
    proxy: kamailio.proxy(transport),
    ...(transport === 'tls' ? { authorityFile: `${kamailio.tlsFolder}/ca.crt` } : {}),
  });
  try {
    await command.waitFor('registration', 'registered');
    const start = Date.now();
    await command.waitForText(/the flow is alive.*/, 40_000);
    const after = ((Date.now() - start) / 1000).toFixed(0);
    assert.doesNotMatch(command.output, /the flow failed/);
    const seen = /the flow is alive (.*)/.exec(command.output)?.[1] ?? '';
    return `${transport}: after ${after} s ${seen}`;
  } finally {
    await command.stop();
  }
}

/** Two commands of this device, and no instance id given: each has a name of its own. The lab loses an ACK to a GRUU. */
async function usesGruu({ kamailio }: Lab): Promise<string> {
  const account = (user: 'alice' | 'dave'): CommandAccount => {
    const { identity, password } = kamailio.subscriber(user);
    return { publicIdentity: identity, password, proxy: kamailio.proxy('udp') };
  };
  const alice = new ImsCommand(['answer', '--gruu', '--reject', '486'], account('alice'));
  try {
    await alice.waitFor('registration', 'registered');
    const gruu = /;pub-gruu="([^"]+)"/.exec(alice.output)?.[1] ?? '';
    assert.match(gruu, /^sip:alice@ims\.test;gr=urn:uuid:[0-9a-f-]{36}$/);
    const dave = new ImsCommand(['call', gruu, '--gruu'], account('dave'));
    try {
      await dave.ended(5);
      await alice.ended();
      assert.match(dave.output, /SIP\/2\.0 486 /);
      const [, named = ''] = /^Contact: <(sip:dave@ims\.test;gr=urn:uuid:[0-9a-f-]{36})>;\+g/m.exec(dave.output) ?? [];
      assert.notEqual(named, '', 'our INVITE names a GRUU');
      assert.notEqual(named.split('gr=')[1], gruu.split('gr=')[1], 'each process is an instance of its own');
      assert.ok(alice.output.includes(`Contact: <${named}>`), 'and so it arrives');
    } finally {
      await dave.stop();
    }
    return gruu;
  } finally {
    await alice.stop();
  }
}
