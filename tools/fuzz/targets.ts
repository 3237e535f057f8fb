import { codecsTarget } from './codecs-target.js';
import { companionTarget } from './companion-target.js';
import type { FuzzTarget } from './fuzz-target.js';
import { jitterTarget } from './jitter-target.js';
import { parserTarget } from './parser-target.js';
import { payloadTarget } from './payload-target.js';
import { rtpTarget } from './rtp-target.js';
import { sdpTarget } from './sdp-target.js';
import { securityTarget } from './security-target.js';
import { viciTarget } from './vici-target.js';

/** What `npm run fuzz -- NAME` knows. A new reader of outside octets adds a line here. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  parserTarget,
  sdpTarget,
  rtpTarget,
  payloadTarget,
  codecsTarget,
  jitterTarget,
  companionTarget,
  securityTarget,
  viciTarget,
];
