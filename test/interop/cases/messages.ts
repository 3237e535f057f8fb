import assert from 'node:assert/strict';
import { TRANSPORTS, type Lab, type Transport } from '../lab.js';
import { freePort } from '../peers/free-port.js';
import { ImsCommand, type CommandAccount } from '../peers/ims-command.js';
import { listening } from '../peers/listening.js';
import { Sipp } from '../peers/sipp.js';
import type { Suite } from '../suite.js';

/** More than a datagram should hold (RFC 3428 §8). */
export const LONG = 'A long story. '.repeat(150).trim();

/** Messages with peers that we did not write: through Kamailio, to and from baresip, face to face with SIPp. */
export async function messages(suite: Suite, lab: Lab): Promise<void> {
  for (const transport of TRANSPORTS)
    await suite.check(`messages both ways through Kamailio over ${transport}, a long one too`, () =>
      throughKamailio(lab, transport),
    );
  await suite.check('messages to baresip and from it', () => withBaresip(lab));
  await suite.check('SIPp asks who writes (407) and keeps the message for later (202)', () =>
    toSipp(lab, 'accepts', [CHALLENGE, ACCEPTED], 0),
  );
  await suite.check('SIPp does not take the type of a message (415)', () =>
    toSipp(lab, 'refuses', [answer('415 Unsupported Media Type', 'Accept: message/cpim')], 8),
  );
  await suite.check('SIPp sends a message twice, forks it, and sends what nobody can show', () => fromSipp(lab));
}

/**
 * Writes both ways between two shells that are registered, the second with a long one, and looks who is told as the sender.
 *
 * @param refusal reason for which the long one fails; null: it comes
 */
export async function write(
  [alice, other]: readonly [ImsCommand, ImsCommand],
  [identity, otherIdentity]: readonly [string, string],
  refusal: string | null = null,
): Promise<void> {
  alice.line(`message ${otherIdentity} Grüße 👋`);
  assert.equal(await other.message('Grüße 👋'), identity);
  other.line(`message ${identity} ${LONG}`);
  await alice.waitFor('message-sent', 'delivered');
  const sent = await other.waitFor('message-sent');
  assert.equal(sent.failure?.reason ?? null, refusal);
  if (refusal === null) assert.equal(await alice.message(LONG), otherIdentity);
}

async function throughKamailio({ kamailio }: Lab, transport: Transport): Promise<string> {
  const account = (user: 'alice' | 'dave', by: Transport): CommandAccount => {
    const { identity, password } = kamailio.subscriber(user);
    const tls = by === 'tls' ? { authorityFile: `${kamailio.tlsFolder}/ca.crt` } : {};
    return { publicIdentity: identity, password, proxy: kamailio.proxy(by), ...tls };
  };
  const alice = new ImsCommand(['shell'], account('alice', transport));
  const dave = new ImsCommand(['shell'], account('dave', 'tcp'));
  try {
    for (const side of [alice, dave]) await side.waitFor('registration', 'registered');
    await write([alice, dave], ['sip:alice@ims.test', 'sip:dave@ims.test']);
    assert.match(dave.output, /P-Asserted-Identity:[^\r\n]*sip:alice@ims\.test/i);
    alice.line('message sip:nobody@ims.test x');
    await alice.waitFor('message-sent', 'failed');
    return /"event":"message-sent".*"failure":\{[^}]*/.exec(alice.output)?.[0].split('"failure":')[1] ?? '';
  } finally {
    await Promise.all([alice.stop(), dave.stop()]);
  }
}

async function withBaresip(lab: Lab): Promise<undefined> {
  const { identity, password } = lab.kamailio.subscriber('alice');
  const baresip = await lab.baresip({ writesTo: identity });
  const alice = new ImsCommand(['shell'], { publicIdentity: identity, password, proxy: lab.kamailio.proxy('udp') });
  try {
    await alice.waitFor('registration', 'registered');
    alice.line('message sip:bob@ims.test Are you there?');
    await alice.waitFor('message-sent', 'delivered');
    await baresip.read(identity, 'Are you there?');
    baresip.write('Yes, I am.');
    assert.equal(await alice.message('Yes, I am.'), 'sip:bob@ims.test');
    return undefined;
  } finally {
    await Promise.all([alice.stop(), baresip.stop()]);
  }
}

