const LOW = [697, 770, 852, 941];
const HIGH = [1209, 1336, 1477, 1633];
const KEYS = ['123A', '456B', '789C', '*0#D'];

/** The two frequencies of a key in Hz (ITU-T Q.23), or null. */
export function dtmfFrequencies(tone: string): { readonly low: number; readonly high: number } | null {
  const row = KEYS.findIndex((keys) => tone.length === 1 && keys.includes(tone.toUpperCase()));
  const low = LOW[row];
  const high = HIGH[KEYS[row]?.indexOf(tone.toUpperCase()) ?? -1];
  return low === undefined || high === undefined ? null : { low, high };
}
