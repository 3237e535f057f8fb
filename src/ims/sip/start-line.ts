import { isToken } from './token.js';
import { OtherUri, parseUri, type Uri } from './uri.js';

export type StartLine =
  | { readonly kind: 'request'; readonly method: string; readonly requestUri: Uri }
  | { readonly kind: 'response'; readonly status: number; readonly reason: string }
  | {
      readonly kind: 'failure';
      readonly reason: 'not-sip' | 'start-line' | 'version' | 'request-uri' | 'status';
      /** Method and Request-URI as far as they were understood, for an answer. */
      readonly method: string | null;
      readonly requestUri: Uri;
      readonly tooLong: boolean;
    };

type FailureReason = (StartLine & { kind: 'failure' })['reason'];

/** RFC 3261 §7.1 and §7.2: one SP between the elements, none at the end. Never throws. */
export function parseStartLine(line: string, maximumUriLength: number): StartLine {
  if (line.includes('\r') || line.includes('\n')) return failure('start-line');
  if (line.startsWith('SIP/')) return parseStatusLine(line);
  const methodEnd = line.indexOf(' ');
  const method = line.slice(0, methodEnd);
  if (methodEnd <= 0 || !isToken(method)) return judgeStranger(line);
  const uriEnd = line.lastIndexOf(' ');
  if (line.slice(uriEnd + 1) !== 'SIP/2.0') {
    const problem = judgeVersion(line, methodEnd);
    if (problem !== null) return failure(problem, method);
  }
  if (uriEnd - methodEnd > maximumUriLength) return failure('request-uri', method, true);
  const uriText = uriEnd > methodEnd ? line.slice(methodEnd + 1, uriEnd) : '';
  const requestUri = parseUri(uriText);
  return requestUri ? { kind: 'request', method, requestUri } : failure('request-uri', method);
}

/** A line without a method that ends as a request line does: its sender is told so, unless it may be an ACK (§17). */
function judgeStranger(line: string): StartLine {
  if (!/[ \t]SIP\/\d+\.\d+[ \t]*$/i.test(line)) return failure('not-sip');
  const word = /[^ \t]+/.exec(line)?.[0] ?? '';
  return failure('start-line', word.toUpperCase().startsWith('ACK') ? null : word);
}

/** What is wrong with the end of a request line that is not `SIP/2.0`; null if it only differs in case (§7.1). */
function judgeVersion(line: string, methodEnd: number): FailureReason | null {
  const trimmed = line.trimEnd();
  const version = /^(SIP)?[A-Z]*\/(\d+\.\d+)$/i.exec(trimmed.slice(trimmed.lastIndexOf(' ') + 1));
  if (!version || trimmed.length <= methodEnd) return line.includes('SIP/', methodEnd) ? 'start-line' : 'not-sip';
  if (version[1] === undefined) return 'not-sip'; // HTTP/1.1 and its kin
  if (version[2] !== '2.0') return 'version';
  return trimmed.length === line.length ? null : 'start-line';
}

function parseStatusLine(line: string): StartLine {
  const match = /^SIP\/(\d+\.\d+) (\d+)(?: (.*))?$/s.exec(line);
  if (!match) return failure('start-line');
  if (match[1] !== '2.0') return failure('version');
  const status = Number(match[2]);
  // RFC 4475 §3.1.2.19: a code outside the six classes means nothing.
  if (match[2]?.length !== 3 || status < 100 || status > 699) return failure('status');
  return { kind: 'response', status, reason: match[3] ?? '' };
}

/** The Request-URI of a failure only stands for one that could not be read; it is never sent anywhere. */
function failure(reason: FailureReason, method: string | null = null, tooLong = false): StartLine {
  return { kind: 'failure', reason, method, requestUri: UNREADABLE, tooLong };
}

const UNREADABLE = new OtherUri('unreadable', '');
