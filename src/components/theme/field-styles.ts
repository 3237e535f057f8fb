import { css } from 'lit';

/** Labels, inputs, selects and their errors. */
export const fieldStyles = css`
  .field {
    display: grid;
    gap: 0.375em;
  }
  .label {
    font-size: 0.875em;
    font-weight: 550;
  }
  .input,
  .code,
  .select {
    inline-size: 100%;
    min-inline-size: 0;
    min-block-size: 2.75em;
    padding: 0.5em 0.75em;
    border: 1px solid var(--_edge);
    border-radius: var(--_radius-small);
    background: var(--_surface);
  }
  .select-box {
    position: relative;
    display: grid;
    min-inline-size: 0;
  }
  .select-box select {
    padding-inline-end: 2.25em;
    appearance: none;
    text-overflow: ellipsis;
    cursor: pointer;
  }
  .select-box .icon {
    position: absolute;
    inset-block: 0;
    inset-inline-end: 0.625em;
    inline-size: 1.25em;
    block-size: 1.25em;
    margin-block: auto;
    color: var(--_quiet);
    pointer-events: none;
  }
  option {
    background: var(--_surface);
    color: var(--_ink);
  }
  .code {
    font-variant-numeric: tabular-nums;
    letter-spacing: 0.2em;
    text-transform: uppercase;
  }
  [aria-invalid='true'] {
    border-color: var(--_danger-ink);
    box-shadow: 0 0 0 1px var(--_danger-ink);
  }
  ::placeholder {
    color: var(--_quiet);
    opacity: 1;
  }
  .error {
    color: var(--_danger-ink);
    font-size: 0.875em;
  }
  .error:empty {
    display: none;
  }
`;
