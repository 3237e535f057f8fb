import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { AudioDevice, MicrophoneProcessing } from '../../../client/client-api.js';
import { selectBox } from '../../fields/select-box.js';
import type { PhoneScope } from '../phone-scope.js';

/** Devices, volume and processing, beside a call. */
export function audioPanel(scope: PhoneScope): TemplateResult {
  return html`<div class="panel audio" part="panel" id="panel-audio" role="group" aria-label=${scope.t.audio.title}>
    ${audioFields(scope)}
  </div>`;
}

/** Microphone, speaker, volume, and what the browser does to the microphone's sound. */
export function audioFields({ t, phone, snapshot }: PhoneScope): TemplateResult {
  const audio = snapshot?.audio;
  const volume = Math.round((audio?.volume ?? 1) * 100);
  return html`${deviceField(t.audio.microphone, audio?.inputs ?? [], audio?.inputId ?? null, (id) => void phone.run((client) => client.devices.setInputDevice(id)))}
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
    <div class="switches">
      ${processingSwitch('echoCancellation', t.settings.echo)} ${processingSwitch('noiseSuppression', t.settings.noise)}
      ${processingSwitch('autoGainControl', t.settings.gain)}
    </div>`;

  function processingSwitch(name: keyof MicrophoneProcessing, label: string): TemplateResult {
    const on = audio?.processing[name] ?? true;
    return html`<div class="switch-row">
      <span id="switch-${name}">${label}</span>
      <button
        class="switch"
        part="switch"
        type="button"
        role="switch"
        aria-checked=${on ? 'true' : 'false'}
        aria-labelledby="switch-${name}"
        ?disabled=${!audio}
        @click=${() => audio && void phone.run((client) => client.devices.setProcessing({ ...audio.processing, [name]: !on }))}
      ></button>
    </div>`;
  }

  function deviceField(
    label: string,
    devices: readonly AudioDevice[],
    chosen: string | null,
    choose: (id: string | null) => void,
  ): TemplateResult {
    return html`<label class="field">
      <span class="label">${label}</span>
      ${selectBox(
        html`<select
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
        </select>`,
      )}
    </label>`;
  }
}
