import type { NodeListener } from '../native/node-listener.js';
import { NodeStream } from '../native/node-stream.js';
import type { Channel, ChannelHost } from './channel.js';
import { StreamChannel } from './stream-channel.js';

/** A listening TCP or TLS socket of the page. */
export class ListenerChannel implements Channel {
  constructor(
    host: ChannelHost,
    channel: number,
    private readonly listener: NodeListener,
  ) {
    listener.onConnection = (stream) => {
      if (!(stream instanceof NodeStream)) return;
      const accepted = host.open((number) => new StreamChannel(host, number, stream));
      if (accepted === null) return stream.destroy();
      const { local, remote, secure } = stream;
      host.notify('tcp.accepted', { listener: channel, channel: accepted, local, remote, secure });
    };
    listener.onClose = (error) => host.end(channel, error);
  }

  onDatagram(): void {
    // A listener carries no data.
  }

  onStream(): void {
    // A listener carries no data.
  }

  onCredit(): void {
    // A listener carries no data.
  }

  prepareWill(): null {
    return null;
  }

  close(): void {
    this.listener.onConnection = this.listener.onClose = null;
    this.listener.close();
  }
}
