import { runCli } from './cli/run-cli.js';

/** Entry of the `ims-companion` command. */
const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
});

process.exitCode = await runCli(process.argv.slice(2), console, stopped);
