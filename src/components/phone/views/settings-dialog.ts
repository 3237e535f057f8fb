import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../../icons/icon.js';
import type { PhoneScope } from '../phone-scope.js';
import { audioFields } from './audio-panel.js';
import { codecList } from './codec-list.js';
import { closeDialog, closeOnBackdrop } from './dialog.js';

/** Devices, what is done to the microphone's sound, and the order of codecs. Filled only while it is open. */
export function settingsDialog(scope: PhoneScope): TemplateResult {
  const { t, phone } = scope;
  return html`<dialog
    class="dialog settings"
    part="dialog"
    aria-labelledby="settings-title"
    @click=${closeOnBackdrop}
    @close=${() => phone.setSettings(false)}
  >
    ${
      phone.settings
        ? html`<div class="dialog-body">
            <div class="dialog-head">
              <h2 class="title" id="settings-title">${t.settings.title}</h2>
              <button
                class="round mini plain"
                part="button"
                type="button"
                aria-label=${t.action.close}
                @click=${closeDialog}
              >
                ${icon('close')}
              </button>
            </div>
            <section class="fields" aria-labelledby="sound-title">
              <h3 class="heading" id="sound-title">${t.audio.title}</h3>
              ${audioFields(scope)}
            </section>
            ${codecList(scope)}
          </div>`
        : nothing
    }
  </dialog>`;
}
