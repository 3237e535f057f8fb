import type { SipMessage } from '../sip/message.js';
import { encodeUtf8 } from '../sip/utf8.js';

/** Parts looked at in a multipart body. */
const MAX_PARTS = 16;

/** The session description that a message carries, alone or in a multipart body (RFC 5621 §3); null if none. */
export function sessionDescriptionOf(message: SipMessage): string | null {
  if (message.body.length === 0) return null;
  const type = message.contentType;
  if (type === 'application/sdp') return message.bodyText;
  if (!type?.startsWith('multipart/')) return null;
  const boundary = /;\s*boundary\s*=\s*(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(
    message.headers.get('Content-Type') ?? '',
  );
  const delimiter = `--${boundary?.[1] ?? boundary?.[2] ?? ''}`;
  if (!boundary) return null;
  // RFC 2046 §5.1.1: what stands before the first delimiter line is no part.
  const parts = `\r\n${message.bodyText}`.split(`\r\n${delimiter}`, MAX_PARTS + 1).slice(1);
  for (const part of parts) {
    const end = part.indexOf('\r\n\r\n');
    if (end >= 0 && /^content-type[ \t]*:[ \t]*application\/sdp\b/im.test(part.slice(0, end)))
      return `${part.slice(end + 4)}\r\n`;
  }
  return null;
}

/** Whether the first audio stream of a description puts its receiver on hold (RFC 3264 §8.4). */
export function putsOnHold(sdp: string): boolean {
  let direction = 'sendrecv';
  let address = '';
  let audio = false;
  for (const line of sdp.split(/\r?\n/)) {
    if (line.startsWith('m=')) {
      if (audio) break;
      audio = line.startsWith('m=audio');
    } else if (audio || !line.startsWith('m=')) {
      const attribute = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/.exec(line)?.[1];
      if (attribute) direction = attribute;
      if (line.startsWith('c=')) address = line;
    }
  }
  // RFC 2543 peers hold by the null address.
  return direction === 'sendonly' || direction === 'inactive' || /^c=IN IP4 0\.0\.0\.0\s*$/.test(address);
}

export function setSessionDescription(message: SipMessage, sdp: string): void {
  message.headers.set('Content-Type', 'application/sdp');
  message.body = encodeUtf8(sdp);
}
