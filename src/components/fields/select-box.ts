import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../icons/icon.js';

/**
 * A `<select>` with our own arrow: the browser's sticks to the edge, and follows no theme.
 * @param dir for what reads from left to right in every language: addresses, protocols
 */
export function selectBox(select: TemplateResult, dir: 'ltr' | null = null): TemplateResult {
  return html`<span class="select-box" dir=${dir ?? nothing}>${select}${icon('chevron')}</span>`;
}
