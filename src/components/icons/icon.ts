import { svg, html, type TemplateResult } from 'lit';

/** One family: 24 unit grid, 1.75 stroke, round ends, drawn for this project. */
const HANDSET =
  'M6.6 3.75h1.9c.66 0 1.24.44 1.42 1.07l.83 2.9c.15.53-.01 1.1-.42 1.47l-1.2 1.08a12.2 12.2 0 0 0 4.6 4.6l1.08-1.2c.37-.41.94-.57 1.47-.42l2.9.83c.63.18 1.07.76 1.07 1.42v1.9c0 1.17-.98 2.1-2.14 1.98C11 18.75 5.25 13 4.62 5.89 4.5 4.73 5.43 3.75 6.6 3.75Z';
const MIC = 'M12 3.75a2.75 2.75 0 0 1 2.75 2.75v5a2.75 2.75 0 0 1-5.5 0v-5A2.75 2.75 0 0 1 12 3.75Z';
const SPEAKER = 'M4.25 9.75h3l4.5-3.75v12l-4.5-3.75h-3Z';

const PATHS = {
  call: [HANDSET],
  mic: [MIC, 'M5.75 11.25a6.25 6.25 0 0 0 12.5 0', 'M12 17.5v3'],
  'mic-off': [
    'M9.25 9.25v2.25a2.75 2.75 0 0 0 4.6 2.04M14.75 11V6.5a2.75 2.75 0 0 0-5.3-1.02',
    'M5.75 11.25a6.25 6.25 0 0 0 10.1 4.9M18.25 11.25c0 .87-.18 1.7-.5 2.45',
    'M12 17.5v3',
    'm4 4 16 16',
  ],
  pause: ['M9 5.75v12.5', 'M15 5.75v12.5'],
  play: ['M8 5.5v13l10.5-6.5Z'],
  speaker: [SPEAKER, 'M15.25 9.25a4 4 0 0 1 0 5.5', 'M17.75 6.75a7.5 7.5 0 0 1 0 10.5'],
  clock: ['M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16Z', 'M12 7.75V12l2.75 1.75'],
  erase: [
    'M9 6h9.5A1.75 1.75 0 0 1 20.25 7.75v8.5A1.75 1.75 0 0 1 18.5 18H9l-5.25-6Z',
    'm11.5 9.75 4.5 4.5',
    'm16 9.75-4.5 4.5',
  ],
  plus: ['M12 5.5v13', 'M5.5 12h13'],
  close: ['m6.5 6.5 11 11', 'm17.5 6.5-11 11'],
  chevron: ['m7 10 5 5 5-5'],
  up: ['m7 14 5-5 5 5'],
  sliders: [
    'M4.5 8.5h7M16.5 8.5h3M4.5 15.5h3M12.5 15.5h7',
    'M14 6.25a2.25 2.25 0 1 1 0 4.5 2.25 2.25 0 0 1 0-4.5Z',
    'M10 13.25a2.25 2.25 0 1 1 0 4.5 2.25 2.25 0 0 1 0-4.5Z',
  ],
  grip: ['M6.5 9.5h11', 'M6.5 14.5h11'],
  copy: [
    'M9.5 8.75h8A1.75 1.75 0 0 1 19.25 10.5v7A1.75 1.75 0 0 1 17.5 19.25h-8a1.75 1.75 0 0 1-1.75-1.75v-7A1.75 1.75 0 0 1 9.5 8.75Z',
    'M14.75 8.75V6.5A1.75 1.75 0 0 0 13 4.75H6.5A1.75 1.75 0 0 0 4.75 6.5V13a1.75 1.75 0 0 0 1.75 1.75h1.25',
  ],
  check: ['m5.5 12.5 4.25 4.25 8.75-9.5'],
  alert: ['M12 4.5 20.75 19.5H3.25Z', 'M12 10v4', 'M12 16.75v.01'],
  incoming: ['M17.5 6.5 7 17', 'M7 9.25V17h7.75'],
  outgoing: ['M6.5 17.5 17 7', 'M17 14.75V7H9.25'],
  missed: ['m4.5 8 6.5 6.5 8.5-8.5', 'M4.5 13V8h5'],
  swap: ['M5 9h13', 'm14.75 5.5 3.5 3.5-3.5 3.5', 'M19 15.5H6', 'M9.25 12 5.75 15.5 9.25 19'],
  link: [
    'M10 13.75a3.5 3.5 0 0 0 5 0l3-3a3.54 3.54 0 0 0-5-5l-1 1',
    'M14 10.25a3.5 3.5 0 0 0-5 0l-3 3a3.54 3.54 0 0 0 5 5l1-1',
  ],
  person: ['M12 4.25a3.75 3.75 0 1 1 0 7.5 3.75 3.75 0 0 1 0-7.5Z', 'M4.75 19.75a7.25 7.25 0 0 1 14.5 0'],
  retry: ['M19.25 12a7.25 7.25 0 1 1-2.2-5.2L19.25 9', 'M19.25 4.75V9H15'],
  exit: [
    'M13.5 4.75H7A1.75 1.75 0 0 0 5.25 6.5v11A1.75 1.75 0 0 0 7 19.25h6.5',
    'M10.5 12h9',
    'm16 8.5 3.5 3.5-3.5 3.5',
  ],
} as const;

export type IconName = keyof typeof PATHS | 'hang-up' | 'keypad';

const DOTS = [6, 12, 18].flatMap((cy) =>
  [6, 12, 18].map((cx) => svg`<circle cx=${cx} cy=${cy} r="1.4" fill="currentColor" stroke="none"/>`),
);

/** Decorative: the control that holds it carries the name. */
export function icon(name: IconName): TemplateResult {
  return html`<svg
    class="icon"
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.75"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    ${shapes(name)}
  </svg>`;
}

function shapes(name: IconName): unknown {
  if (name === 'keypad') return DOTS;
  if (name === 'hang-up') return svg`<path d=${HANDSET} transform="rotate(135 12 12.5)"/>`;
  return PATHS[name].map((d) => svg`<path d=${d}/>`);
}
