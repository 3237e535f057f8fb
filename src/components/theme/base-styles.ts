import { css } from 'lit';

/**
 * Tokens and the pieces that both elements share. Pages set `--ims-*`; everything else derives from
 * them. Sizes are `em`: an element scales with the text around it, not with the root.
 */
export const baseStyles = css`
  :host {
    --_surface: var(--ims-surface, light-dark(#ffffff, #15181c));
    --_raised: var(--ims-surface-raised, light-dark(#f1f4f5, #22272c));
    --_pressed: color-mix(in oklab, var(--_raised), var(--_ink) 9%);
    --_ink: var(--ims-ink, light-dark(#14191c, #eef2f3));
    --_quiet: var(--ims-ink-quiet, light-dark(#55616a, #a5b0b8));
    --_line: var(--ims-line, light-dark(#e1e6e9, #2e353b));
    --_edge: var(--ims-edge, light-dark(#7d8992, #75818a));
    --_accent: var(--ims-accent, light-dark(#00735b, #4fd0a8));
    --_on-accent: var(--ims-on-accent, light-dark(#ffffff, #04231a));
    --_danger: var(--ims-danger, light-dark(#c1273a, #d13b47));
    --_on-danger: var(--ims-on-danger, #ffffff);
    --_danger-ink: var(--ims-danger-ink, light-dark(#c1273a, #ff8a91));
    --_warning: var(--ims-warning, light-dark(#8a5200, #f3b850));
    --_tint: color-mix(in oklab, var(--_accent) 12%, var(--_surface));
    --_radius: var(--ims-radius, 1.25em);
    --_radius-small: var(--ims-radius-small, 0.75em);

    display: block;
    container: ims / inline-size;
    min-inline-size: min(100%, 12em);
    color-scheme: var(--ims-color-scheme, inherit);
    color: var(--_ink);
    font: 400 var(--ims-font-size, 1em) / 1.45
      var(--ims-font-family, ui-sans-serif, system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif);
    text-align: start;
    -webkit-text-size-adjust: none;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h2,
  h3,
  p,
  ul,
  dl,
  dd {
    margin: 0;
    padding: 0;
  }
  ul {
    list-style: none;
  }
  button,
  input,
  select {
    font: inherit;
    color: inherit;
    letter-spacing: inherit;
  }
  button {
    margin: 0;
    padding: 0;
    border: 1px solid transparent;
    background: none;
    cursor: pointer;
    touch-action: manipulation;
    -webkit-tap-highlight-color: transparent;
    transition:
      background-color 0.15s,
      color 0.15s,
      opacity 0.15s,
      transform 0.1s;
  }
  button:disabled,
  button[aria-disabled='true'] {
    cursor: default;
    opacity: 0.5;
  }
  button:active:not(:disabled) {
    transform: scale(0.97);
  }
  :focus-visible {
    outline: 0.15em solid var(--_accent);
    outline-offset: 0.15em;
  }
  [data-view]:focus,
  [data-view]:focus-visible {
    outline: none;
  }
  .icon {
    display: block;
    flex: none;
    inline-size: 1.5em;
    block-size: 1.5em;
  }
  .tabular {
    font-variant-numeric: tabular-nums;
  }
  .root {
    overflow: clip;
    background: var(--_surface);
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    box-shadow: var(--ims-shadow, 0 0.0625em 0.125em rgb(10 20 25 / 0.05), 0 0.75em 2em -1em rgb(10 20 25 / 0.16));
  }
  .title,
  .heading {
    font-weight: 650;
    line-height: 1.25;
    letter-spacing: -0.01em;
  }
  .title {
    font-size: 1.25em;
  }
  .heading {
    font-size: 0.9375em;
  }
  .lead,
  .note,
  .privacy,
  .remedy,
  .when,
  .quiet-text {
    color: var(--_quiet);
  }
  /* Names in another direction than the page's still stand on the page's side. */
  bdi {
    text-align: match-parent;
  }
  .name,
  .address,
  .identity {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.5em;
    min-block-size: 2.75em;
    padding: 0.375em 1.25em;
    border-radius: 10em;
    background: var(--_raised);
    font-weight: 600;
    line-height: 1.2;
    text-align: center;
  }
  .button .icon {
    inline-size: 1.25em;
    block-size: 1.25em;
  }
  .button:hover:not(:disabled) {
    background: var(--_pressed);
  }
  .button.wide {
    inline-size: 100%;
    max-inline-size: 20em;
  }
  .button.small {
    min-block-size: 2.25em;
    padding-inline: 1em;
    font-size: 0.875em;
  }
  .button.quiet {
    background: none;
    color: var(--_quiet);
  }
  .button.quiet:hover {
    color: var(--_ink);
    background: var(--_raised);
  }
  .primary,
  .call-button {
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .danger {
    background: var(--_danger);
    color: var(--_on-danger);
  }
  .button.primary:hover:not(:disabled),
  .call-button:hover {
    background: color-mix(in oklab, var(--_accent), var(--_ink) 16%);
  }
  .button.danger:hover:not(:disabled),
  .round.danger:hover {
    background: color-mix(in oklab, var(--_danger), var(--_ink) 16%);
  }
  .round {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 3.75em;
    block-size: 3.75em;
    border-radius: 50%;
  }
  .round.plain:hover,
  .round.plain[aria-pressed='true'] {
    background: var(--_raised);
  }
  .round.mini {
    inline-size: 2.25em;
    block-size: 2.25em;
  }
  .round.mini .icon {
    inline-size: 1.25em;
    block-size: 1.25em;
  }

  .pairing {
    display: grid;
    gap: 0.75em;
    justify-items: start;
  }
  .pairing .field {
    inline-size: min(100%, 14em);
  }

  .avatar {
    display: grid;
    flex: none;
    place-items: center;
    inline-size: 2.5em;
    block-size: 2.5em;
    border-radius: 50%;
    background: var(--_tint);
    color: var(--_accent);
    font-weight: 650;
  }

  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .lamp {
    flex: none;
    inline-size: 0.625em;
    block-size: 0.625em;
    border-radius: 50%;
    border: 0.125em solid var(--_edge);
  }
  .ok > .lamp {
    border: 0;
    background: var(--_accent);
  }
  .busy > .lamp {
    inline-size: 0.875em;
    block-size: 0.875em;
    border-color: var(--_accent);
    border-block-start-color: transparent;
    animation: turn 0.9s linear infinite;
  }
  .problem > .lamp {
    border: 0;
    border-radius: 0.125em;
    background: var(--_warning);
    transform: rotate(45deg);
  }
  @keyframes turn {
    to {
      transform: rotate(1turn);
    }
  }

  div.problem {
    display: flex;
    gap: 0.75em;
    padding: 0.875em 1em;
    border-radius: var(--_radius-small);
    background: color-mix(in oklab, var(--_warning) 10%, var(--_surface));
    font-size: 0.9375em;
  }
  .problem-icon {
    color: var(--_warning);
  }
  .problem-text {
    display: grid;
    flex: 1;
    gap: 0.25em;
    min-inline-size: 0;
  }
  .sentence {
    font-weight: 600;
  }
  .problem .remedy {
    color: color-mix(in oklab, var(--_ink) 80%, var(--_surface));
  }
  .problem-actions,
  .problem .pairing {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 0.5em;
    margin-block-start: 0.5em;
  }
  .problem .button.small:not(.quiet) {
    background: var(--_surface);
    border-color: var(--_edge);
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
    .busy > .lamp {
      border-block-start-color: var(--_accent);
      border-style: dotted;
    }
  }
  @media (forced-colors: active) {
    button,
    .avatar,
    .panel,
    div.problem {
      border: 1px solid ButtonBorder;
    }
    .lamp {
      forced-color-adjust: none;
      border-color: CanvasText;
    }
    .ok > .lamp,
    .problem > .lamp {
      background: CanvasText;
    }
    [aria-pressed='true'],
    [aria-expanded='true'],
    [aria-selected='true'] {
      border: 0.1875em solid Highlight;
    }
    button:disabled {
      color: GrayText;
    }
  }
`;
