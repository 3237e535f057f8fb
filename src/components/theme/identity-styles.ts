import { css } from 'lit';

/** Own addresses with their states, in account and phone. */
export const identityStyles = css`
  .badge {
    flex: none;
    padding: 0.0625em 0.5em;
    border-radius: 10em;
    background: var(--_tint);
    color: var(--_accent);
    font-size: 0.75em;
    font-weight: 600;
  }
  .identities {
    display: grid;
  }
  .own {
    display: flex;
    align-items: center;
    gap: 0.625em;
    min-block-size: 3em;
  }
  .own + .own {
    border-block-start: 1px solid var(--_line);
  }
  .own-text {
    display: grid;
    flex: 1;
    min-inline-size: 0;
    line-height: 1.35;
  }
  .own-address {
    overflow-wrap: anywhere;
    user-select: all;
  }

  @media (forced-colors: active) {
    .badge {
      border: 1px solid CanvasText;
    }
  }
`;
