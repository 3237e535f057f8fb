import type { AmrBand } from './amr-band.js';

/** Format parameters of AMR and AMR-WB that we can honour (RFC 4867 §8.1, §8.2). */
export interface AmrParameters {
  readonly octetAligned: boolean;
  /** Modes that may be sent, rising; null: all. */
  readonly modeSet: readonly number[] | null;
  /** Frames between changes of the mode, 1 or 2. */
  readonly modeChangePeriod: 1 | 2;
  /** Whether the mode may only change to the next one of the set. */
  readonly modeChangeNeighbor: boolean;
}

/** Why parameters are refused. */
export type AmrRefusal = 'crc' | 'robust-sorting' | 'interleaving' | 'channels' | 'mode-set' | 'value';

export type AmrFmtp =
  | { readonly ok: true; readonly parameters: AmrParameters }
  | { readonly ok: false; readonly reason: AmrRefusal; readonly cause: string };

/** Longest list that is read. */
const MAX_PARAMETERS = 32;

function refuse(reason: AmrRefusal, cause: string): AmrFmtp {
  return { ok: false, reason, cause };
}

function parseModeSet(value: string, band: AmrBand): readonly number[] | null {
  const modes = value
    .split(',')
    .slice(0, 16)
    .map((mode) => (/^\d$/.test(mode.trim()) ? Number(mode) : -1));
  if (modes.some((mode) => mode < 0 || mode > band.topMode)) return null;
  return [...new Set(modes)].sort((a, b) => a - b);
}

/**
 * Reads `octet-align=1; mode-set=0,2,7 ...`. CRCs, robust sorting, interleaving and several channels are refused: none
 * of them is used in IMS (TS 26.114 §5.2.1).
 */
export function parseAmrFmtp(fmtp: string, band: AmrBand): AmrFmtp {
  const values = new Map<string, string>();
  for (const part of fmtp.split(';', MAX_PARAMETERS)) {
    const [name = '', ...rest] = part.split('=');
    values.set(name.trim().toLowerCase(), rest.join('=').trim());
  }
  const flag = (name: string): boolean => values.get(name) === '1';
  // RFC 4867 §8.1: each of these implies octet-aligned operation.
  if (flag('crc')) return refuse('crc', 'frame CRCs are not supported');
  if (flag('robust-sorting')) return refuse('robust-sorting', 'robust sorting is not supported');
  if (values.has('interleaving')) return refuse('interleaving', 'interleaving is not supported');
  const channels = values.get('channels');
  if (channels !== undefined && channels !== '1') return refuse('channels', `${channels} channels`);
  const octetAlign = values.get('octet-align');
  if (octetAlign !== undefined && octetAlign !== '0' && octetAlign !== '1')
    return refuse('value', `octet-align=${octetAlign}`);
  const period = values.get('mode-change-period');
  if (period !== undefined && period !== '1' && period !== '2') return refuse('value', `mode-change-period=${period}`);
  const set = values.get('mode-set');
  const modeSet = set === undefined ? null : parseModeSet(set, band);
  if (set !== undefined && modeSet === null) return refuse('mode-set', `mode-set=${set}`);
  return {
    ok: true,
    parameters: {
      octetAligned: octetAlign === '1',
      modeSet,
      modeChangePeriod: period === '2' ? 2 : 1,
      modeChangeNeighbor: flag('mode-change-neighbor'),
    },
  };
}

/** The parameters that we offer: bandwidth efficient, all modes, as TS 26.114 §6.2.2 recommends. */
export const AMR_OFFER = 'mode-change-capability=2; max-red=0';

/**
 * Our answer to an offer. RFC 4867 §8.3.1: octet alignment and mode-set are the offer's.
 * @returns null when the format has to be rejected
 */
export function answerAmrFmtp(offer: string, band: AmrBand): string | null {
  const parsed = parseAmrFmtp(offer, band);
  if (!parsed.ok) return null;
  const { octetAligned, modeSet } = parsed.parameters;
  return [
    ...(octetAligned ? ['octet-align=1'] : []),
    ...(modeSet === null ? [] : [`mode-set=${modeSet.join(',')}`]),
    AMR_OFFER,
  ].join('; ');
}
