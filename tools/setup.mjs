// First step of `npm start` and `npm test` in an empty clone. Plain Node, because nothing is installed yet.
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { ensureChromium } from './chromium.mjs';

const LOCK = 'package-lock.json';
const INSTALLED = 'node_modules/.package-lock.json';

function needsInstall() {
  return !existsSync(INSTALLED) || statSync(INSTALLED).mtimeMs + 1 < statSync(LOCK).mtimeMs;
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 11)) {
  console.error(`Node 20.11 or newer is needed; this is ${process.version}.`);
  process.exit(1);
}
if (needsInstall()) {
  console.log('Installing dependencies (once)...');
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { stdio: 'inherit' });
}
if (process.argv.includes('--chromium')) {
  try {
    ensureChromium();
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
