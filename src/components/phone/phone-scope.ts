import type { CallSnapshot } from '../../ims/snapshot.js';
import type { ClientSnapshot } from '../../client/client-api.js';
import type { Copier } from '../identities/copier.js';
import type { PairingController } from '../pairing/pairing-controller.js';
import type { RemedyAction } from '../problem/remedy-action.js';
import type { Failure } from '../../ims/failure.js';
import type { Strings } from '../strings/strings.js';
import type { PhoneController } from './phone-controller.js';

/** What every view of the phone is given. Views are functions: scope in, template out. */
export interface PhoneScope {
  readonly phone: PhoneController;
  readonly pairing: PairingController;
  readonly copier: Copier;
  readonly t: Strings;
  readonly snapshot: ClientSnapshot | null;
  /** Wall-clock milliseconds of this rendering. */
  readonly now: number;
  readonly hasHelp: boolean;
  /** The page says from which identity calls leave: nobody is asked. */
  readonly fixedIdentity: boolean;
  readonly intents: PhoneIntents;
}

/** Gestures that a page can see and stop. */
export interface PhoneIntents {
  call(address: string): void;
  answer(call: CallSnapshot): void;
  hangUp(call: CallSnapshot): void;
  remedy(action: RemedyAction, failure: Failure, call: CallSnapshot | null): void;
  openConnection(): void;
  openSettings(): void;
}
