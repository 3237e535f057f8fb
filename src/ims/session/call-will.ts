import type { Dialog, DialogRequest } from '../sip/dialog.js';
import type { SendOptions } from '../sip/endpoint.js';
import { createResponse, type SipRequest } from '../sip/message.js';
import { createCancel } from '../sip/transaction/derived-requests.js';
import type { Flow } from '../sip/transport/flow.js';
import type { CallContext } from './call-context.js';

/**
 * What ends a call when nobody is left here to do it: the page was closed, or died. CANCEL, a refusal or BYE, whichever its
 * state asks for, made anew with all that changes what it has to be. Nobody answers a challenge to it, or sends it again.
 */
export class CallWill {
  readonly #name: string;
  #round = 0;
  #isLeft = false;

  /** @param id of the call, like no other */
  constructor(
    private readonly context: Pick<CallContext, 'endpoint' | 'sender'>,
    id: string,
  ) {
    this.#name = `call ${id}`;
  }

  /** Our INVITE has been heard of. @param invite as it was sent on `flow` */
  leaveCancel(invite: SipRequest, flow: Flow): void {
    this.#round++;
    this.#isLeft = true;
    this.context.endpoint.leaveWill({ name: this.#name }, createCancel(invite), flow);
  }

  /** An INVITE that came by `flow` rings. */
  leaveRefusal(invite: SipRequest, toTag: string, flow: Flow): void {
    this.#round++;
    this.#isLeft = true;
    this.context.endpoint.leaveAnswer({ name: this.#name }, createResponse(invite, 480, { toTag }), invite, flow);
  }

  /** @param way where a request of the dialog goes now */
  async leaveBye(dialog: Dialog, way: (made: DialogRequest) => SendOptions): Promise<void> {
    const round = ++this.#round;
    const { endpoint, sender } = this.context;
    const made = dialog.createFarewell();
    await sender.authorize(made.request);
    const flow = await endpoint.flowFor(made.request, way(made)).catch(() => null);
    if (round !== this.#round || !flow) return;
    this.#isLeft = true;
    endpoint.leaveWill({ name: this.#name }, made.request, flow);
  }

  withdraw(): void {
    this.#round++;
    if (this.#isLeft) this.context.endpoint.dropWill(this.#name);
    this.#isLeft = false;
  }
}
