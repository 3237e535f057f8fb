/** NTP time as RTCP carries it (RFC 3550 §4): seconds since 1900 and a 32-bit fraction. */
export interface NtpTime {
  readonly seconds: number;
  readonly fraction: number;
}

/** Seconds from 1900-01-01 to 1970-01-01. */
const EPOCH = 2_208_988_800;

/** @param wallTime ms since 1970; wraps in 2036 as NTP does */
export function ntpTime(wallTime: number): NtpTime {
  const whole = Math.floor(wallTime / 1000);
  return { seconds: (whole + EPOCH) % 2 ** 32, fraction: Math.floor((wallTime / 1000 - whole) * 2 ** 32) >>> 0 };
}

/** The middle 32 bits, in units of 1/65536 s: LSR and DLSR (RFC 3550 §6.4.1). */
export function middle(time: NtpTime): number {
  return (((time.seconds & 0xffff) << 16) | (time.fraction >>> 16)) >>> 0;
}
