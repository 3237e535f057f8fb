import { NodeNetwork } from '../../../companion/native/node-network.js';
import type { InstalledSet, SecurityAssociationSet } from '../../../src/net/ipsec.js';
import type { StreamListener, UdpSocket } from '../../../src/net/network.js';
import { fromHex } from '../../../src/platform/hex.js';

/** A set on its way through JSON. */
export type SetOnPaper = Omit<SecurityAssociationSet, 'integrityKey' | 'encryptionKey'> & {
  readonly integrityKey: string;
  readonly encryptionKey: string;
};

/** A set of associations in force with nothing of SIP about it; says what it hears, by UDP and TCP. */
export class BareEnd {
  private constructor(
    private readonly network: NodeNetwork,
    private readonly set: SetOnPaper,
    private readonly installed: InstalledSet,
    private readonly sockets: readonly UdpSocket[],
    private readonly listeners: readonly StreamListener[],
  ) {}

  /** @param listens whether it takes connections, at its first port @throws NetworkError */
  static async open(set: SetOnPaper, listens: boolean): Promise<BareEnd> {
    const network = new NodeNetwork();
    const address = set.local;
    const sockets = await Promise.all(set.ports.map(({ localPort: port }) => network.bindUdp({ address, port })));
    const listeners: StreamListener[] = [];
    if (listens) {
      const listener = await network.listen({ address, port: set.ports[0]?.localPort ?? 0 });
      listener.onConnection = (connection) => (connection.onData = (data) => void connection.write(data));
      listeners.push(listener);
      for (const socket of sockets) socket.onMessage = (data, from) => socket.send(data, from);
    }
    const integrityKey = fromHex(set.integrityKey) ?? new Uint8Array();
    const encryptionKey = fromHex(set.encryptionKey) ?? new Uint8Array();
    const installed = await network.ipsec.install({ ...set, integrityKey, encryptionKey });
    return new BareEnd(network, set, installed, sockets, listeners);
  }

  /** Says something over each pair of ports by UDP, and over the first by TCP, and waits for it to come back. */
  async probe(): Promise<void> {
    const { local, remote, ports } = this.set;
    const word = new TextEncoder().encode('a word that nobody may read '.repeat(60));
    for (const [i, { remotePort }] of ports.entries()) {
      const socket = this.sockets[i];
      if (!socket) continue;
      const back = new Promise<number>((resolve) => (socket.onMessage = (data) => resolve(data.length)));
      socket.send(word, { address: remote, port: remotePort });
      if ((await back) !== word.length) throw new Error('not what was said');
    }
    const [pair] = ports;
    if (!pair) return;
    const connection = await this.network.connect({
      remote: { address: remote, port: pair.remotePort },
      localAddress: local,
      localPort: pair.localPort,
    });
    const back = new Promise<void>((resolve) => {
      let left = word.length;
      connection.onData = (data) => {
        left -= data.length;
        if (left <= 0) resolve();
      };
    });
    await connection.write(word);
    await back;
    const closed = new Promise((resolve) => (connection.onClose = resolve));
    connection.close();
    await closed;
  }

  async close(): Promise<void> {
    // The last acknowledgement of a connection is still protected.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await this.installed.remove();
    for (const socket of [...this.sockets, ...this.listeners]) socket.close();
    this.network.close();
  }
}