const ACCOUNT: CommandAccount = { publicIdentity: 'sip:alice@127.0.0.1', password: 'secret', register: false };

async function toSipp(lab: Lab, name: string, steps: readonly string[], code: number): Promise<string> {
  const port = await freePort();
  const sipp = await Sipp.start({
    scenario: { name: `message-${name}`, text: script(steps), serves: true },
    folder: lab.fresh(name),
    remote: '127.0.0.1',
    port,
    tapPort: 9,
  });
  const command = new ImsCommand(['message', `sip:sipp@127.0.0.1:${port}`, 'Hello'], ACCOUNT);
  await Promise.all([command.ended(code), sipp.finished()]);
  const [sent = ''] = /"event":"message-sent".*/.exec(command.output) ?? [];
  assert.match(sent, code === 0 ? /"state":"accepted"/ : /"reason":"message-type","status":415/);
  return sent.slice(0, 160);
}

async function fromSipp(lab: Lab): Promise<string> {
  const localPort = await freePort();
  const command = new ImsCommand(['shell'], { ...ACCOUNT, localPort });
  try {
    await listening(localPort);
    const steps = [
      ...send('Once', 'one', 'text/plain', 200),
      ...send('Once', 'one', 'text/plain', 200), // again, as by a lost answer
      ...send('Once', 'two', 'text/plain', 482), // and by another branch of a fork
      ...send('&lt;b&gt;Bold&lt;/b&gt;', 'three', 'text/html', 415, 2),
    ];
    const sipp = await Sipp.start({
      scenario: { name: 'message-twice', text: script(steps), serves: false },
      folder: lab.fresh('twice'),
      remote: `127.0.0.1:${localPort}`,
      tapPort: 9,
      retransmits: false,
    });
    await sipp.finished();
    assert.equal(await command.message('Once'), 'sip:sipp@127.0.0.1');
    assert.equal(command.output.match(/^SIP\/2\.0 200 /gm)?.length, 2);
    assert.equal(command.events.filter(({ event }) => event === 'message').length, 1);
    assert.match(command.output, /SIP\/2\.0 415 [^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*?Accept: text\/plain/);
    command.line('quit');
    await command.ended();
    return '200, 200, 482, 415; one message';
  } finally {
    await command.stop();
  }
}

function script(steps: readonly string[]): string {
  // SIPp takes a variable that is assigned and never read for a mistake.
  const used = steps.some((step) => step.includes('assign_to')) ? '<Reference variables="1"/>' : '';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="message">\n${steps.join('\n')}\n${used}\n</scenario>\n`;
}

function wire(lines: readonly string[], body = ''): string {
  return `<send><![CDATA[\n\n${[...lines, 'Content-Length: [len]', '', body].join('\n')}]]></send>`;
}

/** Waits for a MESSAGE and answers it. */
function answer(line: string, header: string, expected = 'text/plain'): string {
  const check = `<ereg regexp="${expected}" search_in="msg" check_it="true" assign_to="1"/>`;
  const copied = ['[last_Via:]', '[last_From:]', '[last_To:];tag=s1', '[last_Call-ID:]', '[last_CSeq:]'];
  return `<recv request="MESSAGE"><action>${check}</action></recv>${wire([`SIP/2.0 ${line}`, ...copied, header])}`;
}

const CHALLENGE = answer(
  '407 Proxy Authentication Required',
  'Proxy-Authenticate: Digest realm="sipp", nonce="n1", algorithm=SHA-256, qop="auth"',
);
const ACCEPTED = answer('202 Accepted', 'Server: sipp', 'Proxy-Authorization: Digest [^\r\n]*response=');

/** Sends a MESSAGE and waits for its answer. */
function send(body: string, branch: string, type: string, status: number, cseq = 1): string[] {
  const request = wire(
    [
      'MESSAGE sip:ims@[remote_ip]:[remote_port] SIP/2.0',
      `Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK-[pid]-${branch}`,
      'From: <sip:sipp@[local_ip]>;tag=s1',
      'To: <sip:ims@[remote_ip]>',
      'Call-ID: [call_id]',
      `CSeq: ${cseq} MESSAGE`,
      'Max-Forwards: 70',
      `Content-Type: ${type}`,
    ],
    body,
  );
  return [request, `<recv response="${status}"/>`];
}
