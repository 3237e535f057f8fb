import type { Capabilities } from './capabilities.js';
import { judgeForm } from './judge-form.js';
import { judgeSupport } from './judge-support.js';
import { SipRequest, type SipMessage } from './message.js';
import { discard, type Verdict } from './verdict.js';

/**
 * What a message deserves before any user sees it: form first, then what is supported. Merged requests (482), dialogs
 * (481) and credentials (401, 407) are judged by those who hold that state.
 */
export function judge(message: SipMessage, capabilities: Capabilities): Verdict {
  const form = judgeForm(message);
  if (form.kind !== 'accept') return form;
  if (message instanceof SipRequest) return judgeSupport(message, capabilities);
  // RFC 3261 §8.1.3.3: a response with more than one Via is not for an endpoint.
  const stray = capabilities.role === 'endpoint' && message.headers.getAll('Via').length > 1;
  return stray ? discard('more than one Via') : form;
}
