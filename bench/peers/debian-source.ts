import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const APT = '/etc/apt';
let root: string | undefined;
const unpacked = new Map<string, string | null>();

/**
 * The source of a Debian package, unpacked into a temporary folder that goes with the process. It is for measuring: nothing of
 * it is kept. @returns null where it cannot be had
 */
export function debianSource(name: string): string | null {
  const known = unpacked.get(name);
  if (known !== undefined) return known;
  let folder: string | null = null;
  try {
    root ??= prepare();
    folder = fetch(root, name);
  } catch {
    console.error(`(the source of Debian's ${name} cannot be had: its lines are left out)`);
  }
  unpacked.set(name, folder);
  return folder;
}

/** Lists of sources beside those of the system, which are left alone. */
function prepare(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'ims-bench-apt-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const name of ['parts', 'lists/partial', 'cache/archives/partial'])
    mkdirSync(path.join(folder, name), { recursive: true });
  const files = [
    path.join(APT, 'sources.list'),
    ...readdirSync(path.join(APT, 'sources.list.d')).map((file) => path.join(APT, 'sources.list.d', file)),
  ].filter(
    (file) => /\.(list|sources)$/.test(file) && existsSync(file) && readFileSync(file, 'utf8').includes('debian'),
  );
  files.forEach((file, i) => {
    const text = readFileSync(file, 'utf8')
      .replace(/^deb(?:-src)?(?= )/gm, 'deb-src')
      .replace(/^Types:.*$/gm, 'Types: deb-src');
    writeFileSync(path.join(folder, 'parts', `${i}${path.extname(file)}`), text);
  });
  apt(folder, folder, 'update');
  return folder;
}

function fetch(folder: string, name: string): string {
  const place = path.join(folder, name);
  mkdirSync(place);
  apt(folder, place, 'source', '--download-only', name);
  const archive = readdirSync(place).find((file) => /\.orig\.tar\.\w+$/.test(file));
  if (archive === undefined) throw new Error('no archive');
  execFileSync('tar', ['xf', archive], { cwd: place, stdio: 'ignore' });
  const made = readdirSync(place).find((file) => statSync(path.join(place, file)).isDirectory());
  if (made === undefined) throw new Error('no folder');
  return path.join(place, made);
}

function apt(folder: string, cwd: string, ...command: string[]): void {
  const options = [
    'Dir::Etc::sourcelist=/dev/null',
    `Dir::Etc::sourceparts=${folder}/parts`,
    `Dir::State::lists=${folder}/lists`,
    `Dir::Cache=${folder}/cache`,
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);
  execFileSync('apt-get', ['-qq', ...options, ...command], { cwd, stdio: 'ignore', timeout: 120_000 });
}
