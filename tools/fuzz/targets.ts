import type { FuzzTarget } from './fuzz-target.js';
import { parserTarget } from './parser-target.js';

/** What `npm run fuzz -- NAME` knows. A new reader of outside octets adds a line here. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [parserTarget];
