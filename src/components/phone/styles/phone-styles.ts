import { css } from 'lit';

/** The box, the status bar, the dialog, and how the two columns come and go. */
export const phoneStyles = css`
  .root {
    max-inline-size: 26em;
    margin-inline: auto;
  }
  .bar {
    display: flex;
    align-items: center;
    gap: 0.25em;
    min-block-size: 3.25em;
    padding: 0.5em 0.5em 0.5em 1.125em;
    padding-inline: 1.125em 0.5em;
    border-block-end: 1px solid var(--_line);
  }
  .brand {
    display: flex;
    align-items: center;
    gap: 0.625em;
    min-inline-size: 0;
    margin-inline-end: auto;
    font-weight: 600;
    font-size: 0.9375em;
  }
  ::slotted([slot='logo']) {
    max-block-size: 1.75em;
  }
  .status {
    display: inline-flex;
    flex: none;
    align-items: center;
    gap: 0.5em;
    max-inline-size: 78%;
    min-block-size: 2.25em;
    padding-inline: 0.75em 0.375em;
    border-radius: 10em;
    font-size: 0.875em;
  }
  .status:hover {
    background: var(--_raised);
  }
  .status-text {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .status .icon {
    inline-size: 1.25em;
    block-size: 1.25em;
    color: var(--_quiet);
  }
  .side {
    display: none;
  }
  .main {
    display: grid;
    align-content: start;
    gap: 0.75em;
    padding: 1.25em;
  }
  .view {
    border-radius: var(--_radius-small);
  }

  .dialog {
    inline-size: min(28em, 100vi - 2em);
    max-block-size: calc(100vb - 2em);
    padding: 0;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: inherit;
    box-shadow: 0 1em 4em rgb(0 0 0 / 0.3);
  }
  .dialog::backdrop {
    background: rgb(8 14 17 / 0.45);
  }
  .dialog-body {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0.375em;
    padding: 1.25em;
  }
  .dialog h3.heading {
    margin-block-start: 1em;
  }
  .dialog section > h3.heading {
    margin-block-start: 0;
  }
  .dialog-head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    margin-block-end: 0.25em;
  }
  .facts {
    font-size: 0.875em;
  }
  .facts > div {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0 1em;
    padding-block: 0.4375em;
  }
  .facts > div + div {
    border-block-start: 1px solid var(--_line);
  }
  .facts dt {
    color: var(--_quiet);
  }
  .facts dd {
    overflow-wrap: anywhere;
  }
  .dialog .facts {
    margin-block-start: 0.5em;
  }

  @container ims (max-width: 18em) {
    .dialog {
      inline-size: calc(100vi - 1em);
    }
    .dialog-body {
      padding: 1em;
    }
    .problem-icon {
      display: none;
    }
    .root {
      border-radius: min(var(--_radius), 1em);
    }
    .bar {
      gap: 0;
      padding-inline: 0.75em 0.125em;
    }
    /* Where all is well the lamp is enough; the words stay for those who listen. */
    .status.ok .status-text {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      clip-path: inset(50%);
    }
    .status .icon {
      display: none;
    }
    .status {
      padding-inline: 0.5em;
    }
    .main {
      padding: 0.75em;
    }
  }

  /* Two columns: the pad or the call, and earlier calls beside it. */
  @container ims (min-width: 44em) {
    .root {
      max-inline-size: 64em;
    }
    .body {
      display: grid;
      grid-template-columns: minmax(22em, 5fr) minmax(0, 6fr);
    }
    .main {
      align-content: center;
      padding: 2em;
      min-block-size: 34em;
    }
    .main > * {
      inline-size: 100%;
      max-inline-size: 24em;
      margin-inline: auto;
    }
    .side {
      display: block;
      position: relative;
      border-inline-start: 1px solid var(--_line);
    }
    .side .recents {
      position: absolute;
      inset: 0;
      padding: 1.5em 1.25em;
      overflow: auto;
    }
    .bar {
      min-block-size: 3.75em;
      padding-inline: 1.5em 0.875em;
    }
  }
  /* A kiosk or a wall: everything grows together. */
  @container ims (min-width: 90em) {
    .root {
      max-inline-size: 72em;
      font-size: 1.25em;
    }
  }
`;
