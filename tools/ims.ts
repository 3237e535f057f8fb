// The `ims` command: see tools/cli/help.ts.
import { runCommand } from './cli/commands.js';
import { CommandError, EXIT } from './cli/exit-code.js';
import { helpOf } from './cli/help.js';
import { readOptions } from './cli/options.js';
import { VERSION } from './cli/version.js';

const interrupted = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      resolve();
      // A second one ends it without good manners.
      process.once(signal, () => process.exit(EXIT.interrupted));
    });
  }
});

// A pipe that closes early (`| head`) is no error of ours.
process.stdout.on('error', () => process.exit(EXIT.done));

try {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options.version) process.stdout.write(`ims ${VERSION}\n`);
  else if (options.command === 'help') process.stdout.write(helpOf(options.operands[0] ?? null));
  else if (options.help) process.stdout.write(helpOf(options.command));
  else process.exitCode = await runCommand(options, interrupted);
} catch (error) {
  const known = error instanceof CommandError;
  process.stderr.write(
    `ims: ${known ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = known ? error.exitCode : EXIT.internal;
}
// Standard input may still be open, and nothing is left to do.
process.exit();
