import {
  acceptAnswer,
  answerAudio,
  connectionOf,
  createAudioOffer,
  createOrigin,
  nextOrigin,
  parseSdp,
  printSdp,
  readOffer,
  type AgreedAudio,
  type LocalAudio,
  type NegotiationFailure,
  type PayloadFormat,
  type Sdp,
} from '../ims/sdp/index.js';
import {
  MediaError,
  type MediaDirection,
  type MediaIntent,
  type MediaSession,
  type MediaSessionEvents,
  type SessionDescription,
} from '../ims/session/media-session.js';
import { ipFamily } from '../net/ip-address.js';
import { NetworkError } from '../net/network.js';
import { Emitter } from '../platform/emitter.js';
import { randomUint32 } from '../platform/random.js';
import { AudioCall } from './audio-call.js';
import { CapturePreroll } from './audio/capture-preroll.js';
import { localFormats, negotiateFmtp } from './local-formats.js';
import type { RtpMediaOptions } from './rtp-media-options.js';
import { bindPortPair, type PortPair } from './rtp/port-pair.js';

const PTIME = 20;

type State = 'stable' | 'have-local-offer' | 'have-remote-offer' | 'closed';

/**
 * The media of one call over our own RTP engine. Offer/answer after RFC 3264:
 *
 *     stable --setLocal(offer)--> have-local-offer --setRemote(answer)--> stable
 *     stable --setRemote(offer)--> have-remote-offer --setLocal(answer)--> stable
 *     have-* --rollback--> stable;  any --close--> closed
 */
export class RtpMedia implements MediaSession {
  readonly events = new Emitter<MediaSessionEvents>();
  #state: State = 'stable';
  #muted = false;
  #ports: PortPair | null = null;
  #call: AudioCall | null = null;
  #capture: CapturePreroll | null = null;
  /** Our last description that is in force, and what was agreed with it. */
  #local: Sdp | null = null;
  #agreed: AgreedAudio | null = null;
  #pendingLocal: Sdp | null = null;
  #pendingRemote: Sdp | null = null;
  #pendingAgreed: AgreedAudio | null = null;
  #newest: Sdp | null = null;
  #bound: readonly PayloadFormat[] = [];
  #direction: MediaDirection | null = null;
  #intent: MediaDirection = 'sendrecv';

  constructor(
    private readonly options: RtpMediaOptions,
    readonly callId: string,
    private readonly signalling: string | null = null,
  ) {}

