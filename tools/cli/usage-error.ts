import { CommandError, EXIT } from './exit-code.js';

/** A command line that is not understood. */
export function usage(message: string): CommandError {
  return new CommandError(EXIT.usage, `${message}\nTry: ims --help`);
}
