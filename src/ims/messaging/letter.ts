import { createInitialRequest, type RequestIdentity } from '../initial-request.js';
import type { RequestContext } from '../request-context.js';
import type { SipRequest } from '../sip/message.js';
import type { Uri } from '../sip/uri.js';
import { MAX_BODY, type MessageFailure, type MessageOptions } from './page-message.js';

/** A message, ready to be sent when its turn comes. */
export interface Letter {
  readonly id: string;
  readonly to: Uri;
  readonly contentType: string;
  readonly body: Uint8Array;
  /** Seconds; null: it is always worth something. */
  readonly expires: number | null;
}

const TEXT = 'text/plain;charset=UTF-8';
const TOKEN = "[A-Za-z0-9\\-.!%*_+`'~]+";
/** RFC 3261 §25.1, media-type. */
const MEDIA_TYPE = new RegExp(
  `^${TOKEN}/${TOKEN}(?:[ \\t]*;[ \\t]*${TOKEN}=(?:${TOKEN}|"[^"\\\\\\x00-\\x1f\\x7f]*"))*$`,
);
/** RFC 3261 §20.19 */
const MAX_EXPIRES = 0xffff_ffff;

/** @returns a failure where it can be sent to nobody */
export function writeLetter(
  id: string,
  to: Uri,
  content: string | Uint8Array,
  { contentType = TEXT, expires }: MessageOptions,
): Letter | MessageFailure {
  if (!MEDIA_TYPE.test(contentType) || contentType.length > 256)
    return { reason: 'message-type', detail: `${JSON.stringify(contentType.slice(0, 80))} is no media type` };
  const body = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  if (body.length > MAX_BODY)
    return { reason: 'message-too-large', detail: `${body.length} octets are more than ${MAX_BODY}` };
  if (expires !== undefined && !(Number.isInteger(expires) && expires >= 0 && expires <= MAX_EXPIRES))
    return { reason: 'message-failed', detail: 'expires is a whole number of seconds' };
  return { id, to, contentType, body, expires: expires ?? null };
}

/** @param target Request-URI; RFC 3428 §4: no Contact; §9, table 1: no Accept. */
export function createMessage(
  { contentType, body, expires }: Letter,
  context: RequestContext,
  target: Uri,
  ids: RequestIdentity,
): SipRequest {
  const request = createInitialRequest(context, 'MESSAGE', target, ids);
  const { headers } = request;
  headers.delete('Accept');
  // §4: with the time that it is counted from.
  if (expires !== null) headers.set('Date', new Date(context.clock.wallTime()).toUTCString());
  if (expires !== null) headers.set('Expires', String(expires));
  headers.set('Content-Type', contentType);
  request.body = body;
  return request;
}
