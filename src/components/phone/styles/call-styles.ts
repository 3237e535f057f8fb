import { css } from 'lit';

/** Incoming, outgoing, talking, held, ended, and the cards for further calls. */
export const callStyles = css`
  .call,
  .incoming,
  .ended {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 0.625em;
    min-block-size: 26.5em;
    padding-block: 0.5em 0;
    text-align: center;
  }
  .party {
    display: grid;
    justify-items: center;
    inline-size: 100%;
    min-inline-size: 0;
  }
  .party .avatar {
    inline-size: 3em;
    block-size: 3em;
    margin-block-end: 0.5em;
    font-size: 1.625em;
    letter-spacing: 0.01em;
  }
  .party .avatar .icon {
    inline-size: 1.25em;
    block-size: 1.25em;
  }
  /** An open panel takes the picture's room, so that the phone hardly grows. */
  .with-panel .avatar {
    display: none;
  }
  .with-panel {
    gap: 0.5em;
  }
  .with-panel .facts {
    font-size: 0.8125em;
  }
  .with-panel .facts > div {
    padding-block: 0.25em;
  }
  .party-name {
    max-inline-size: 100%;
    font-size: 1.5em;
    font-weight: 650;
    line-height: 1.25;
    letter-spacing: -0.015em;
    overflow-wrap: anywhere;
  }
  .party-address {
    max-inline-size: 100%;
    color: var(--_quiet);
    overflow-wrap: anywhere;
  }
  .state-line {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: center;
    gap: 0 0.625em;
    min-block-size: 1.45em;
    color: var(--_quiet);
  }
  .duration {
    color: var(--_ink);
    font-size: 1.0625em;
  }
  .held .state-word {
    color: var(--_warning);
    font-weight: 600;
  }
  .held .avatar {
    background: color-mix(in oklab, var(--_warning) 14%, var(--_surface));
    color: var(--_warning);
  }
  .ringing {
    animation: breathe 1.8s ease-in-out infinite;
  }
  @keyframes breathe {
    50% {
      opacity: 0.62;
    }
  }

  .controls {
    display: flex;
    justify-content: space-between;
    gap: 0.75em 0.25em;
    inline-size: 100%;
    max-inline-size: 22em;
    margin-block: auto 0.375em;
    padding-block-start: 0.5em;
  }
  .outgoing .controls {
    justify-content: center;
  }
  .control {
    display: grid;
    align-content: start;
    justify-items: center;
    gap: 0.375em;
    flex: 0 1 4.25em;
    min-inline-size: 3.125em;
    border-radius: 0.75em;
  }
  .control-icon {
    display: grid;
    place-items: center;
    inline-size: 3.125em;
    block-size: 3.125em;
    border-radius: 50%;
    background: var(--_raised);
    transition: background-color 0.15s;
  }
  .control:hover:not(:disabled) .control-icon {
    background: var(--_pressed);
  }
  .control-label {
    font-size: 0.75em;
    line-height: 1.2;
    overflow-wrap: anywhere;
  }
  .control[aria-pressed='true'] .control-icon,
  .control[aria-expanded='true'] .control-icon,
  .control[data-on] .control-icon {
    background: var(--_ink);
    color: var(--_surface);
  }

  .quality {
    display: inline-flex;
    align-items: center;
    gap: 0.5em;
    min-block-size: 2em;
    padding-inline: 0.75em;
    border-radius: 10em;
    color: var(--_quiet);
    font-size: 0.8125em;
  }
  .quality:hover,
  .quality[aria-expanded='true'] {
    background: var(--_raised);
    color: var(--_ink);
  }
  .bars {
    display: flex;
    align-items: flex-end;
    gap: 0.125em;
    color: var(--_accent);
  }
  .poor .bars,
  .fair .bars {
    color: var(--_warning);
  }
  .bad .bars {
    color: var(--_danger-ink);
  }
  .bars i {
    inline-size: 0.25em;
    block-size: 0.375em;
    border-radius: 0.0625em;
    background: currentColor;
    opacity: 0.25;
  }
  .bars i:nth-child(2) {
    block-size: 0.5625em;
  }
  .bars i:nth-child(3) {
    block-size: 0.75em;
  }
  .bars i:nth-child(4) {
    block-size: 0.9375em;
  }
  .bars i.on {
    opacity: 1;
  }
  @media (forced-colors: active) {
    .bars i {
      background: CanvasText;
      forced-color-adjust: none;
    }
    .control {
      padding-block-end: 0.25em;
    }
  }

  .panel {
    display: grid;
    gap: 0.75em;
    inline-size: 100%;
    padding: 0.875em;
    border: 1px solid var(--_line);
    border-radius: var(--_radius-small);
    text-align: start;
  }
  .panel .key {
    min-block-size: 2.75em;
  }
  .digits {
    min-block-size: 1.45em;
    overflow: hidden;
    font-size: 1.25em;
    letter-spacing: 0.08em;
    text-align: center;
    white-space: nowrap;
  }
  .slider {
    inline-size: 100%;
    min-block-size: 1.75em;
    margin: 0;
    accent-color: var(--_accent);
  }
  .level {
    display: grid;
    gap: 0.25em;
  }
  meter {
    inline-size: 100%;
    block-size: 0.5em;
    border: 0;
    border-radius: 1em;
    background: var(--_raised);
  }
  meter::-webkit-meter-inner-element {
    display: block;
  }
  meter::-webkit-meter-bar {
    block-size: 0.5em;
    border: 0;
    border-radius: 1em;
    background: var(--_raised);
  }
  meter::-webkit-meter-optimum-value {
    border-radius: 1em;
    background: var(--_accent);
    transition: inline-size 0.3s;
  }
  meter::-moz-meter-bar {
    border-radius: 1em;
    background: var(--_accent);
  }

  .answer-actions {
    display: flex;
    justify-content: space-evenly;
    gap: 1em;
    inline-size: 100%;
    margin-block: auto 0.75em;
  }
  .labelled {
    display: grid;
    justify-items: center;
    gap: 0.5em;
    font-size: 0.9375em;
  }
  .answer-actions .round {
    inline-size: 4.25em;
    block-size: 4.25em;
  }
  .answer-actions .icon {
    inline-size: 1.875em;
    block-size: 1.875em;
  }
  .pulsing {
    animation: pulse 1.8s ease-out infinite;
  }
  @keyframes pulse {
    from {
      box-shadow: 0 0 0 0 color-mix(in oklab, var(--_accent) 55%, transparent);
    }
    70%,
    to {
      box-shadow: 0 0 0 1em transparent;
    }
  }
  .ended .remedy {
    max-inline-size: 22em;
  }
  .ended .state-word {
    color: var(--_ink);
    font-weight: 600;
  }
  .ended-actions {
    display: grid;
    justify-items: center;
    gap: 0.5em;
    inline-size: 100%;
    margin-block: auto 0.75em;
  }

  .waiting {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.75em;
    padding: 0.75em;
    border: 1px solid var(--_accent);
    border-radius: var(--_radius-small);
    background: var(--_tint);
  }
  .waiting .avatar {
    background: var(--_surface);
  }
  .waiting-text {
    display: grid;
    flex: 1;
    min-inline-size: 0;
    line-height: 1.3;
  }
  .waiting-text .name {
    font-weight: 600;
  }
  .waiting .when {
    color: color-mix(in oklab, var(--_ink) 80%, var(--_surface));
  }
  .waiting-actions {
    display: flex;
    flex: 1 0 100%;
    gap: 0.5em;
  }
  .waiting-actions .button {
    flex: 1;
  }
  .others {
    display: grid;
    gap: 0.25em;
    padding-block-start: 0.75em;
    border-block-start: 1px solid var(--_line);
  }
  .other {
    display: flex;
    align-items: center;
    gap: 0.625em;
  }
  .other .avatar {
    inline-size: 2.25em;
    block-size: 2.25em;
    font-size: 0.875em;
  }

  @container ims (max-width: 20em) {
    .controls {
      flex-wrap: wrap;
      justify-content: center;
    }
    .control {
      flex-basis: 4em;
    }
  }
  @container ims (max-width: 18em) {
    .call,
    .incoming,
    .ended {
      gap: 0.5em;
      min-block-size: 22em;
    }
    .party .avatar {
      font-size: 1.25em;
    }
    .party-name {
      font-size: 1.25em;
    }
    .waiting-actions {
      flex-direction: column;
    }
  }
`;
