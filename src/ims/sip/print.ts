import type { SipMessage } from './message.js';
import { SipRequest, SipResponse } from './message.js';
import { encodeUtf8 } from './utf8.js';

/** The first line of a message, without its line end. */
export function printStartLine(message: SipMessage): string {
  if (message instanceof SipRequest) return `${message.method} ${message.requestUri.toString()} SIP/2.0`;
  if (message instanceof SipResponse) return `SIP/2.0 ${message.status} ${message.reason.replace(/[\r\n]+/g, ' ')}`;
  return '';
}

/** Start line and header fields with long names, and the Content-Length of the body in octets. */
export function printHead(message: SipMessage): string {
  let text = `${printStartLine(message)}\r\n`;
  let hasLength = false;
  for (const [name, value] of message.headers.entries()) {
    if (name !== 'Content-Length') text += `${name}: ${value}\r\n`;
    else if (!hasLength) {
      hasLength = true;
      text += `Content-Length: ${message.body.length}\r\n`;
    }
  }
  // RFC 3261 §20.14: needed on streams, recommended everywhere.
  return hasLength ? `${text}\r\n` : `${text}Content-Length: ${message.body.length}\r\n\r\n`;
}

/** The octets of a message as they go on the wire. */
export function printMessage(message: SipMessage): Uint8Array {
  const head = encodeUtf8(printHead(message));
  if (message.body.length === 0) return head;
  const octets = new Uint8Array(head.length + message.body.length);
  octets.set(head);
  octets.set(message.body, head.length);
  return octets;
}
