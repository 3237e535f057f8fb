import { html, type TemplateResult } from 'lit';
import { KEY_PAD_KEYS, moveOnPad } from '../key-pad-keys.js';
import type { Strings } from '../../strings/strings.js';

/** A press this long on `0` means `+`. */
const LONG_PRESS_MS = 500;

// One finger, one long press: kept outside the template, which may be rendered anew while it lasts.
let held: ReturnType<typeof setTimeout> | undefined;
let longPressed = false;

/**
 * Twelve keys, one tab stop: arrows move (roving tabindex). Never mirrored, as on every telephone.
 * @param press called with the tone, or `+`
 * @param plus whether a long press on `0` gives `+`
 */
export function keyPad(t: Strings, label: string, press: (tone: string) => void, plus: boolean): TemplateResult {
  const down = (tone: string): void => {
    longPressed = false;
    if (!plus || tone !== '0') return;
    held = setTimeout(() => {
      longPressed = true;
      press('+');
    }, LONG_PRESS_MS);
  };
  const up = (): void => clearTimeout(held);
  const click = (tone: string): void => {
    up();
    if (!longPressed) press(tone);
    longPressed = false;
  };
  return html`<div class="pad" part="pad" role="group" aria-label=${label} dir="ltr" @keydown=${rove}>
    ${KEY_PAD_KEYS.map(
      ({ tone, letters }, index) =>
        html`<button
          class="key"
          part="key"
          type="button"
          tabindex=${index === 0 ? 0 : -1}
          data-tone=${tone}
          aria-label=${letters && letters !== '+' ? `${t.dial.key(tone)} ${letters}` : t.dial.key(tone)}
          @focus=${focusHere}
          @pointerdown=${() => down(tone)}
          @pointerup=${up}
          @pointerleave=${up}
          @contextmenu=${(event: Event) => plus && tone === '0' && event.preventDefault()}
          @click=${() => click(tone)}
        >
          <span class="digit" aria-hidden="true">${tone === '*' ? '∗' : tone}</span>
          <span class="letters" aria-hidden="true">${letters}</span>
        </button>`,
    )}
  </div>`;
}

function keysOf(element: Element): HTMLButtonElement[] {
  return [...(element.closest('.pad')?.querySelectorAll<HTMLButtonElement>('.key') ?? [])];
}

/** The key that has the focus is the pad's tab stop. */
function focusHere(event: FocusEvent): void {
  const target = event.currentTarget;
  if (target instanceof HTMLButtonElement) for (const key of keysOf(target)) key.tabIndex = key === target ? 0 : -1;
}

function rove(event: KeyboardEvent): void {
  const target = event.target;
  if (!(target instanceof HTMLButtonElement)) return;
  const keys = keysOf(target);
  const next = moveOnPad(keys.indexOf(target), event.key);
  if (next === null) return;
  event.preventDefault();
  keys[next]?.focus();
}
