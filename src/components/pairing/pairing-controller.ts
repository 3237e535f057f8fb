import { PairingError, type ClientApi, type PairingErrorReason } from '../../client/client-api.js';

/** Typing the companion's code: DOM-free, shared by account and phone. */
export class PairingController {
  code = '';
  working = false;
  error: PairingErrorReason | null = null;

  constructor(private readonly changed: () => void) {}

  type(code: string): void {
    this.code = code;
    this.error = null;
    this.changed();
  }

  async submit(client: ClientApi): Promise<void> {
    const code = this.code.replace(/\s/g, '');
    if (this.working || !code) return;
    this.working = true;
    this.error = null;
    this.changed();
    try {
      await client.pair(code);
      this.code = '';
    } catch (error) {
      this.error = error instanceof PairingError ? error.reason : 'internal';
    } finally {
      this.working = false;
      this.changed();
    }
  }
}
