import { css } from 'lit';

/** The settings, the list of codecs, switches, and the choice of an identity. */
export const settingsStyles = css`
  .fields,
  .codecs {
    display: grid;
    gap: 0.75em;
  }
  .settings .dialog-body {
    gap: 1.5em;
  }
  .codecs .note {
    text-align: start;
    font-size: 0.875em;
  }
  .switches {
    display: grid;
    gap: 0.25em;
  }
  .switch-row {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 1em;
    min-block-size: 2.5em;
    font-size: 0.9375em;
  }
  .switch {
    position: relative;
    flex: none;
    inline-size: 2.75em;
    block-size: 1.625em;
    border: 1px solid var(--_edge);
    border-radius: 10em;
    background: var(--_raised);
  }
  .switch::before {
    content: '';
    position: absolute;
    inset-block: 0.1875em;
    inset-inline-start: 0.1875em;
    inline-size: 1.125em;
    border-radius: 50%;
    background: var(--_edge);
    transition: inset-inline-start 0.15s;
  }
  .switch[aria-checked='true'] {
    border-color: var(--_accent);
    background: var(--_accent);
  }
  .switch[aria-checked='true']::before {
    inset-inline-start: 1.3125em;
    background: var(--_on-accent);
  }
  .codec-list {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    border: 1px solid var(--_line);
    border-radius: var(--_radius-small);
    overflow: clip;
  }
  .codec {
    display: flex;
    align-items: center;
    gap: 0.5em;
    min-block-size: 3em;
    padding-inline: 0.125em 0.75em;
    background: var(--_surface);
  }
  .codec + .codec {
    border-block-start: 1px solid var(--_line);
  }
  .codec.held {
    position: relative;
    z-index: 1;
    background: var(--_tint);
    box-shadow: 0 0 0 1px var(--_accent);
  }
  .codec.off .codec-name {
    color: var(--_quiet);
  }
  .codec-text {
    display: flex;
    flex: 1;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 0.5em;
    min-inline-size: 0;
    padding-block: 0.375em;
    line-height: 1.3;
  }
  .codec-name {
    font-weight: 550;
  }
  .codec-text .when {
    white-space: nowrap;
  }
  .steps {
    display: flex;
  }
  .held > .switch {
    display: none;
  }
  .handle {
    display: grid;
    flex: none;
    place-items: center;
    inline-size: 2.5em;
    block-size: 2.5em;
    border-radius: 0.625em;
    color: var(--_quiet);
    cursor: grab;
    touch-action: none;
  }
  .handle:active {
    cursor: grabbing;
  }
  .handle:hover,
  .handle[aria-pressed='true'] {
    background: var(--_raised);
    color: var(--_ink);
  }
  .handle .icon {
    inline-size: 1.25em;
    block-size: 1.25em;
  }

  .call-as {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 0.375em;
    min-inline-size: 0;
    margin-block-start: -0.5em;
    font-size: 0.9375em;
  }
  .call-as .when {
    flex: none;
    font-size: 1em;
  }
  .plain-select {
    min-inline-size: 0;
    max-inline-size: 100%;
    min-block-size: 2em;
    padding-block: 0.125em;
    padding-inline-start: 0.375em;
    border: 1px solid transparent;
    border-radius: 0.5em;
    background: none;
    font-weight: 550;
    text-overflow: ellipsis;
    cursor: pointer;
  }
  .call-as select {
    padding-inline-end: 1.5em;
  }
  .plain-select:hover {
    background: var(--_raised);
  }
  .call-as .select-box .icon {
    inset-inline-end: 0.125em;
    inline-size: 1.125em;
    block-size: 1.125em;
  }

  @container ims (max-width: 18em) {
    .codec {
      gap: 0.25em;
      padding-inline: 0 0.375em;
      font-size: 0.9375em;
    }
    .codec-name {
      white-space: nowrap;
    }
    .codec .badge {
      display: none;
    }
    .handle {
      inline-size: 2em;
    }
  }

  @media (forced-colors: active) {
    .switch::before {
      background: ButtonText;
      forced-color-adjust: none;
    }
    .switch[aria-checked='true'] {
      background: Highlight;
      border-color: Highlight;
      forced-color-adjust: none;
    }
    .switch[aria-checked='true']::before {
      background: HighlightText;
    }
    .count {
      border: 1px solid CanvasText;
    }
  }
`;
