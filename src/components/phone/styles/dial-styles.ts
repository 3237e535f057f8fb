import { css } from 'lit';

/** Entry, suggestions, pad, recents. */
export const dialStyles = css`
  .dial {
    display: grid;
    gap: 1em;
  }
  .note {
    text-align: center;
    font-size: 0.9375em;
  }
  .back {
    justify-self: center;
  }
  .entry {
    position: relative;
  }
  .entry-input {
    inline-size: 100%;
    min-block-size: 2em;
    padding: 0.25em 0.5em;
    border: 0;
    border-block-end: 1px solid var(--_edge);
    border-radius: 0;
    background: none;
    font-size: 1.625em;
    font-variant-numeric: tabular-nums;
    letter-spacing: 0.01em;
    text-align: center;
    text-overflow: ellipsis;
  }
  .entry-input::placeholder {
    font-size: 0.6875em;
    letter-spacing: 0;
  }
  .entry-input:focus-visible {
    outline: none;
    border-block-end-color: var(--_accent);
    box-shadow: 0 0.125em 0 var(--_accent);
  }
  .suggestions {
    position: absolute;
    inset: calc(100% + 0.5em) 0 auto;
    z-index: 2;
    padding: 0.375em;
    border: 1px solid var(--_line);
    border-radius: var(--_radius-small);
    background: var(--_surface);
    box-shadow: 0 0.75em 2em -0.5em rgb(10 20 25 / 0.3);
  }
  .suggestion {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 0 0.75em;
    min-block-size: 2.5em;
    padding: 0.25em 0.75em;
    border: 1px solid transparent;
    border-radius: 0.5em;
    cursor: pointer;
  }
  .suggestion .address {
    color: var(--_quiet);
    font-size: 0.875em;
  }
  .suggestion:hover,
  .suggestion[aria-selected='true'] {
    background: var(--_raised);
  }
  .suggestion[aria-selected='true'] {
    border-color: var(--_accent);
  }

  .pad {
    display: grid;
    grid-template-columns: repeat(3, minmax(0, 1fr));
    gap: 0.5em;
  }
  .key {
    display: grid;
    align-content: center;
    justify-items: center;
    min-block-size: 3.5em;
    border-radius: 1em;
    background: var(--_raised);
    line-height: 1.1;
    user-select: none;
  }
  .key:hover,
  .key:active {
    background: var(--_pressed);
  }
  .digit {
    font-size: 1.5em;
    font-weight: 500;
    font-variant-numeric: tabular-nums;
  }
  .letters {
    min-block-size: 1.1em;
    margin-inline-start: 0.14em;
    color: var(--_quiet);
    font-size: 0.6875em;
    font-weight: 550;
    letter-spacing: 0.14em;
  }
  .show-recents .pad {
    display: none;
  }
  .dial-body .recents {
    block-size: 15.5em;
    overflow: auto;
  }
  .dial-actions {
    display: grid;
    grid-template-columns: repeat(3, minmax(0, 1fr));
    place-items: center;
  }
  .dial-actions .plain {
    inline-size: 3em;
    block-size: 3em;
    color: var(--_quiet);
  }
  .dial-actions .plain[aria-pressed='true'] {
    color: var(--_accent);
  }
  .recents-toggle {
    position: relative;
  }
  .count {
    position: absolute;
    inset-block-start: 0.0625em;
    inset-inline-end: 0.0625em;
    min-inline-size: 1.5em;
    padding-inline: 0.375em;
    border-radius: 10em;
    background: var(--_danger);
    color: var(--_on-danger);
    font-size: 0.75em;
    font-weight: 650;
    line-height: 1.5;
  }
  .call-button .icon {
    inline-size: 1.75em;
    block-size: 1.75em;
  }

  .recents .heading {
    margin-block-end: 0.5em;
    padding-inline: 0.625em;
  }
  .recent {
    display: flex;
    align-items: center;
    gap: 0.75em;
    inline-size: 100%;
    min-block-size: 3.25em;
    padding: 0.375em 0.625em;
    border-radius: var(--_radius-small);
    text-align: start;
    line-height: 1.3;
  }
  .recent:hover {
    background: var(--_raised);
  }
  .recent:focus-visible {
    outline-offset: -0.15em;
  }
  .recent > .icon {
    inline-size: 1.125em;
    block-size: 1.125em;
    color: var(--_quiet);
  }
  .recent.missed > .icon,
  .recent.missed .name {
    color: var(--_danger-ink);
  }
  .recent-text {
    display: grid;
    flex: 1;
    min-inline-size: 0;
  }
  .recent .name {
    font-weight: 550;
  }
  .when {
    font-size: 0.8125em;
  }
  .empty {
    display: grid;
    justify-items: center;
    gap: 0.75em;
    padding: 3em 1em;
    color: var(--_quiet);
    text-align: center;
  }
  .empty .icon {
    inline-size: 2em;
    block-size: 2em;
  }

  @container ims (max-width: 18em) {
    .dial {
      gap: 0.75em;
    }
    .entry-input {
      font-size: 1.25em;
    }
    .entry-input::placeholder {
      font-size: 0.8em;
    }
    .key {
      min-block-size: 3em;
      border-radius: 0.75em;
    }
    .digit {
      font-size: 1.25em;
    }
    .dial-body .recents {
      block-size: 13.5em;
    }
    .dial-actions .call-button {
      inline-size: 3.25em;
      block-size: 3.25em;
    }
  }
  @container ims (min-width: 44em) {
    .dial-body .recents,
    .recents-toggle {
      display: none;
    }
    .show-recents .pad {
      display: grid;
    }
    .dial-actions .call-button {
      grid-column: 2;
    }
    .key {
      min-block-size: 4em;
    }
  }
`;
