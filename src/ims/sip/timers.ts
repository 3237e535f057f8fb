/**
 * The base values of RFC 3261 table 4 (§17.1.1.1, appendix A), in milliseconds. Everything else
 * is derived, so that a slow access network (TS 24.229 table 7.7.1: T1 2 s, T2 16 s, T4 17 s) needs
 * three numbers only.
 */
export interface TimerValues {
  /** Estimate of the round-trip time. */
  readonly t1: number;
  /** Longest interval between retransmissions of a non-INVITE request or an INVITE response. */
  readonly t2: number;
  /** Longest time a message stays in the network. */
  readonly t4: number;
  /** Proxy: longest time between INVITE and a final response (§16.6 step 11). */
  readonly timerC: number;
  /** Wait for response retransmissions over an unreliable transport (§17.1.1.2). */
  readonly timerD: number;
  /** Silence of the transaction user before a server transaction says 100 by itself (§17.2.1). */
  readonly trying: number;
}

export const RFC_3261_TIMERS: TimerValues = Object.freeze({
  t1: 500,
  t2: 4000,
  t4: 5000,
  timerC: 180_500,
  timerD: 32_000,
  trying: 200,
});

/** Values between UE and P-CSCF over a cellular access, TS 24.229 table 7.7.1. */
export const CELLULAR_TIMERS: TimerValues = Object.freeze({
  ...RFC_3261_TIMERS,
  t1: 2000,
  t2: 16_000,
  t4: 17_000,
  timerD: 128_000,
});

/** The lettered timers of one transaction; `reliable` of its transport decides which are zero. */
export interface TransactionTimers {
  readonly t1: number;
  readonly t2: number;
  /** Retransmission of INVITE, first interval; doubles. Unreliable only. */
  readonly a: number;
  /** INVITE transaction time-out. */
  readonly b: number;
  /** Wait in Completed for retransmitted final responses. */
  readonly d: number;
  /** Retransmission of other requests, first interval; doubles up to T2. Unreliable only. */
  readonly e: number;
  /** Non-INVITE transaction time-out. */
  readonly f: number;
  /** Retransmission of a final INVITE response, first interval; doubles up to T2. */
  readonly g: number;
  /** Wait for the ACK. */
  readonly h: number;
  /** Wait for ACK retransmissions. */
  readonly i: number;
  /** Wait for retransmissions of a non-INVITE request. */
  readonly j: number;
  /** Wait for response retransmissions. */
  readonly k: number;
  /** RFC 6026 §7.1: time in Accepted, server side. */
  readonly l: number;
  /** RFC 6026 §7.2: time in Accepted, client side. */
  readonly m: number;
  readonly trying: number;
}

/** RFC 3261 table 4 and RFC 6026 §7. */
export function transactionTimers(values: TimerValues, reliable: boolean): TransactionTimers {
  const timeout = 64 * values.t1;
  return {
    t1: values.t1,
    t2: values.t2,
    a: values.t1,
    b: timeout,
    d: reliable ? 0 : values.timerD,
    e: values.t1,
    f: timeout,
    g: values.t1,
    h: timeout,
    i: reliable ? 0 : values.t4,
    j: reliable ? 0 : timeout,
    k: reliable ? 0 : values.t4,
    l: timeout,
    m: timeout,
    trying: values.trying,
  };
}
