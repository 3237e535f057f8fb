import type { PhoneOnPage } from '../../e2e/phone.js';
import type { Sound } from '../../sound/wav-file.js';
import type { OurSide } from '../our-side.js';
import { freePort } from './free-port.js';
import { listening } from './listening.js';
import type { PageStage } from './page-stage.js';

/** The page without a registrar, driven by clicks. */
export class PageSide implements OurSide {
  private constructor(
    private readonly stage: PageStage,
    private readonly phone: PhoneOnPage,
    readonly localPort: number,
  ) {}

  static async open(stage: PageStage, authorities: readonly string[] = []): Promise<PageSide> {
    const localPort = await freePort();
    const phone = await stage.open({ publicIdentity: 'sip:alice@127.0.0.1', register: false, localPort, authorities });
    await listening(localPort);
    return new PageSide(stage, phone, localPort);
  }

  dial(target: string): Promise<void> {
    return this.phone.dial(target);
  }

  async answer(): Promise<void> {
    await this.phone.call('ringing-in');
    await this.phone.button('Answer').click();
  }

  async active(): Promise<void> {
    await this.phone.call('active');
    await this.stage.startHearing();
  }

  hangup(): Promise<void> {
    return this.phone.button('Hang up').click();
  }

  async ended(): Promise<void> {
    await this.phone.idle();
  }

  heard(): Promise<Sound> {
    return this.stage.heard();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
