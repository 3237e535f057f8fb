import { html, nothing, type TemplateResult } from 'lit';
import { formatDuration, isoDuration } from '../../format/duration.js';
import { nameOf } from '../../format/party.js';
import { icon, type IconName } from '../../icons/icon.js';
import type { CallSnapshot } from '../../../ims/snapshot.js';
import type { Panel } from '../phone-controller.js';
import type { PhoneScope } from '../phone-scope.js';
import { audioPanel } from './audio-panel.js';
import { keyPad } from './key-pad.js';
import { partyCard } from './party-card.js';
import { qualityMeter, qualityPanel } from './quality-panel.js';

/** A call that we placed and nobody has answered. */
export function outgoingView(scope: PhoneScope, call: CallSnapshot): TemplateResult {
  const { t, intents } = scope;
  return html`<div
    class="view call outgoing"
    part="call"
    data-view="outgoing"
    role="group"
    aria-label=${t.call.callWith(nameOf(call.remote))}
    tabindex="-1"
  >
    ${partyCard(t, call.remote)}
    <p class="state-line ringing">${stateText(scope, call)}</p>
    ${scope.phone.panel === 'audio' ? audioPanel(scope) : nothing}
    <div class="controls">${panelControl(scope, 'audio', 'speaker', t.call.audio)}</div>
    <button class="button danger wide" part="button hang-up-button" type="button" @click=${() => intents.hangUp(call)}>
      ${icon('hang-up')}${t.call.cancel}
    </button>
  </div>`;
}

/** Talking, held, or on the way there. */
export function callView(scope: PhoneScope, call: CallSnapshot): TemplateResult {
  const { t, phone, intents } = scope;
  const up = call.state === 'active';
  return html`<div
    class="view call ${call.localHold || call.remoteHold ? 'held' : ''} ${phone.panel === 'none' ? '' : 'with-panel'}"
    part="call"
    data-view="call"
    role="group"
    aria-label=${t.call.callWith(nameOf(call.remote))}
    tabindex="-1"
  >
    ${partyCard(t, call.remote)}
    <p class="state-line">
      ${stateText(scope, call)} ${call.answeredAt === null ? nothing : duration(scope, call, call.answeredAt)}
    </p>
    ${digitsReceived(scope, call)} ${qualityMeter(scope, call)} ${panel(scope, call)}
    <div class="controls" part="controls">
      <button
        class="control"
        part="control"
        type="button"
        aria-pressed=${call.muted ? 'true' : 'false'}
        ?disabled=${!up}
        @click=${() => void phone.toggleMute(call)}
      >
        <span class="control-icon">${icon(call.muted ? 'mic-off' : 'mic')}</span
        ><span class="control-label">${t.call.mute}</span>
      </button>
      <button
        class="control"
        part="control"
        type="button"
        data-on=${call.localHold ? '' : nothing}
        ?disabled=${!up}
        @click=${() => void phone.toggleHold(call)}
      >
        <span class="control-icon">${icon(call.localHold ? 'play' : 'pause')}</span>
        <span class="control-label">${call.localHold ? t.call.resume : t.call.hold}</span>
      </button>
      ${panelControl(scope, 'keypad', 'keypad', t.call.keypad, !up)}
      ${panelControl(scope, 'audio', 'speaker', t.call.audio)}
      <button class="control" part="control" type="button" ?disabled=${!up} @click=${() => phone.setDialling(true)}>
        <span class="control-icon">${icon('plus')}</span><span class="control-label">${t.call.addCall}</span>
      </button>
    </div>
    <button
      class="button danger wide"
      part="button hang-up-button"
      type="button"
      ?disabled=${call.state === 'ending'}
      @click=${() => intents.hangUp(call)}
    >
      ${icon('hang-up')}${t.call.hangUp}
    </button>
  </div>`;
}

/** Keys that the other side pressed: the newest, as many as a line takes. */
function digitsReceived({ t }: PhoneScope, call: CallSnapshot): TemplateResult | typeof nothing {
  if (call.digitsReceived === '') return nothing;
  return html`<output class="state-line"
    >${t.call.digitsReceived} <bdi class="tabular" dir="ltr">${call.digitsReceived.slice(-16)}</bdi></output
  >`;
}

function panel(scope: PhoneScope, call: CallSnapshot): TemplateResult | typeof nothing {
  const { t, phone } = scope;
  switch (phone.panel) {
    case 'keypad':
      return html`<div class="panel" part="panel" id="panel-keypad">
        <output class="digits tabular" dir="ltr" aria-label=${t.call.digitsSent}>${call.digitsSent}</output>
        ${keyPad(t, t.call.keypad, (tone) => void phone.sendTone(call, tone), false)}
      </div>`;
    case 'audio':
      return audioPanel(scope);
    case 'quality':
      return qualityPanel(scope, call);
    case 'none':
      return nothing;
  }
}

function panelControl(
  { phone }: PhoneScope,
  name: Panel,
  iconName: IconName,
  label: string,
  disabled = false,
): TemplateResult {
  const open = phone.panel === name;
  return html`<button
    class="control"
    part="control"
    type="button"
    aria-expanded=${open ? 'true' : 'false'}
    aria-controls=${open ? `panel-${name}` : nothing}
    ?disabled=${disabled}
    @click=${() => phone.toggle(name)}
  >
    <span class="control-icon">${icon(iconName)}</span><span class="control-label">${label}</span>
  </button>`;
}

function duration({ t, now }: PhoneScope, call: CallSnapshot, answeredAt: number): TemplateResult {
  const ms = (call.endedAt ?? now) - answeredAt;
  return html`<time
    class="duration tabular"
    part="duration"
    role="timer"
    aria-label=${t.call.duration}
    datetime=${isoDuration(ms)}
    >${formatDuration(ms)}</time
  >`;
}

function stateText({ t }: PhoneScope, call: CallSnapshot): TemplateResult | typeof nothing {
  const text = stateWords(t.call, call);
  return text ? html`<span class="state-word">${text}</span>` : nothing;
}

function stateWords(words: PhoneScope['t']['call'], call: CallSnapshot): string {
  switch (call.state) {
    case 'dialling':
      return words.dialling;
    case 'ringing-out':
      return words.ringingOut;
    case 'early-media':
      return words.earlyMedia;
    case 'ringing-in':
      return words.incoming;
    case 'connecting':
      return words.connecting;
    case 'ending':
      return words.ending;
    case 'ended':
      return words.ended;
    case 'active':
      if (call.localHold && call.remoteHold) return words.heldByBoth;
      if (call.localHold) return words.heldByYou;
      return call.remoteHold ? words.heldByPeer : '';
  }
}
