import type { Sdp, SdpAttribute, SdpBandwidth, SdpConnection, SdpMedia } from './session.js';

/** Writes a session description in the order of RFC 8866 §5, CRLF line ends. */
export function printSdp(session: Sdp): string {
  const { origin: o } = session;
  const lines = [
    'v=0',
    `o=${o.username} ${o.sessionId} ${o.sessionVersion} ${o.networkType} ${o.addressType} ${o.address}`,
    `s=${session.name}`,
  ];
  if (session.information !== null) lines.push(`i=${session.information}`);
  if (session.uri !== null) lines.push(`u=${session.uri}`);
  for (const email of session.emails) lines.push(`e=${email}`);
  for (const phone of session.phones) lines.push(`p=${phone}`);
  if (session.connection !== null) lines.push(printConnection(session.connection));
  lines.push(...session.bandwidths.map(printBandwidth));
  for (const time of session.times) {
    lines.push(`t=${time.start} ${time.stop}`);
    for (const repeat of time.repeats) lines.push(`r=${repeat}`);
  }
  if (session.zones !== null) lines.push(`z=${session.zones}`);
  if (session.key !== null) lines.push(`k=${session.key}`);
  lines.push(...session.attributes.map(printAttribute));
  for (const media of session.media) printMedia(media, lines);
  return `${lines.join('\r\n')}\r\n`;
}

function printMedia(media: SdpMedia, lines: string[]): void {
  const ports = media.portCount === 1 ? String(media.port) : `${media.port}/${media.portCount}`;
  lines.push(`m=${media.kind} ${ports} ${media.protocol} ${media.formats.join(' ')}`);
  if (media.information !== null) lines.push(`i=${media.information}`);
  lines.push(...media.connections.map(printConnection));
  lines.push(...media.bandwidths.map(printBandwidth));
  if (media.key !== null) lines.push(`k=${media.key}`);
  lines.push(...media.attributes.map(printAttribute));
}

function printConnection(c: SdpConnection): string {
  return `c=${c.networkType} ${c.addressType} ${c.address}${c.suffix === '' ? '' : `/${c.suffix}`}`;
}

function printBandwidth(b: SdpBandwidth): string {
  return `b=${b.type}:${b.value}`;
}

function printAttribute(a: SdpAttribute): string {
  return a.value === null ? `a=${a.name}` : `a=${a.name}:${a.value}`;
}
