/**
 * A P-CSCF of ours with UDP-enc-tun by Linux's kernel, in the namespace that this process is in, and a party behind it that
 * answers and calls. Arguments: its address, the NAT's. Lines on standard input: see {@link Order}; on standard output, what
 * happens, a line of JSON each.
 */
import { createInterface } from 'node:readline';
import { NodeNetwork } from '../../../companion/native/node-network.js';
import { Dialog } from '../../../src/ims/sip/dialog.js';
import { Headers } from '../../../src/ims/sip/headers.js';
import { createResponse, SipRequest } from '../../../src/ims/sip/message.js';
import { parseUri } from '../../../src/ims/sip/uri.js';
import { encodeUtf8 } from '../../../src/ims/sip/utf8.js';
import { SystemClock } from '../../../src/platform/system-clock.js';
import { FakePcscf } from '../../ims/security/fake-pcscf.js';
import { KernelEncapsulation } from './kernel-encapsulation.js';

export type Order = 'options' | 'call' | 'hangup';
export interface Happening {
  readonly what: string;
  /** Port of the NAT that the kernel knows. */
  readonly mapping: number | null;
}

const [address = '', nat = ''] = process.argv.slice(2);
const encapsulation = await KernelEncapsulation.start(address, nat);
const network = new NodeNetwork();
const pcscf = new FakePcscf(
  {
    clock: new SystemClock(),
    host: () => ({
      kind: 'node',
      bindUdp: (options) => network.bindUdp(options),
      connect: (options) => network.connect(options),
      listen: (options) => network.listen(options),
      resolve: (query) => network.resolve(query),
      http: (request) => network.http(request),
      interfaces: () => network.interfaces(),
      localAddressFor: (remote) => network.localAddressFor(remote),
      close: () => network.close(),
      // Who sees a NAT takes no other mode.
      ipsec: {
        install: (set) =>
          set.mode === 'UDP-enc-tun'
            ? encapsulation.install(set)
            : Promise.resolve({ remove: () => Promise.resolve() }),
        negotiate: () => Promise.reject(new Error('no IKE here')),
      },
    }),
  },
  address,
);
pcscf.prefers = /UDP-enc-tun/;
const { endpoint } = pcscf.registrar;
const SDP = encodeUtf8(
  `v=0\r\no=- 1 1 IN IP4 ${address}\r\ns=-\r\nc=IN IP4 ${address}\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n`,
);
let dialog: Dialog | null = null;

function tell(what: string): void {
  const happening: Happening = { what, mapping: encapsulation.mapping };
  process.stdout.write(`${JSON.stringify(happening)}\n`);
}

function withSdp<T extends { readonly headers: Headers; body: Uint8Array }>(message: T): T {
  // The UE may send to no other port than the protected one.
  message.headers.set('Contact', `<sip:far@${address}:6100>`);
  message.headers.set('Content-Type', 'application/sdp');
  message.body = SDP;
  return message;
}

const serve = endpoint.onRequest;
endpoint.onRequest = (request, transaction, flow) => {
  tell(request.method);
  if (request.method !== 'INVITE' || !transaction) return serve?.(request, transaction, flow);
  const toTag = endpoint.token();
  dialog = Dialog.ofCalled(request, toTag);
  transaction.respond(createResponse(request, 180, { toTag }));
  transaction.respond(withSdp(createResponse(request, 200, { toTag })));
};

function call(): void {
  const uri = parseUri('sip:alice@ims.test');
  const route = pcscf.sets.slice(-1)[0]?.route;
  if (!uri || !route) return tell('nobody to call');
  const invite = new SipRequest(
    'INVITE',
    uri,
    new Headers([
      ['Max-Forwards', '70'],
      ['From', `<sip:far@ims.test>;tag=${endpoint.token()}`],
      ['To', '<sip:alice@ims.test>'],
      ['Call-ID', endpoint.token()],
      ['CSeq', '1 INVITE'],
    ]),
  );
  const target = { transport: 'udp', address: route.address, port: route.peerServerPort } as const;
  endpoint.request(
    withSdp(invite),
    {
      onProvisional: ({ status }) => tell(`INVITE ${status}`),
      onFailure: (reason) => tell(`INVITE ${reason}`),
      onFinal: (response, sent) => {
        tell(`INVITE ${response.status}`);
        dialog = response.status < 300 ? Dialog.ofCaller(response) : null;
        if (dialog) void endpoint.sendRequest(dialog.createAck(sent).request, { target });
      },
    },
    { target },
  );
}

function hangUp(): void {
  const route = pcscf.sets.slice(-1)[0]?.route;
  if (!dialog || !route) return tell('no call');
  endpoint.request(
    dialog.createRequest('BYE').request,
    { onFinal: ({ status }) => tell(`BYE ${status}`), onFailure: (reason) => tell(`BYE ${reason}`) },
    { target: { transport: 'udp', address: route.address, port: route.peerServerPort } },
  );
}

await pcscf.listen();
tell('ready');
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'options') void pcscf.ask('OPTIONS').then((status) => tell(`OPTIONS ${status}`));
  else if (line === 'call') call();
  else if (line === 'hangup') hangUp();
}
encapsulation.close();
process.exit(0);
