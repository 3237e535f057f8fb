import assert from 'node:assert/strict';
import { matchSpeech } from '../sound/correlate.js';
import { activePart } from '../sound/level.js';
import { measureTone } from '../sound/tone.js';
import type { Sound } from '../sound/wav-file.js';

/** dB that the tone must stand above all the rest. */
export const TONE_LIMIT = 30;
/** Correlation that recorded speech must reach with what was said. */
export const SPEECH_LIMIT = 0.95;

/** @returns the figure, as text. @throws AssertionError if this is not the 440 Hz tone that was sent */
export function judgeTone(heard: Sound, limit = TONE_LIMIT): string {
  const active = activePart(heard.samples, heard.sampleRate);
  const { toneToRestDb, worstDb, peakHz, windows } = measureTone(active, heard.sampleRate, 440);
  const seconds = active.length / heard.sampleRate;
  assert.ok(windows >= 3, `only ${seconds.toFixed(2)} s of sound were heard`);
  assert.ok(
    toneToRestDb >= limit,
    `440 Hz stands ${toneToRestDb.toFixed(1)} dB above the rest, strongest ${peakHz.toFixed(0)} Hz`,
  );
  return `440 Hz ${toneToRestDb.toFixed(1)} dB above the rest (worst quarter second ${worstDb.toFixed(0)})`;
}

/** @returns the figure, as text. @throws AssertionError if this is not the speech that was said */
export function judgeSpeech(said: Sound, heard: Sound, limit = SPEECH_LIMIT): string {
  const { median, segments } = matchSpeech(said.samples, heard.samples, heard.sampleRate);
  assert.ok(segments.length >= 2, 'no speech was heard');
  assert.ok(
    median >= limit,
    `correlation with what was said is ${median.toFixed(3)}: ${segments.map((s) => s.toFixed(2)).join(' ')}`,
  );
  return `speech correlates ${median.toFixed(3)}`;
}
