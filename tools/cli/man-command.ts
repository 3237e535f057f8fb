import { setkeyScript, xfrmScript } from '../../companion/native/ipsec/association-script.js';
import { manualSet } from '../../src/ims/security/index.js';
import type { SecurityAssociationSet } from '../../src/net/ipsec.js';
import { NetworkError } from '../../src/net/network.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { readManual } from './security-options.js';
import { usage } from './usage-error.js';

export interface ManOptions {
  /** JSON of `ManualAssociations`. */
  readonly file: string;
  readonly local: string;
  readonly remote: string;
  readonly setkey: boolean;
  /** For the other end. */
  readonly peer: boolean;
  readonly remove: boolean;
}

/** Prints the script that makes, or takes away, what ipsec-man needs at one end. @throws CommandError */
export function runManCommand(options: ManOptions): ExitCode {
  process.stdout.write(manScript(options));
  return EXIT.done;
}

/** @throws CommandError `usage` */
export function manScript({ file, local, remote, setkey, peer, remove }: ManOptions): string {
  const set = readSet(file, local, remote);
  const print = setkey ? setkeyScript : xfrmScript;
  return print(peer ? mirrored(set) : set, remove ? 'remove' : 'add');
}

function readSet(file: string, local: string, remote: string): SecurityAssociationSet {
  try {
    return manualSet(readManual(file), local, remote);
  } catch (error) {
    if (error instanceof NetworkError) throw usage(error.message);
    throw error;
  }
}

/** The same associations as the other end has them. */
function mirrored(set: SecurityAssociationSet): SecurityAssociationSet {
  const ports = set.ports.map(({ localPort, remotePort, spiIn, spiOut }) => ({
    localPort: remotePort,
    remotePort: localPort,
    spiIn: spiOut,
    spiOut: spiIn,
  }));
  return { ...set, local: set.remote, remote: set.local, ports };
}
