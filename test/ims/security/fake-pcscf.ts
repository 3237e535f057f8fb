import { espKeys } from '../../../src/ims/security/index.js';
import { readIpsec3gpp, type Ipsec3gpp } from '../../../src/ims/security/ipsec-parameters.js';
import { parseMechanism } from '../../../src/ims/security/mechanism.js';
import { parseChallenges } from '../../../src/ims/auth/index.js';
import { Headers } from '../../../src/ims/sip/headers.js';
import { createResponse, SipRequest, type SipResponse } from '../../../src/ims/sip/message.js';
import type { ProtectedRoute } from '../../../src/ims/sip/transport/protected-route.js';
import { parseUri } from '../../../src/ims/sip/uri.js';
import type { InstalledSet } from '../../../src/net/ipsec.js';
import { fromBase64 } from '../../../src/platform/base64.js';
import { FakeAkaRegistrar } from '../registration/fake-aka-registrar.js';
import { FakeRegistrar, type Ground } from '../registration/fake-registrar.js';

export const K = '465b5ce8b199b49faa5f0a2ee238a6bc';
export const OP = 'cdc202d5123e20f62b6d676ac72cb318';
const PORT_S = 6100;

/** A P-CSCF with IPsec before an AKA registrar, on a simulated network that enforces associations at both ends, or on this machine. */
export class FakePcscf {
  readonly registrar: FakeRegistrar;
  readonly aka: FakeAkaRegistrar;
  /** Other REGISTERs are answered so; null: as usual. */
  override: ((request: SipRequest) => SipResponse | null) | null = null;
  /** Put into 401 instead of what fits the offer. */
  securityServer: readonly string[] | null = null;
  /** What it takes of an offer; null: the last value. */
  prefers: RegExp | null = null;
  /** Spoils its keys. */
  wrongKeys = false;
  /** Ends and values of every set, oldest first. */
  readonly sets: { readonly route: ProtectedRoute; readonly verify: string; readonly installed: InstalledSet }[] = [];
  #next = 0;

  constructor(
    ground: Ground,
    private readonly address: string,
  ) {
    this.registrar = new FakeRegistrar(ground, address);
    this.aka = new FakeAkaRegistrar(this.registrar, K, OP);
    const judge = this.registrar.override;
    this.registrar.override = (request) => {
      if (request.method !== 'REGISTER') return createResponse(request, 200, { toTag: 'p' });
      const special = this.override?.(request);
      if (special) return special;
      const response = judge?.(request) ?? null;
      if (response?.status === 401) this.#agree(request, response);
      return response;
    };
  }

  async listen(): Promise<void> {
    await this.registrar.listen(this.address);
    const { protection } = this.registrar.endpoint;
    for (const transport of ['udp', 'tcp'] as const)
      await protection.openProtected(transport, { address: this.address, port: PORT_S });
  }

  /** A request to the UE over one of the sets, by UDP or a new connection. @returns status of the answer; null: none */
  ask(method: string, index = this.sets.length - 1, transport: 'udp' | 'tcp' = 'udp'): Promise<number | null> {
    const route = this.sets[index]?.route;
    const uri = parseUri('sip:alice@ue');
    if (!route || !uri) throw new Error('no such set');
    const request = new SipRequest(
      method,
      uri,
      new Headers([
        ['Max-Forwards', '70'],
        ['From', '<sip:core@ims.test>;tag=c'],
        ['To', '<sip:alice@ims.test>'],
        ['Call-ID', `ask${++this.#next}`],
        ['CSeq', `1 ${method}`],
      ]),
    );
    return new Promise((resolve) => {
      this.registrar.endpoint.request(
        request,
        { onFinal: ({ status }) => resolve(status), onFailure: () => resolve(null) },
        { target: { transport, address: route.address, port: route.peerServerPort } },
      );
    });
  }

  /** Forgets every set, as after a restart. */
  async forget(): Promise<void> {
    for (const { installed, route } of this.sets.splice(0)) {
      await installed.remove();
      this.registrar.endpoint.protection.unprotect(route);
    }
  }

  #agree(request: SipRequest, response: SipResponse): void {
    if (this.securityServer) {
      for (const value of this.securityServer) response.headers.append('Security-Server', value);
      return;
    }
    const offered = request.headers.getAll('Security-Client').reverse();
    const best = offered.find((value) => this.prefers?.test(value)) ?? offered[0];
    const mechanism = best === undefined ? null : parseMechanism(best);
    const client = mechanism && readIpsec3gpp(mechanism);
    const via = request.via;
    if (!client || !via) return;
    const number = this.#next++;
    const ours = { ...client, spiC: 5000 + 2 * number, spiS: 5001 + 2 * number, portC: 5100 + number, portS: PORT_S };
    const verify = `ipsec-3gpp;q=0.1;prot=esp;mod=${client.mode};spi-c=${ours.spiC};spi-s=${ours.spiS};port-c=${ours.portC};port-s=${PORT_S};alg=${client.integrity};ealg=${client.encryption}`;
    response.headers.append('Security-Server', verify);
    void this.#install(via.address, client, ours, verify, response);
  }

  async #install(ue: string, client: Ipsec3gpp, ours: Ipsec3gpp, verify: string, response: SipResponse): Promise<void> {
    const nonce = parseChallenges(response.headers.rawValues('WWW-Authenticate'))[0]?.parameters.get('nonce') ?? '';
    const { ck, ik } = this.aka.milenage.keys((fromBase64(nonce) ?? new Uint8Array()).slice(0, 16));
    const { protection } = this.registrar.endpoint;
    const route: ProtectedRoute = {
      address: ue,
      clientPort: ours.portC,
      serverPort: PORT_S,
      peerClientPort: client.portC,
      peerServerPort: client.portS,
    };
    const installing = this.registrar.network.ipsec.install({
      local: this.address,
      remote: ue,
      protocol: client.protocol,
      mode: client.mode,
      integrity: client.integrity,
      encryption: client.encryption,
      ...espKeys(client.integrity, client.encryption, this.wrongKeys ? new Uint8Array(16) : ik, ck),
      ports: [
        { localPort: PORT_S, remotePort: client.portC, spiIn: ours.spiS, spiOut: client.spiC },
        { localPort: ours.portC, remotePort: client.portS, spiIn: ours.spiC, spiOut: client.spiS },
      ],
    });
    protection.protect(route);
    const installed = await installing.catch(() => null);
    // The offer of before, challenged again: the UE does not go on with it.
    if (!installed) return protection.unprotect(route);
    const old = this.sets.length > 2 ? this.sets.shift() : undefined;
    if (old) {
      await old.installed.remove();
      protection.unprotect(old.route);
    }
    this.sets.push({ route, verify, installed });
    await protection.openProtected('udp', { address: this.address, port: ours.portC });
  }
}
