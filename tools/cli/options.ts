import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Account } from '../../src/ims/account.js';
import type { MessageOptions } from '../../src/ims/messaging/index.js';
import { PRIVACY_VALUES, type PrivacyValue } from '../../src/ims/private-headers/index.js';
import type { CallOptions } from '../../src/ims/user-agent.js';
import { DEFAULT_CODECS, type CodecPreference } from '../../src/media/codec-preference.js';
import { readAka } from './aka-options.js';
import type { ManOptions } from './man-command.js';
import { readSecurity, SECURITY_OPTIONS } from './security-options.js';
import { readTls, TLS_OPTIONS } from './tls-options.js';
import { usage } from './usage-error.js';

export { usage } from './usage-error.js';

const OPTIONS = {
  identity: { type: 'string' },
  user: { type: 'string' },
  'display-name': { type: 'string' },
  'private-identity': { type: 'string' },
  password: { type: 'string' },
  'password-file': { type: 'string' },
  'aka-k': { type: 'string' },
  'aka-k-file': { type: 'string' },
  'aka-op': { type: 'string' },
  'aka-op-file': { type: 'string' },
  'aka-opc': { type: 'string' },
  'aka-opc-file': { type: 'string' },
  'aka-sqn': { type: 'string' },
  domain: { type: 'string' },
  ...SECURITY_OPTIONS,
  vici: { type: 'string' },
  proxy: { type: 'string' },
  transport: { type: 'string' },
  ...TLS_OPTIONS,
  'local-address': { type: 'string' },
  'local-port': { type: 'string' },
  'remote-address': { type: 'string' },
  setkey: { type: 'boolean' },
  peer: { type: 'boolean' },
  remove: { type: 'boolean' },
  expires: { type: 'string' },
  'no-register': { type: 'boolean' },
  'instance-id': { type: 'string' },
  gruu: { type: 'boolean' },
  'no-outbound': { type: 'boolean' },
  'access-network-info': { type: 'string' },
  privacy: { type: 'string' },
  'reg-event': { type: 'boolean' },
  'no-reg-event': { type: 'boolean' },
  from: { type: 'string' },
  anonymous: { type: 'boolean' },
  play: { type: 'string' },
  repeat: { type: 'boolean' },
  record: { type: 'string' },
  duration: { type: 'string' },
  dtmf: { type: 'string' },
  codec: { type: 'string', multiple: true },
  file: { type: 'string' },
  type: { type: 'string' },
  valid: { type: 'string' },
  count: { type: 'string' },
  delay: { type: 'string' },
  reject: { type: 'string' },
  timeout: { type: 'string' },
  keep: { type: 'boolean' },
  dtx: { type: 'boolean' },
  enhance: { type: 'boolean' },
  loss: { type: 'string' },
  fmtp: { type: 'string' },
  ptime: { type: 'string' },
  json: { type: 'boolean' },
  trace: { type: 'boolean' },
  verbose: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

/** What the command line says, checked. Times in seconds. */
export interface CommandOptions {
  readonly command: string;
  readonly operands: readonly string[];
  readonly account: Account | null;
  /** Of calls. */
  readonly call: CallOptions;
  /** Of messages. */
  readonly message: MessageOptions;
  /** What is sent instead of a text. */
  readonly file: string | null;
  readonly play: string | null;
  readonly repeat: boolean;
  readonly record: string | null;
  readonly duration: number | null;
  readonly dtmf: string | null;
  /** The only codecs that are offered and taken, best first; null: all. */
  readonly codecs: readonly CodecPreference[] | null;
  readonly count: number;
  readonly delay: number;
  readonly reject: number | null;
  readonly timeout: number | null;
  readonly keep: boolean;
  readonly loss: string | null;
  readonly fmtp: string | null;
  /** Of `codec`; of calls, the account has it. */
  readonly dtx: boolean;
  readonly enhance: boolean;
  /** Of ipsec-man; null: something is missing. */
  readonly manual: ManOptions | null;
  /** Socket of the IKE daemon; null: where strongSwan has it. */
  readonly vici: string | null;
  /** ms */
  readonly ptime: number | null;
  readonly json: boolean;
  readonly trace: boolean;
  readonly verbose: boolean;
  readonly help: boolean;
  readonly version: boolean;
}

type Values = ReturnType<typeof parse>['values'];

function parse(
  argv: readonly string[],
): ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

/** @throws CommandError `usage` */
export function readOptions(argv: readonly string[], env: NodeJS.ProcessEnv): CommandOptions {
  const { values, positionals } = parse(argv);
  const [command = '', ...operands] = positionals;
  const valid = number(values, 'valid', 0, 4_294_967_295);
  return {
    command,
    operands,
    account: readAccount(values, env),
    call: speaker(values),
    message: {
      ...speaker(values),
      ...(values.type === undefined ? {} : { contentType: values.type }),
      ...(valid === null ? {} : { expires: valid }),
    },
    file: values.file ?? null,
    play: values.play ?? null,
    repeat: values.repeat === true,
    record: values.record ?? null,
    duration: number(values, 'duration', 0, 86_400),
    dtmf: keys(values.dtmf),
    codecs: codecs(values.codec),
    count: number(values, 'count', 1, 1_000_000) ?? 1,
    delay: number(values, 'delay', 0, 600) ?? 0,
    reject: number(values, 'reject', 300, 699),
    timeout: number(values, 'timeout', 0, 86_400),
    keep: values.keep === true,
    loss: values.loss ?? null,
    fmtp: values.fmtp ?? null,
    dtx: values.dtx === true,
    enhance: values.enhance === true,
    manual: manualOf(values, operands[0]),
    vici: values.vici ?? null,
    ptime: number(values, 'ptime', 10, 120),
    json: values.json === true,
    trace: values.trace === true,
    verbose: values.verbose === true,
    help: values.help === true,
    version: values.version === true,
  };
}

function speaker(values: Values): CallOptions {
  return {
    ...(values.from === undefined ? {} : { identity: values.from }),
    ...(values.anonymous === true ? { anonymous: true } : {}),
  };
}

function manualOf(values: Values, file: string | undefined): ManOptions | null {
  const { 'local-address': local, 'remote-address': remote } = values;
  if (file === undefined || local === undefined || remote === undefined) return null;
  const { setkey = false, peer = false, remove = false } = values;
  return { file, local, remote, setkey, peer, remove };
}

function readAccount(values: Values, env: NodeJS.ProcessEnv): Account | null {
  const publicIdentity = identity(values);
  if (publicIdentity === null) return null;
  const password = values.password ?? secretFile(values['password-file']) ?? env['IMS_PASSWORD'];
  const aka = readAka(
    (name) => values[name] ?? secretFile(values[`${name}-file`]) ?? env[`IMS_${name.toUpperCase().replace('-', '_')}`],
    values['aka-sqn'],
  );
  const transport = transportOf(values.transport);
  const authorities = values.ca?.map((file) => readText(file));
  const tls = readTls(values, readText);
  const security = readSecurity(values);
  const expires = number(values, 'expires', 0, 4_294_967_295);
  const localPort = number(values, 'local-port', 0, 65_535);
  return {
    publicIdentity,
    ...(values['display-name'] === undefined ? {} : { displayName: values['display-name'] }),
    ...(values['private-identity'] === undefined ? {} : { privateIdentity: values['private-identity'] }),
    ...(values.domain === undefined ? {} : { domain: values.domain }),
    ...(values.proxy === undefined ? {} : { proxy: values.proxy }),
    ...(values['local-address'] === undefined ? {} : { localAddress: values['local-address'] }),
    ...(password === undefined ? {} : { password }),
    ...(aka === undefined ? {} : { aka }),
    ...(security === undefined ? {} : { security }),
    ...(transport === undefined ? {} : { transport }),
    ...(authorities === undefined ? {} : { authorities }),
    ...(tls === undefined ? {} : { tls }),
    ...(expires === null ? {} : { expires }),
    ...(localPort === null ? {} : { localPort }),
    ...(values['no-register'] === true ? { register: false } : {}),
    ...(values['instance-id'] === undefined ? {} : { instanceId: values['instance-id'] }),
    ...(values.gruu === true ? { gruu: true } : {}),
    ...(values['no-outbound'] === true ? { outbound: false } : {}),
    ...(values['access-network-info'] === undefined ? {} : { accessNetworkInfo: values['access-network-info'] }),
    ...(values.privacy === undefined ? {} : { privacy: privacyOf(values.privacy) }),
    ...(values.dtx === true ? { dtx: true } : {}),
    ...(values['reg-event'] === true ? { regEvent: true } : {}),
    ...(values['no-reg-event'] === true ? { regEvent: false } : {}),
  };
}

function identity(values: Values): string | null {
  const given = values.identity ?? values.user;
  if (given === undefined) return null;
  if (/^(sips?|tel):/i.test(given)) return given;
  if (given.includes('@')) return `sip:${given}`;
  if (values.domain === undefined) throw usage(`"${given}" has no domain: give user@domain, or --domain`);
  return `sip:${given}@${values.domain}`;
}

function secretFile(path: string | undefined): string | undefined {
  return path === undefined ? undefined : readText(path).replace(/\r?\n$/, '');
}

function transportOf(text: string | undefined): 'udp' | 'tcp' | 'tls' | undefined {
  if (text === undefined || text === 'udp' || text === 'tcp' || text === 'tls') return text;
  throw usage(`--transport is udp, tcp or tls, not "${text}"`);
}

function privacyOf(text: string): readonly PrivacyValue[] {
  return text.split(/[\s,;]+/).map((word) => {
    const value = PRIVACY_VALUES.find((known) => known === word.toLowerCase());
    if (!value) throw usage(`--privacy takes ${PRIVACY_VALUES.join(', ')}, not "${word}"`);
    return value;
  });
}

function keys(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (!/^[0-9A-D*#]+$/i.test(text)) throw usage('--dtmf takes 0-9, A-D, * and #');
  return text.toUpperCase();
}

const KNOWN = DEFAULT_CODECS.filter((c) => c.name !== 'opus').map((c) => `${c.name}/${c.clockRate}`);

/** `NAME` or `NAME/RATE`; without a rate 8000, or the only one that there is. */
function codecs(names: readonly string[] | undefined): readonly CodecPreference[] | null {
  if (names === undefined) return null;
  return names.map((text) => {
    const [name = '', rate] = text.split('/', 2);
    if (name.toLowerCase() === 'opus') throw usage('Opus is there in browsers only: this process has no WebCodecs');
    const same = DEFAULT_CODECS.filter((c) => c.name.toUpperCase() === name.toUpperCase());
    const clockRate = rate ?? (same.length === 1 ? same[0]?.clockRate : 8000);
    const found = same.find((c) => c.clockRate === Number(clockRate));
    if (found !== undefined) return { ...found, enabled: true };
    throw usage(`No codec "${text}"; there are ${KNOWN.join(', ')}`);
  });
}

function number(values: Values, name: keyof Values, least: number, most: number): number | null {
  const text = values[name];
  if (typeof text !== 'string') return null;
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most))
    throw usage(`--${name} takes a number from ${least} to ${most}, not "${text}"`);
  return value;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw usage(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
