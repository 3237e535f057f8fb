import { html, nothing, type TemplateResult } from 'lit';
import type { CodecPreference } from '../../../client/client-api.js';
import { codecKilohertz, codecName, isWideband } from '../../format/codec.js';
import { icon } from '../../icons/icon.js';
import type { Strings } from '../../strings/strings.js';
import { codecKey, type CodecOrder } from '../codec-order.js';
import type { PhoneScope } from '../phone-scope.js';

/** Pixels at either end of the scrolling box where a drag scrolls it. */
const EDGE = 48;

/**
 * Codecs in the order in which calls use them. By pointer: drag the handle. By keyboard: Space picks up, arrows move, Space
 * puts down, Escape puts back. One tab stop: arrows go from row to row and between handle and switch (roving tabindex).
 */
export function codecList({ t, phone }: PhoneScope): TemplateResult {
  const { codecs } = phone;
  const { order } = codecs;
  return html`<section class="codecs" part="codecs" aria-labelledby="codecs-title">
    <h3 class="heading" id="codecs-title">${t.settings.codecs}</h3>
    <p class="note" id="codecs-lead">${t.settings.codecsLead}</p>
    <p class="visually-hidden" id="codecs-hint">${t.settings.codecsHint}</p>
    <ul
      class="codec-list"
      aria-labelledby="codecs-title"
      aria-describedby="codecs-lead"
      @keydown=${(event: KeyboardEvent) => keydown(event, codecs, t, say)}
      @focusin=${keepTabStop}
    >
      ${order.map((codec, index) => row(t, codecs, codec, index, order.length, say))}
    </ul>
    <button class="button small quiet" part="button" type="button" @click=${() => codecs.reset()}>
      ${t.settings.reset}
    </button>
    <p class="visually-hidden" role="status">${phone.said}</p>
  </section>`;

  function say(text: string): void {
    phone.say(text);
  }
}

function row(
  t: Strings,
  codecs: CodecOrder,
  codec: CodecPreference,
  index: number,
  count: number,
  say: (text: string) => void,
): TemplateResult {
  const key = codecKey(codec);
  const rate = codecKilohertz(codec.name, codec.clockRate);
  const name = `${codecName(codec.name)} ${rate} kHz`;
  const held = codecs.grabbed === key;
  const step = (by: 1 | -1): void => {
    if (codecs.moveTo(index + by)) say(t.settings.position(name, index + by + 1, count));
  };
  return html`<li class="codec ${held ? 'held' : ''} ${codec.enabled ? '' : 'off'}" data-codec=${key}>
    <button
      class="handle"
      part="handle"
      type="button"
      tabindex=${index === 0 ? 0 : -1}
      aria-label=${t.settings.move(name, index + 1, count)}
      aria-pressed=${held ? 'true' : 'false'}
      aria-describedby="codecs-hint"
      @pointerdown=${(event: PointerEvent) => drag(event, codecs, key)}
      @click=${(event: MouseEvent) => {
        // From the keyboard, or a press that went nowhere: not the end of a drag.
        if (event.detail === 0 || !dragged) pick(codecs, key, t, say, name);
        dragged = false;
      }}
    >
      ${icon('grip')}
    </button>
    <span class="codec-text">
      <span class="codec-name">${codecName(codec.name)}</span>
      <span class="when tabular" dir="ltr">${rate} kHz</span>
      ${isWideband(codec.name, codec.clockRate) ? html`<span class="badge">${t.settings.wide}</span>` : nothing}
    </span>
    ${
      held
        ? html`<span class="steps"
            ><button
              class="round mini plain"
              type="button"
              tabindex="-1"
              aria-label=${t.settings.up}
              ?disabled=${index === 0}
              @click=${() => step(-1)}
            >
              ${icon('up')}</button
            ><button
              class="round mini plain"
              type="button"
              tabindex="-1"
              aria-label=${t.settings.down}
              ?disabled=${index === count - 1}
              @click=${() => step(1)}
            >
              ${icon('chevron')}
            </button></span
          >`
        : nothing
    }
    <button
      class="switch"
      part="switch"
      type="button"
      role="switch"
      tabindex="-1"
      aria-checked=${codec.enabled ? 'true' : 'false'}
      aria-label=${t.settings.use(name)}
      @click=${() => {
        if (!codecs.toggle(index)) say(t.settings.last);
      }}
    ></button>
  </li>`;
}

