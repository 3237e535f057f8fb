import { Dialog } from '../../../src/ims/sip/dialog.js';
import type { SipEndpoint } from '../../../src/ims/sip/endpoint.js';
import { createResponse, type SipRequest, type SipResponse } from '../../../src/ims/sip/message.js';
import type { ServerTransaction } from '../../../src/ims/sip/transaction/server-transaction.js';
import { encodeUtf8 } from '../../../src/ims/sip/utf8.js';

export interface NotifyParts {
  readonly state?: string;
  readonly event?: string;
  readonly body?: string;
  readonly type?: string;
  /** Headers taken away or changed before it leaves. */
  readonly change?: (request: SipRequest) => void;
}

/** One subscription as the notifier has it. */
export class FakeDialog {
  /** Status of each answer to a NOTIFY. */
  readonly answers: number[] = [];

  constructor(
    private readonly endpoint: SipEndpoint,
    readonly subscribe: SipRequest,
    readonly dialog: Dialog,
    private readonly address: string,
  ) {}

  notify({ state = 'active;expires=3600', event, body, type, change }: NotifyParts = {}): void {
    const { request, nextHop } = this.dialog.createRequest('NOTIFY');
    request.headers.set('Event', event ?? this.subscribe.headers.get('Event') ?? '');
    request.headers.set('Subscription-State', state);
    request.headers.set('Contact', `<sip:notifier@${this.address}:5060>`);
    if (body !== undefined) {
      request.headers.set('Content-Type', type ?? 'text/plain');
      request.body = encodeUtf8(body);
    }
    change?.(request);
    this.endpoint.request(
      request,
      {
        onFinal: (response) => void this.answers.push(response.status),
        onFailure: () => void this.answers.push(0),
      },
      { nextHop },
    );
  }
}

/** A notifier: takes every SUBSCRIBE, unless told to say something else, and keeps its dialogs. */
export class FakeNotifier {
  readonly subscribes: SipRequest[] = [];
  readonly dialogs: FakeDialog[] = [];
  /** Seconds granted at most. */
  granted = 3600;
  override: ((request: SipRequest) => SipResponse | null) | null = null;
  /** Called after a SUBSCRIBE was taken, or refreshed: usually sends a NOTIFY. */
  onSubscribed: ((dialog: FakeDialog, request: SipRequest) => void) | null = (dialog) => dialog.notify();
  #count = 0;

  constructor(
    private readonly endpoint: SipEndpoint,
    private readonly address: string,
  ) {}

  get last(): FakeDialog {
    const dialog = this.dialogs.slice(-1)[0];
    if (!dialog) throw new Error('nobody subscribed');
    return dialog;
  }

  receive(request: SipRequest, transaction: ServerTransaction): void {
    this.subscribes.push(request);
    const refused = this.override?.(request);
    if (refused) return transaction.respond(refused);
    const known = this.dialogs.find(
      ({ dialog }) => dialog.callId === request.callId && dialog.localTag === request.toTag,
    );
    const toTag = known?.dialog.localTag ?? `n${++this.#count}`;
    const response = createResponse(request, 200, { toTag });
    response.headers.set('Expires', String(Math.min(request.expires ?? 0, this.granted)));
    response.headers.set('Contact', `<sip:notifier@${this.address}:5060>`);
    const dialog = known ?? this.#create(request, toTag);
    transaction.respond(response);
    this.onSubscribed?.(dialog, request);
  }

  /** A dialog of another notifier that the same SUBSCRIBE reached. */
  fork(toTag: string): FakeDialog {
    return this.#create(this.last.subscribe, toTag);
  }

  #create(request: SipRequest, toTag: string): FakeDialog {
    const dialog = Dialog.ofCalled(request, toTag);
    if (!dialog) throw new Error('a SUBSCRIBE without Contact');
    const made = new FakeDialog(this.endpoint, request, dialog, this.address);
    this.dialogs.push(made);
    return made;
  }
}
