import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../vectors/sip/', import.meta.url));

/** Octets of a vector below test/vectors/sip. */
export function vector(path: string): Uint8Array {
  return new Uint8Array(readFileSync(`${ROOT}${path}`));
}

/** Why tests on vectors do not run, or false if they can. */
export const noVectors = existsSync(ROOT) ? false : 'skipped: no vectors';

export interface VectorRow {
  readonly file: string;
  readonly section: string;
  readonly title: string;
  readonly expect: string;
  readonly detail: string;
}

/** Rows of an index.csv: file,rfc_section,title,category,expect,expect_detail,bytes,sha256. */
export function vectorIndex(folder: string): VectorRow[] {
  if (noVectors) return [];
  return readFileSync(`${ROOT}${folder}/index.csv`, 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => {
      const cells = [...line.matchAll(/("([^"]*)"|[^,]*)(,|$)/g)].map((match) => match[2] ?? match[1] ?? '');
      const [file = '', section = '', title = '', , expect = '', detail = ''] = cells;
      return { file, section, title, expect, detail };
    });
}
