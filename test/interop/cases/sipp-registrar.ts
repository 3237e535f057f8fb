import assert from 'node:assert/strict';
import type { Lab } from '../lab.js';
import { freePort } from '../peers/free-port.js';
import { ImsCommand } from '../peers/ims-command.js';
import { Sipp } from '../peers/sipp.js';
import { sippScript, type SippStep } from '../peers/sipp-script.js';
import type { Suite } from '../suite.js';

/** How SIPp answers a registration, and what becomes of it. */
interface Answers {
  readonly name: string;
  /** @param elsewhere port of a second registrar, which takes the registration */
  readonly steps: (elsewhere: number) => readonly SippStep[];
  readonly redirects?: boolean;
  readonly state: 'registered' | 'unregistered' | 'waiting';
  /** Pattern of the failure that is told. */
  readonly failure?: RegExp;
}

const ACCESS = 'IEEE-802.11;i-wlan-node-id=001122334455';
const CHALLENGE = 'WWW-Authenticate: Digest realm="sipp", nonce="4e6f6e6365", algorithm=MD5, qop="auth"';

const asks = (header?: string, without?: string): SippStep => ({
  kind: 'request',
  method: 'REGISTER',
  ...(header === undefined ? {} : { header }),
  ...(without === undefined ? {} : { without }),
});
const says = (line: string, ...headers: readonly string[]): SippStep => ({ kind: 'answer', line, tag: 'r', headers });
const takes: SippStep = says('200 OK', '[last_Contact:]');
/** What comes meanwhile is one REGISTER too many, and SIPp fails. */
const silence = (milliseconds: number): SippStep => ({ kind: 'pause', milliseconds });

const ANSWERS: readonly Answers[] = [
  {
    name: '401: told the access network with the credentials, not before',
    steps: () => [
      asks('Authorization: Digest .*response=""', 'P-Access-Network-Info'),
      says('401 Unauthorized', CHALLENGE),
      asks(`P-Access-Network-Info: ${ACCESS}`),
      takes,
    ],
    state: 'registered',
  },
  {
    name: '423: asked again for as long as it wants',
    steps: () => [asks(), says('423 Interval Too Brief', 'Min-Expires: 700000'), asks('Expires: 700000'), takes],
    state: 'registered',
  },
  {
    name: '420: asked again without what it does not know',
    steps: () => [
      asks('Supported: .*outbound'),
      says('420 Bad Extension', 'Unsupported: outbound'),
      asks(undefined, 'Supported: [^\\r\\n]*outbound'),
      takes,
    ],
    state: 'registered',
  },
  {
    name: '503 with Retry-After: asked again when that is over, not before',
    steps: () => [asks(), says('503 Service Unavailable', 'Retry-After: 3'), silence(2500), asks(), takes],
    state: 'registered',
  },
  ...[301, 302].map((status): Answers => ({
    name: `${status}: registered where it leads`,
    steps: (elsewhere) => [asks(), says(`${status} Moved`, `Contact: <sip:127.0.0.1:${elsewhere}>`)],
    redirects: true,
    state: 'registered',
  })),
  {
    name: '305, and there is no other proxy: tried again later',
    steps: () => [asks(), says('305 Use Proxy', 'Contact: <sip:127.0.0.1:9>'), silence(1500)],
    state: 'waiting',
    failure: /"status":305/,
  },
  ...[403, 404, 494].map((status): Answers => ({
    name: `${status}: not asked again`,
    steps: () => [asks(), says(`${status} No`), silence(1500)],
    state: 'unregistered',
    failure: new RegExp(`"status":${status}`),
  })),
];

/** `ims register` at a registrar that SIPp plays. */
export async function registrarOfSipp(suite: Suite, lab: Lab): Promise<void> {
  for (const answers of ANSWERS) await suite.check(`registrar of SIPp, ${answers.name}`, () => registers(lab, answers));
}

async function registers(lab: Lab, { steps, redirects = false, state, failure }: Answers): Promise<undefined> {
  const [port, elsewhere] = [await freePort(), await freePort()];
  const start = (name: string, at: number, script: readonly SippStep[]): Promise<Sipp> =>
    Sipp.start({
      scenario: { name, text: sippScript(name, script), serves: true },
      folder: lab.fresh(name),
      remote: '127.0.0.1',
      port: at,
      tapPort: port,
    });
  const servers = [await start('registrar', port, steps(elsewhere))];
  if (redirects) servers.push(await start('elsewhere', elsewhere, [asks(), takes]));
  const account = { publicIdentity: 'sip:alice@sipp.test', password: 'secret', proxy: `sip:127.0.0.1:${port}` };
  const ims = new ImsCommand(['shell', '--access-network-info', ACCESS], account);
  try {
    await ims.waitForLast('registration', state);
    for (const server of servers) await server.finished();
    if (failure) assert.match(ims.output, failure);
    return undefined;
  } finally {
    await ims.stop();
    for (const server of servers) await server.stop();
  }
}
