import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const PATHS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Flags for a test browser: no sandbox as root in a container, and no traffic of its own. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-features=Translate,MediaRouter',
];

/** A microphone that beeps (or plays `--use-file-for-fake-audio-capture`), granted without a question. */
export const FAKE_MICROPHONE_FLAGS = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
];

const usable = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** @returns {string | undefined} path of a Chromium: `CHROME_PATH`, or the usual names */
export function findChromium() {
  const given = process.env.CHROME_PATH;
  if (given) return given;
  for (const directory of (process.env.PATH ?? '').split(':')) {
    for (const name of NAMES) if (usable(`${directory}/${name}`)) return `${directory}/${name}`;
  }
  return PATHS.find(usable);
}

/** Finds a Chromium, or installs Debian's where we may; otherwise says how to get one. */
export function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  if (process.getuid?.() === 0 && usable('/usr/bin/apt-get')) {
    console.log('No Chromium found: installing the Debian package.');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const options = { stdio: ['ignore', 'ignore', 'inherit'], env };
    try {
      execFileSync('apt-get', ['update', '-qq'], options);
      execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options);
    } catch {
      // The sentence below says what to do.
    }
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new Error(
    'No Chromium found. Install one (Debian: apt-get install chromium; macOS: brew install --cask chromium) ' +
      'or set CHROME_PATH to its executable.',
  );
}
