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
