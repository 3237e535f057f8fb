/**
 * `npm start`: two phones, an IMS core and a companion on this machine, and nothing else.
 *
 *   npm start -- --port 8080      another port for the page
 *   npm start -- --open           open the browser
 *   npm start -- --sip-port 5060  a fixed port for the core
 *   npm start -- --verbose        what core and robots do
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import type { Logger } from '../src/platform/logger.js';
import { isFresh } from './demo/freshness.js';
import { startDemo, type Demo } from './demo/start-demo.js';

const DEFAULT_PAGE_PORT = 8916;
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'open',
  win32: 'explorer',
  linux: 'xdg-open',
};
const stderrLogger: Logger = {
  log: (level, area, message) => void process.stderr.write(`${level} ${area}: ${message}\n`),
};

function readOptions(): { port: number | null; sipPort: number; open: boolean; verbose: boolean } {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      'sip-port': { type: 'string' },
      open: { type: 'boolean' },
      verbose: { type: 'boolean' },
    },
  });
  const port = values.port === undefined ? null : portOf('--port', values.port);
  return {
    port,
    sipPort: portOf('--sip-port', values['sip-port'] ?? '0'),
    open: values.open === true,
    verbose: values.verbose === true,
  };
}

function portOf(name: string, text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new Error(`${name} takes a port from 0 to 65535, not "${text}"`);
  return port;
}

function openBrowser(url: string): void {
  const command = OPENERS[process.platform];
  if (command === undefined) return;
  // Without a desktop the address that we printed is enough.
  spawn(command, [url], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}

function greeting({ url, core, companion, accounts }: Demo): string {
  const [alice] = accounts;
  return [
    '',
    `  Open ${url}`,
    '',
    '  Alice and Bob have a phone each. Call bob, or one of the robots:',
    '  echo, announcement, time, busy, noanswer.',
    '',
    `  Core       ${core.proxyUri('udp')} (and TCP), domain ${core.domain}`,
    `  Companion  ${companion.url}`,
    `  Terminal   IMS_PASSWORD=carol-secret npx ims call echo --identity sip:carol@${core.domain} --proxy "${alice?.proxy ?? ''}"`,
    '',
    '  Ctrl-C ends it.',
    '',
  ].join('\n');
}

async function main(): Promise<void> {
  const options = readOptions();
  if (!isFresh('dist/demo/index.html')) {
    console.log('Building...');
    const { buildAll } = await import('./build.js');
    await buildAll();
  }
  const demo = await startDemo({
    directory: 'dist/demo',
    wasm: 'dist/wasm',
    port: options.port ?? DEFAULT_PAGE_PORT,
    strictPort: options.port !== null,
    sipPort: options.sipPort,
    ...(options.verbose ? { logger: stderrLogger } : {}),
  });
  console.log(greeting(demo));
  if (options.open) openBrowser(demo.url);
  let ending = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (ending) process.exit(1);
      ending = true;
      void demo.close().then(() => process.exit(0));
    });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
