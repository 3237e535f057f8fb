import { html, nothing, type TemplateResult } from 'lit';
import { addressOf, initialsOf, nameOf } from '../../format/party.js';
import { icon } from '../../icons/icon.js';
import type { Party } from '../../../ims/snapshot.js';
import type { Strings } from '../../strings/strings.js';

/** A round picture with initials. Decorative: the name stands beside it. */
export function avatar(name: string): TemplateResult {
  const initials = initialsOf(name);
  return html`<span class="avatar" part="avatar" aria-hidden="true">${initials || icon('person')}</span>`;
}

/** Picture, name, address. Both come from the network and are rendered as text. */
export function partyCard(t: Strings, party: Party): TemplateResult {
  const name = nameOf(party) || t.call.unknownCaller;
  const address = addressOf(party.uri);
  return html`<div class="party" part="party">
    ${avatar(name)}
    <bdi class="party-name" part="party-name">${name}</bdi>
    ${address && address !== name ? html`<bdi class="party-address" part="party-address" dir="ltr">${address}</bdi>` : nothing}
  </div>`;
}
