import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { AudioDevice } from '../../../client/client-api.js';
import type { PhoneScope } from '../phone-scope.js';

/** Microphone, speaker, volume. */
export function audioPanel({ t, phone, snapshot }: PhoneScope): TemplateResult {
  const audio = snapshot?.audio;
  const volume = Math.round((audio?.volume ?? 1) * 100);
  return html`<div class="panel audio" part="panel" id="panel-audio" role="group" aria-label=${t.audio.title}>
    ${deviceField(t.audio.microphone, audio?.inputs ?? [], audio?.inputId ?? null, (id) => void phone.run((client) => client.devices.setInputDevice(id)))}
    ${deviceField(t.audio.speaker, audio?.outputs ?? [], audio?.outputId ?? null, (id) => void phone.run((client) => client.devices.setOutputDevice(id)))}
    <label class="field">
      <span class="label">${t.audio.volume}</span>
      <input
        class="slider"
        part="slider"
        type="range"
        min="0"
        max="100"
        step="5"
        aria-valuetext="${volume} %"
        .value=${live(String(volume))}
        @input=${(event: InputEvent) =>
          event.target instanceof HTMLInputElement && phone.client?.devices.setVolume(event.target.valueAsNumber / 100)}
      />
    </label>
  </div>`;

  function deviceField(
    label: string,
    devices: readonly AudioDevice[],
    chosen: string | null,
    choose: (id: string | null) => void,
  ): TemplateResult {
    return html`<label class="field">
      <span class="label">${label}</span>
      <select
        class="select"
        part="select"
        @change=${(event: Event) => event.target instanceof HTMLSelectElement && choose(event.target.value || null)}
      >
        <option value="" ?selected=${chosen === null}>${t.audio.systemDefault}</option>
        ${devices.map(
          (device, index) =>
            html`<option value=${device.id} ?selected=${device.id === chosen}>
              ${device.label || t.audio.unnamed(index + 1)}
            </option>`,
        )}
      </select>
    </label>`;
  }
}