/** One finger, one drag: it ends in a click of its own, which is none. */
let dragged = false;

function pick(codecs: CodecOrder, key: string, t: Strings, say: (text: string) => void, name: string): void {
  if (codecs.grabbed === key) {
    say(t.settings.dropped(name, codecs.indexOf(key) + 1, codecs.order.length));
    codecs.drop();
  } else {
    codecs.drop();
    codecs.grab(key);
    say(t.settings.grabbed(name));
  }
}

function drag(event: PointerEvent, codecs: CodecOrder, key: string): void {
  const handle = event.currentTarget;
  if (!(handle instanceof HTMLElement) || event.button !== 0) return;
  const list = handle.closest('.codec-list');
  const box = handle.closest('dialog');
  if (!list) return;
  const start = event.clientY;
  const page = handle.ownerDocument;
  dragged = false;
  // On the document: the codec leaves this row, and the pointer with it.
  const move = ({ clientY, pointerId }: PointerEvent): void => {
    if (pointerId !== event.pointerId || (!dragged && Math.abs(clientY - start) < 4)) return;
    if (!dragged) {
      dragged = true;
      codecs.grab(key);
    }
    const frame = box?.getBoundingClientRect();
    if (frame) box?.scrollBy(0, clientY < frame.top + EDGE ? -EDGE / 4 : clientY > frame.bottom - EDGE ? EDGE / 4 : 0);
    const over = [...list.children].findIndex((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return clientY >= top && clientY < bottom;
    });
    if (over >= 0) codecs.moveTo(over);
  };
  const end = (last: Event): void => {
    page.removeEventListener('pointermove', move);
    for (const type of ['pointerup', 'pointercancel'] as const) page.removeEventListener(type, end);
    if (!dragged) return;
    if (last.type === 'pointerup') codecs.drop();
    else codecs.cancel();
  };
  page.addEventListener('pointermove', move);
  for (const type of ['pointerup', 'pointercancel'] as const) page.addEventListener(type, end);
}

function keydown(event: KeyboardEvent, codecs: CodecOrder, t: Strings, say: (text: string) => void): void {
  const origin = event.target;
  if (!(origin instanceof HTMLElement)) return;
  const item = origin.closest<HTMLElement>('.codec');
  const list = item?.parentElement;
  if (!item || !list) return;
  const rows = [...list.children];
  const index = rows.indexOf(item);
  const column = origin.matches('.switch') ? '.switch' : '.handle';
  const step = { ArrowUp: -1, ArrowDown: 1, Home: -index, End: rows.length - 1 - index }[event.key];
  const key = item.dataset['codec'] ?? '';
  if (step !== undefined) {
    const to = Math.max(0, Math.min(rows.length - 1, index + step));
    if (codecs.grabbed !== null && column === '.handle') moveHeld(to);
    else rows[to]?.querySelector<HTMLElement>(column)?.focus();
  } else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight')
    item.querySelector<HTMLElement>(column === '.switch' ? '.handle' : '.switch')?.focus();
  else if (event.key === 'Escape' && codecs.grabbed !== null) {
    say(t.settings.putBack(nameOfKey(codecs, codecs.grabbed)));
    codecs.cancel();
  } else return;
  event.preventDefault();
  event.stopPropagation();

  function moveHeld(to: number): void {
    if (codecs.grabbed !== key) return;
    if (codecs.moveTo(to)) say(t.settings.position(nameOfKey(codecs, key), to + 1, rows.length));
  }
}

function nameOfKey(codecs: CodecOrder, key: string): string {
  const codec = codecs.order[codecs.indexOf(key)];
  return codec ? `${codecName(codec.name)} ${codecKilohertz(codec.name, codec.clockRate)} kHz` : key;
}

/** What has the focus is the list's tab stop. */
function keepTabStop(event: FocusEvent): void {
  const { target, currentTarget } = event;
  if (!(target instanceof HTMLElement) || !(currentTarget instanceof HTMLElement)) return;
  if (!target.matches('.handle, .switch')) return;
  for (const control of currentTarget.querySelectorAll<HTMLElement>('.handle, .switch'))
    control.tabIndex = control === target ? 0 : -1;
}
