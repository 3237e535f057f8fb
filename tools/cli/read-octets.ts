import { readFileSync } from 'node:fs';
import { messageOf } from '../../src/platform/message-of.js';
import { usage } from './usage-error.js';

/** The octets of a file. @param file `-` is standard input @throws CommandError `usage` */
export function readOctets(file: string): Uint8Array {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw usage(`cannot read ${file}: ${messageOf(error)}`);
  }
}
