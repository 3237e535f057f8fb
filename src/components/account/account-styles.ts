import { css } from 'lit';

export const accountStyles = css`
  .root {
    max-inline-size: 32em;
    margin-inline: auto;
  }
  .card {
    display: grid;
    gap: 0.75em;
    padding: 1.5em;
  }
  .lead {
    margin-block-end: 0.5em;
  }
  .labelled-field {
    display: grid;
    gap: 0.375em;
    min-inline-size: 0;
  }
  .pair {
    display: grid;
    grid-template-columns: minmax(6em, 1fr) minmax(0, 2fr);
    gap: 0.75em;
    align-items: start;
  }
  .more > summary {
    display: inline-flex;
    align-items: center;
    gap: 0.25em;
    min-block-size: 2.25em;
    border-radius: 0.5em;
    color: var(--_quiet);
    font-size: 0.9375em;
    list-style: none;
    font-weight: 550;
    cursor: pointer;
  }
  .more > summary::-webkit-details-marker {
    display: none;
  }
  .more > summary .icon {
    inline-size: 1.25em;
    block-size: 1.25em;
    transition: rotate 0.15s;
  }
  .more[open] > summary .icon {
    rotate: 180deg;
  }
  .more > summary:hover {
    color: var(--_ink);
  }
  .more-body {
    display: grid;
    gap: 0.75em;
    padding-block-start: 0.5em;
  }
  .identity-card > .more {
    flex-basis: 100%;
    margin-block-start: -0.5em;
  }
  .fact {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0 1em;
    font-size: 0.9375em;
  }
  .fact .when {
    font-size: 1em;
  }
  .form-actions {
    display: grid;
    gap: 0.5em;
    margin-block-start: 0.5em;
  }
  .form-actions .button {
    max-inline-size: none;
  }
  .privacy {
    font-size: 0.8125em;
  }
  .identity-card {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.75em;
    padding: 0.875em 1em;
  }
  .who {
    display: grid;
    flex: 1 1 8em;
    min-inline-size: 0;
    line-height: 1.35;
  }
  .who .name {
    font-weight: 600;
  }
  .who .address {
    color: var(--_quiet);
    font-size: 0.875em;
  }
  .state {
    display: inline-flex;
    align-items: center;
    gap: 0.5em;
    color: var(--_quiet);
    font-size: 0.875em;
  }
  div.problem {
    margin: 0 0.75em 0.75em;
  }
  ::slotted([slot='logo']) {
    max-block-size: 3em;
    max-inline-size: 100%;
  }
  @container ims (max-width: 20em) {
    .card {
      padding: 1em;
    }
  }
`;
