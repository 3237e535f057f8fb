import { createSocket } from 'node:dgram';

export interface TestDnsServer {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  close(): void;
}

const TYPES: Readonly<Record<number, string>> = { 1: 'A', 28: 'AAAA', 33: 'SRV', 35: 'NAPTR' };

function name(text: string): Buffer {
  const labels = text.split('.').filter((label) => label !== '');
  return Buffer.concat([
    ...labels.map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0]),
  ]);
}

function text(value: string): Buffer {
  return Buffer.from([value.length, ...Buffer.from(value)]);
}

function u16(...values: number[]): Buffer {
  return Buffer.from(values.flatMap((value) => [value >> 8, value & 255]));
}

/** What the compliance suite expects of `example.test`. */
const DATA: Readonly<Record<string, readonly Buffer[]>> = {
  'A proxy.example.test': [Buffer.from([192, 0, 2, 7])],
  'AAAA proxy.example.test': [Buffer.from('20010db8000000000000000000000007', 'hex')],
  'SRV _sip._udp.example.test': [Buffer.concat([u16(10, 60, 5060), name('proxy.example.test')])],
  'NAPTR example.test': [
    Buffer.concat([u16(50, 50), text('s'), text('SIP+D2U'), text(''), name('_sip._udp.example.test')]),
  ],
};

/** A DNS server (RFC 1035) that knows four names. */
export async function startTestDnsServer(): Promise<TestDnsServer> {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const question = query.subarray(12, at + 5);
    const type = query.readUInt16BE(at + 1);
    const data = DATA[`${TYPES[type] ?? ''} ${labels.join('.').toLowerCase()}`] ?? [];
    const answers = data.map((rdata) => Buffer.concat([u16(0xc00c, type, 1, 0, 300, rdata.length), rdata]));
    const flags = data.length > 0 ? 0x8580 : 0x8583; // authoritative; NXDOMAIN if nothing is known
    const header = Buffer.concat([query.subarray(0, 2), u16(flags, 1, answers.length, 0, 0)]);
    socket.send(Buffer.concat([header, question, ...answers]), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { address: `127.0.0.1:${socket.address().port}`, close: () => socket.close() };
}