  async createOffer(intent: MediaIntent): Promise<SessionDescription> {
    this.#expect('stable');
    this.#intent = intent.audio;
    const ports = await this.#bind(intent.remote ?? null);
    const local = this.#describe(ports, intent.audio, true);
    const offer = createAudioOffer(local, this.#origin(local.address), this.#local);
    return { type: 'offer', sdp: printSdp(this.#remember(offer)) };
  }

  async createAnswer(intent: MediaIntent): Promise<SessionDescription> {
    this.#expect('have-remote-offer');
    const offer = this.#pendingRemote;
    if (offer === null) throw new MediaError('wrong-state', 'no offer to answer');
    this.#intent = intent.audio;
    const first = offer.media.find((m) => m.kind === 'audio');
    const ports = await this.#bind(
      (first === undefined ? offer.connection : connectionOf(offer, first))?.address ?? null,
    );
    const local = this.#describe(ports, intent.audio, false);
    const result = answerAudio(offer, local, this.#origin(local.address), negotiateFmtp);
    if (!result.ok) throw refused(result);
    this.#pendingAgreed = result.agreed;
    return { type: 'answer', sdp: printSdp(this.#remember(result.answer)) };
  }

  async setLocalDescription(description: SessionDescription): Promise<void> {
    const session = parse(description);
    if (description.type === 'offer') {
      this.#expect('stable');
      this.#pendingLocal = session;
      this.#state = 'have-local-offer';
      return;
    }
    this.#expect('have-remote-offer');
    if (this.#pendingAgreed === null) throw new MediaError('wrong-state', 'the answer was not made by createAnswer');
    const agreed = this.#pendingAgreed;
    if (description.type === 'answer') this.#settle(session, agreed);
    await this.#apply(agreed);
  }

  async setRemoteDescription(description: SessionDescription): Promise<void> {
    const session = parse(description);
    if (description.type === 'offer') {
      this.#expect('stable');
      const read = readOffer(session, this.#formats(false), negotiateFmtp);
      if (!read.ok) throw refused(read);
      this.#pendingRemote = session;
      this.#state = 'have-remote-offer';
      return;
    }
    this.#expect('have-local-offer');
    const offer = this.#pendingLocal;
    if (offer === null) throw new MediaError('wrong-state', 'no offer is pending');
    const result = acceptAnswer(offer, session, negotiateFmtp);
    if (!result.ok) throw refused(result);
    if (description.type === 'answer') this.#settle(offer, result.agreed);
    await this.#apply(result.agreed);
  }

  async rollback(): Promise<void> {
    if (this.#state === 'stable' || this.#state === 'closed') return;
    this.#state = 'stable';
    this.#pendingLocal = null;
    this.#pendingRemote = null;
    this.#pendingAgreed = null;
    // A provisional answer may have been applied.
    if (this.#agreed !== null && this.#direction !== this.#agreed.direction) await this.#apply(this.#agreed);
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    this.#call?.setMuted(muted);
  }

  async sendDtmf(tones: string, durationMs = 100, gapMs = 100): Promise<void> {
    if (this.#call === null) throw new MediaError('wrong-state', 'no media yet');
    if (!/^[0-9A-Da-d*#]{1,256}$/.test(tones)) throw new MediaError('malformed', 'tones are 0-9 A-D * #');
    await this.#call.sendDtmf(tones, Math.max(40, Math.min(6000, durationMs)), Math.max(40, Math.min(6000, gapMs)));
  }

  close(): Promise<void> {
    if (this.#state === 'closed') return Promise.resolve();
    this.#state = 'closed';
    if (this.#call !== null) this.#call.close();
    else this.#closePorts();
    this.#capture?.close();
    this.#call = null;
    this.#ports = null;
    return Promise.resolve();
  }

  #closePorts(): void {
    this.#ports?.rtp.close();
    this.#ports?.rtcp.close();
  }

  #settle(local: Sdp, agreed: AgreedAudio): void {
    this.#local = local;
    this.#agreed = agreed;
    this.#bound = [
      ...this.#bound.filter((b) => !agreed.formats.some((f) => f.local.payloadType === b.payloadType)),
      ...agreed.formats.map((f) => f.local),
    ];
    this.#pendingLocal = null;
    this.#pendingRemote = null;
    this.#pendingAgreed = null;
    this.#state = 'stable';
  }

  async #apply(agreed: AgreedAudio): Promise<void> {
    const ports = await this.#bind(agreed.address);
    const [address, rtcpAddress] = await Promise.all([
      this.#literal(agreed.address),
      this.#literal(agreed.rtcpAddress),
    ]);
    this.#capture ??= new CapturePreroll(this.options.audio);
    this.#call ??= new AudioCall({ ...this.options, ports, capture: this.#capture, events: this.events });
    this.#call.setMuted(this.#muted);
    try {
      await this.#call.configure({
        agreed,
        rtp: address === null ? null : { address, port: agreed.port },
        rtcp: rtcpAddress === null ? null : { address: rtcpAddress, port: agreed.rtcpPort },
        // Nobody who puts a call on hold wants to be heard.
        held: this.#intent !== 'sendrecv',
      });
    } catch (error) {
      throw new MediaError('device', 'the audio path did not open', error);
    }
    if (this.#state === 'closed') throw new MediaError('closed', 'the call is over');
    if (this.#direction !== agreed.direction) {
      this.#direction = agreed.direction;
      this.events.emit('direction', { audio: agreed.direction });
    }
  }

  /** The literal address of a host in SDP; null for the unspecified one. */
  async #literal(host: string): Promise<string | null> {
    if (host === '0.0.0.0' || host === '::' || host.toLowerCase().endsWith('invalid')) return null;
    if (ipFamily(host) !== null) return host;
    const type = this.#ports?.rtp.local.address.includes(':') ? 'AAAA' : 'A';
    try {
      const records = await this.options.network.resolve({ name: host, type });
      for (const record of records) if (record.type === 'A' || record.type === 'AAAA') return record.address;
      return null;
    } catch (error) {
      throw new MediaError('network', `no address for ${host}`, error);
    }
  }

  async #bind(remote: string | null): Promise<PortPair> {
    if (this.#ports !== null) return this.#ports;
    try {
      const address = await this.#localAddress(remote);
      const ports = await bindPortPair(this.options.network, address, this.options.random);
      if (this.#state === 'closed') {
        ports.rtp.close();
        ports.rtcp.close();
        throw new MediaError('closed', 'the call is over');
      }
      this.#ports = ports;
      this.#capture ??= new CapturePreroll(this.options.audio);
      for (const socket of [ports.rtp, ports.rtcp]) {
        socket.onClose = (error) => {
          if (error !== null && this.#state !== 'closed')
            this.events.emit('failure', new MediaError('network', 'the media socket is gone', error));
        };
      }
      return ports;
    } catch (error) {
      if (error instanceof NetworkError) throw new MediaError('network', error.message, error);
      throw error;
    }
  }

  /** The one that leads to the offerer, else to where the signalling goes, else the first of this host's interfaces. */
  async #localAddress(remote: string | null): Promise<string> {
    const { network } = this.options;
    for (const peer of [remote, this.signalling]) {
      if (peer !== null && ipFamily(peer) !== null && peer !== '0.0.0.0' && peer !== '::')
        return network.localAddressFor(peer);
    }
    const interfaces = await network.interfaces();
    return (
      (interfaces.find((i) => !i.internal && i.family === 4) ?? interfaces.find((i) => !i.internal) ?? interfaces[0])
        ?.address ?? '127.0.0.1'
    );
  }

  /** @param offering what we name ourselves, and what this call already uses; else everything we can take */
  #formats(offering: boolean): PayloadFormat[] {
    const { codecs = null, opus, dtx } = this.options;
    return localFormats(codecs, this.#bound, offering, opus != null, dtx);
  }

  #describe({ rtp, rtcp }: PortPair, direction: MediaDirection, offering: boolean): LocalAudio {
    // IP, UDP and RTP headers, 50 packets a second, and 64 kbit/s of G.711.
    const bandwidth = rtp.local.address.includes(':') ? 88 : 80;
    return {
      address: rtp.local.address,
      port: rtp.local.port,
      rtcpPort: rtcp.local.port,
      formats: this.#formats(offering),
      direction,
      ptime: PTIME,
      bandwidth,
      ordered: this.options.codecs != null,
    };
  }

  #origin(address: string): Sdp['origin'] {
    return this.#newest?.origin ?? createOrigin(String(randomUint32(this.options.random)), address);
  }

  /** RFC 3264 §8: the version rises if the description differs from the last one. */
  #remember(session: Sdp): Sdp {
    const previous = this.#newest;
    const changed = previous !== null && printSdp(session) !== printSdp(previous);
    this.#newest = changed ? { ...session, origin: nextOrigin(previous.origin) } : session;
    return this.#newest;
  }

  #expect(state: State): void {
    if (this.#state === 'closed') throw new MediaError('closed', 'the call is over');
    if (this.#state !== state) throw new MediaError('wrong-state', `${this.#state}, not ${state}`);
  }
}

function parse({ sdp }: SessionDescription): Sdp {
  const result = parseSdp(sdp);
  if (!result.ok) throw new MediaError('malformed', `SDP line ${result.line}: ${result.detail}`);
  return result.session;
}

function refused({ reason, detail }: NegotiationFailure): MediaError {
  return new MediaError(reason, detail);
}
