import { html, nothing, type TemplateResult } from 'lit';
import { codecKilohertz, codecName } from '../../format/codec.js';
import type { CallQuality, CallSnapshot } from '../../../ims/snapshot.js';
import type { Strings } from '../../strings/strings.js';
import type { PhoneScope } from '../phone-scope.js';
import { qualityBars, qualityGrade } from '../quality-grade.js';

/** Four bars and a word; opens the details. Nothing on hold: there is no sound to judge. */
export function qualityMeter({ t, phone }: PhoneScope, call: CallSnapshot): TemplateResult | typeof nothing {
  if (!call.quality || call.localHold || call.remoteHold) return nothing;
  const grade = qualityGrade(call.quality.mos);
  const bars = qualityBars(grade);
  const open = phone.panel === 'quality';
  return html`<button
    class="quality ${grade}"
    part="quality"
    type="button"
    aria-expanded=${open ? 'true' : 'false'}
    aria-controls=${open ? 'panel-quality' : nothing}
    aria-label="${t.quality.title}: ${t.quality.grade[grade]}"
    @click=${() => phone.toggle('quality')}
  >
    <span class="bars" aria-hidden="true"
      >${[1, 2, 3, 4].map((bar) => html`<i class=${bar <= bars ? 'on' : ''}></i>`)}</span
    >
    <span>${t.quality.grade[grade]}</span>
  </button>`;
}

/** Every figure of the last report, and the two level meters. */
export function qualityPanel({ t }: PhoneScope, call: CallSnapshot): TemplateResult {
  const quality = call.quality;
  return html`<div class="panel" part="panel" id="panel-quality" role="group" aria-label=${t.quality.title}>
    ${
      quality
        ? html`${level(t.quality.inputLevel, quality.inputLevel)} ${level(t.quality.outputLevel, quality.outputLevel)}
            <dl class="facts" part="facts">
              ${rows(t, quality).map(
                ([term, value]) =>
                  html`<div>
                    <dt>${term}</dt>
                    <dd class="tabular" dir="ltr">${value}</dd>
                  </div>`,
              )}
            </dl>`
        : html`<p class="note">${t.quality.unknown}</p>`
    }
  </div>`;
}

function rows({ quality: t, lang }: Strings, quality: CallQuality): readonly (readonly [string, string])[] {
  const number = (value: number, digits = 0): string =>
    new Intl.NumberFormat(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
  const percent = (ratio: number): string => `${number(ratio * 100, 1)} %`;
  const ms = (value: number): string => `${number(value)} ms`;
  return [
    [t.codec, `${codecName(quality.codec)} · ${number(codecKilohertz(quality.codec, quality.clockRate))} kHz`],
    [t.mos, `${number(quality.mos, 1)} / 4.5`],
    [t.lossReceived, percent(quality.lossReceived)],
    [t.lossSent, percent(quality.lossSent)],
    [t.jitter, ms(quality.jitterMs)],
    [t.roundTrip, quality.roundTripMs === null ? '–' : ms(quality.roundTripMs)],
    [t.playoutDelay, ms(quality.playoutDelayMs)],
    [t.concealed, percent(quality.concealedRatio)],
    [t.packets, `${number(quality.packetsReceived)} / ${number(quality.packetsSent)}`],
  ];
}

/** Speech peaks lie between -50 and 0 dBFS: a linear meter would hardly move. */
function level(label: string, peak: number): TemplateResult {
  const db = peak > 0 ? 20 * Math.log10(peak) : -60;
  const value = Math.round(Math.min(100, Math.max(0, (db + 60) * (100 / 60))));
  return html`<label class="level"
    ><span class="label">${label}</span><meter part="meter" min="0" max="100" value=${value}>${value} %</meter></label
  >`;
}
