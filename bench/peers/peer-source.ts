import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { debianSource } from './debian-source.js';

/** C of a peer's codec, ready for a compiler. */
export interface PeerSource {
  readonly files: readonly string[];
  /** Folders, definitions and dialect. */
  readonly flags: readonly string[];
}

const filesOf = (folder: string, leave?: RegExp): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.c') && !(leave?.test(file) ?? false))
    .map((file) => path.join(folder, file));

export function libgsm(): PeerSource | null {
  const root = debianSource('libgsm');
  if (root === null) return null;
  return {
    files: filesOf(path.join(root, 'src'), /^toast/),
    flags: ['-DSASR', '-DWAV49', '-DNeedFunctionPrototypes=1', `-I${root}/inc`],
  };
}

/** With floats, as Debian builds it. */
export function libspeex(): PeerSource | null {
  const root = debianSource('speex');
  if (root === null) return null;
  const made = path.join(root, 'include/speex/speex_config_types.h');
  const types = ['int16', 'uint16', 'int32', 'uint32'].map((type) => `typedef ${type}_t spx_${type}_t;`);
  writeFileSync(made, ['#include <stdint.h>', ...types, ''].join('\n'));
  return {
    files: filesOf(path.join(root, 'libspeex'), /^test|kiss|smallft|vorbis_psy/),
    flags: ['-DFLOATING_POINT', '-DUSE_ALLOCA', '-DEXPORT=', `-I${root}/include`, `-I${root}/libspeex`],
  };
}

const GSM_AMR = 'opencore/codecs_v2/audio/gsm_amr';

/** Both coders of AMR, or the decoder of AMR-WB. */
export function opencore(band: 'amrnb' | 'amrwb'): PeerSource | null {
  const root = debianSource('opencore-amr');
  if (root === null) return null;
  const base = path.join(root, GSM_AMR);
  const codec = path.join(base, band === 'amrnb' ? 'amr_nb' : 'amr_wb');
  const folders = { DEC: `${codec}/dec/src`, ENC: `${codec}/enc/src`, COMMON: `${codec}/common/src` } as const;
  const list = readFileSync(path.join(root, band, 'Makefile.am'), 'utf8').replace(/^#.*$/gm, '');
  const files = [...list.matchAll(/\$\((DEC|ENC|COMMON)_SRC_DIR\)\/(\w+\.cpp)/g)].map(([, folder = 'DEC', file = '']) =>
    path.join(folder === 'ENC' ? folders.ENC : folder === 'COMMON' ? folders.COMMON : folders.DEC, file),
  );
  return {
    files: [path.join(root, band, 'wrapper.cpp'), ...new Set(files)],
    flags: [
      '-xc',
      '-std=c99',
      `-I${root}/oscl`,
      `-I${base}/common/dec/include`,
      ...['dec/src', 'dec/include', 'enc/src', 'common/include'].map((folder) => `-I${codec}/${folder}`),
    ],
  };
}

export function voAmrwbenc(): PeerSource | null {
  const root = debianSource('vo-amrwbenc');
  if (root === null) return null;
  return {
    files: [
      path.join(root, 'wrapper.c'),
      path.join(root, 'common/cmnMemory.c'),
      ...filesOf(path.join(root, 'amrwbenc/src')),
    ],
    flags: [`-I${root}/amrwbenc/inc`, `-I${root}/common/include`, `-I${root}`],
  };
}

/** WebRTC's, as tg_owt carries it. */
export function webrtcG722(): PeerSource | null {
  const root = debianSource('libtgowt');
  if (root === null) return null;
  const src = path.join(root, 'src');
  return { files: filesOf(path.join(src, 'modules/third_party/g722'), /test/), flags: [`-I${src}`] };
}
