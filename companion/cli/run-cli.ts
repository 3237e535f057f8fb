import { parseArgs } from 'node:util';
import { Access } from '../access/access.js';
import { defaultStateDirectory, StateDirectory } from '../access/state-directory.js';
import { DEFAULT_PORT, startCompanion } from '../server/companion.js';
import { findRunning, removeRunning, writeRunning } from './running-file.js';
import { USAGE } from './usage.js';
import { messageOf } from '../../src/platform/message-of.js';

/** Where the command writes to; `console` fits. */
export interface CliOutput {
  log(line: string): void;
  error(line: string): void;
}

const OPTIONS = {
  port: { type: 'string' },
  static: { type: 'string' },
  'trust-origin': { type: 'string', multiple: true },
  dns: { type: 'string', multiple: true },
  state: { type: 'string' },
  vici: { type: 'string' },
  origin: { type: 'string' },
  allow: { type: 'string', multiple: true },
  'no-listen': { type: 'boolean' },
  all: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = ReturnType<typeof parse>['values'];

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
}

/**
 * Runs one verb.
 * @param stopped resolves when `serve` is to end
 * @returns the exit status: 0 done, 1 failed, 2 not understood
 */
export async function runCli(args: readonly string[], output: CliOutput, stopped: Promise<void>): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    output.error(`${messageOf(error)}\n\n${USAGE}`);
    return 2;
  }
  const { values, positionals } = parsed;
  const [verb, ...rest] = positionals;
  if (values.help) {
    output.log(USAGE);
    return 0;
  }
  const directory = new StateDirectory(values.state ?? defaultStateDirectory());
  try {
    if (verb === 'serve' && rest.length === 0) return await serve(values, directory, output, stopped);
    if (verb === 'pair' && rest.length === 0) return await pair(values, directory, output);
    if (verb === 'revoke' && (rest.length === 1 || values.all)) return revoke(values, rest[0], directory, output);
    if (verb === 'status' && rest.length === 0) return await status(values, directory, output);
  } catch (error) {
    output.error(`ims-companion: ${messageOf(error)}`);
    return 1;
  }
  output.error(USAGE);
  return 2;
}

async function serve(
  values: Values,
  directory: StateDirectory,
  output: CliOutput,
  stopped: Promise<void>,
): Promise<number> {
  const port = values.port === undefined ? DEFAULT_PORT : Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new RangeError(`Not a port: ${String(values.port)}`);
  const companion = await startCompanion({
    port,
    stateDirectory: directory.path,
    trustedOrigins: values['trust-origin'] ?? [],
    ...(values.static === undefined ? {} : { staticDirectory: values.static }),
    ...(values.dns ? { dnsServers: values.dns } : {}),
    ...(values.vici === undefined ? {} : { vici: values.vici }),
  });
  writeRunning(directory, companion.port);
  output.log(`Listening at http://127.0.0.1:${companion.port}`);
  const { grants } = new Access(directory, { trustedOrigins: [], trustedDestinations: [] });
  if (grants.all.length === 0 && !values['trust-origin']) {
    output.log(`No page is paired yet. Type this code into the page within five minutes: ${companion.pair()}`);
  }
  await stopped;
  removeRunning(directory);
  await companion.close();
  return 0;
}

async function pair(values: Values, directory: StateDirectory, output: CliOutput): Promise<number> {
  const access = new Access(directory, { trustedOrigins: [], trustedDestinations: [] });
  const code = access.offer({
    ...(values.origin === undefined ? {} : { origin: values.origin }),
    ...(values.allow ? { destinations: values.allow } : {}),
    listen: !values['no-listen'],
  });
  output.log(`Type this code into the page within five minutes: ${code}`);
  if (!(await findRunning(directory))) output.log('The companion does not run: start it with "ims-companion serve".');
  return 0;
}

function revoke(values: Values, which: string | undefined, directory: StateDirectory, output: CliOutput): number {
  const { grants } = new Access(directory, { trustedOrigins: [], trustedDestinations: [] });
  const names = values.all ? grants.all.map(({ id }) => id) : [which ?? ''];
  let count = 0;
  for (const name of names) count += grants.revoke(name);
  output.log(count === 1 ? 'One pairing was taken back.' : `${count} pairings were taken back.`);
  return count > 0 ? 0 : 1;
}

async function status(values: Values, directory: StateDirectory, output: CliOutput): Promise<number> {
  const running = await findRunning(directory);
  const { grants } = new Access(directory, { trustedOrigins: [], trustedDestinations: [] });
  const pages = grants.all.map(({ id, origin, created, destinations, listen }) => ({
    id,
    origin,
    created,
    destinations,
    listen,
  }));
  if (values.json) {
    output.log(JSON.stringify({ running, pages }));
  } else {
    output.log(running ? `Running, port ${running.port}, process ${running.pid}` : 'Not running');
    for (const page of pages) {
      const may = `${page.destinations.join(' ')}${page.listen ? ', may listen' : ''}`;
      output.log(`${page.id}  ${page.origin}  since ${page.created}  may reach ${may}`);
    }
  }
  return running ? 0 : 1;
}
