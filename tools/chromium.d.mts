export const CHROMIUM_FLAGS: readonly string[];
/** Path of a Chromium: `CHROME_PATH`, or the usual names. */
export function findChromium(): string | undefined;
/** Finds a Chromium, or installs one where that is allowed. @throws Error with the way to get one */
export function ensureChromium(): string;
/** A microphone that beeps, granted without a question. */
export const FAKE_MICROPHONE_FLAGS: readonly string[];
