import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificates, type TestCertificates } from '../net/certificates.js';
import { Baresip, type BaresipOptions } from './peers/baresip.js';
import { stopAllChildren } from './peers/child.js';
import { Kamailio } from './peers/kamailio.js';
import { makeSounds, type Sounds } from './sounds.js';

export type Transport = 'udp' | 'tcp' | 'tls';
export const TRANSPORTS: readonly Transport[] = ['udp', 'tcp', 'tls'];

/** Everything a run needs, in a folder that goes when the run does. */
export class Lab {
  readonly folder = mkdtempSync(join(tmpdir(), 'ims-interop-'));
  readonly kamailio = new Kamailio(join(this.folder, 'core'));
  readonly sounds: Sounds = makeSounds(this.folder);
  #count = 0;
  #certificates: TestCertificates | null = null;

  /** Certificates for 127.0.0.1, and who signed them. */
  get certificates(): TestCertificates {
    return (this.#certificates ??= makeCertificates());
  }

  /** The authority of {@link certificates} as a file. */
  get authorityFile(): string {
    const file = join(this.folder, 'authority.pem');
    if (!existsSync(file)) writeFileSync(file, this.certificates.authority);
    return file;
  }

  /** A folder nobody else uses. */
  fresh(name: string): string {
    const folder = join(this.folder, `${++this.#count}-${name}`);
    mkdirSync(folder);
    return folder;
  }

  /** Bob's softphone, registered at Kamailio by UDP; says the tone unless told otherwise. */
  baresip(options: Partial<BaresipOptions> = {}): Promise<Baresip> {
    return Baresip.start({
      folder: this.fresh('baresip'),
      account: this.kamailio.subscriber('bob'),
      proxy: this.kamailio.proxy('udp'),
      sound: this.sounds.toneFile,
      codec: 'PCMA/8000/1',
      ...options,
    });
  }

  async close(): Promise<void> {
    await stopAllChildren();
    await this.kamailio.stop().catch(() => undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Waits. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
