import { canonicalIp, formatIp } from '../../../src/net/ip-address.js';
import type { ProtectedPorts, SecurityAssociationSet } from '../../../src/net/ipsec.js';
import type { Endpoint } from '../../../src/net/network.js';
import type { Diversion, NodeUdpSocket } from '../node-udp.js';
import type { EncapsulationPort } from './encapsulation-port.js';
import { EspReceiver, EspSender } from './esp-association.js';
import { Fragments } from './fragments.js';
import { NEXT_IPV4, NEXT_IPV6, parseIpPacket, parseUdp, printUdpPacket } from './ip-packet.js';

/** The two associations between one pair of ports, in tunnel mode. */
export class EspTunnel {
  readonly #local: Endpoint;
  readonly #remote: Endpoint;
  readonly #receiver: EspReceiver;
  readonly #fragments = new Fragments();
  readonly #diversion: Diversion;

  /** @param socket bound to our port of the pair */
  constructor(
    set: SecurityAssociationSet,
    private readonly pair: ProtectedPorts,
    socket: NodeUdpSocket,
    private readonly port: EncapsulationPort,
  ) {
    this.#local = { address: canonicalIp(set.local) ?? set.local, port: pair.localPort };
    this.#remote = { address: canonicalIp(set.remote) ?? set.remote, port: pair.remotePort };
    this.#receiver = new EspReceiver({ ...set, spi: pair.spiIn });
    const sender = new EspSender({ ...set, spi: pair.spiOut });
    const nextHeader = this.#local.address.includes(':') ? NEXT_IPV6 : NEXT_IPV4;
    let identification = 0;
    this.#diversion = socket.divert(this.#remote, (data) => {
      const payload = printUdpPacket(this.#local, this.#remote, data, identification++);
      const packet = payload && sender.seal({ nextHeader, payload });
      if (packet) port.send(packet);
      return packet !== null;
    });
    port.receive(pair.spiIn, (packet) => this.#receive(packet));
  }

  covers(local: Endpoint, remote: Endpoint): boolean {
    return same(local, this.#local) && same(remote, this.#remote);
  }

  end(): void {
    this.port.forget(this.pair.spiIn);
    this.#diversion.end();
  }

  #receive(packet: Uint8Array): void {
    const content = this.#receiver.open(packet);
    const part = content && parseIpPacket(content.payload, content.nextHeader);
    // RFC 4301 §5.2: what is inside must be what this association is for, whoever sealed it.
    if (!part || formatIp(part.source) !== this.#remote.address || formatIp(part.destination) !== this.#local.address)
      return;
    const whole = this.#fragments.add(part);
    const datagram = whole && parseUdp(whole);
    if (datagram?.sourcePort !== this.#remote.port || datagram.destinationPort !== this.#local.port) return;
    this.#diversion.deliver(datagram.data);
  }
}

function same(a: Endpoint, b: Endpoint): boolean {
  return a.port === b.port && canonicalIp(a.address) === b.address;
}
