/**
 * `npm test`: every check in order, cheapest first, and one closing line `N passed, N failed`.
 *
 *   npm test                     all but interop
 *   npm test -- unit browser     chosen suites
 *   npm test -- --interop        interop too (what CI runs)
 *   npm test -- interop esp      of interop what these words name (test/interop/main.ts)
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureChromium } from './chromium.mjs';
import { compileTests } from './compile-tests.js';

interface Totals {
  passed: number;
  failed: number;
}

const NODE_TS = ['--import', 'tsx'];
const NOT_UNIT = new Set(['browser', 'interop', 'e2e', 'vectors']);

/** Runs a command with its output shown, and returns that output. */
function run(command: string, args: readonly string[], minutes: number): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'inherit'], env: process.env });
    const timer = setTimeout(() => {
      console.log(`${command} ${args.join(' ')}: stopped after ${minutes} minutes`);
      child.kill('SIGKILL');
    }, minutes * 60_000);
    let output = '';
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString();
      process.stdout.write(data);
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, output });
    });
  });
}

function testFiles(directory: string, skip: ReadonlySet<string> = new Set()): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    if (skip.has(entry.name)) return [];
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return testFiles(path);
    return entry.name.endsWith('.test.ts') ? [path] : [];
  });
}

/** One pass-or-fail check, counted as one test. */
async function check(label: string, command: string, args: readonly string[]): Promise<Totals> {
  const { code } = await run(command, args, 10);
  console.log(`${label}: ${code === 0 ? 'ok' : 'FAILED'}`);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function nodeTests(files: readonly string[], concurrency: number): Promise<Totals> {
  if (files.length === 0) return { passed: 0, failed: 0 };
  const folder = `build/tests-${process.pid}`;
  const compiled = await compileTests(files, folder);
  const options = ['--enable-source-maps', '--test', `--test-concurrency=${concurrency}`, '--test-reporter=spec'];
  const { code, output } = await run(process.execPath, [...options, ...compiled], 20);
  rmSync(folder, { recursive: true });
  const total = (name: string): number => Number(new RegExp(`^ℹ ${name} (\\d+)`, 'm').exec(output)?.[1] ?? 0);
  const failed = total('fail') + total('cancelled');
  return { passed: total('pass'), failed: code !== 0 && failed === 0 ? 1 : failed };
}

async function browserTests(): Promise<Totals> {
  const file = 'build/browser-totals.json';
  rmSync(file, { force: true });
  const { code } = await run('npx', ['wtr'], 15);
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const totals = JSON.parse(readFileSync(file, 'utf8')) as Totals;
  return { passed: totals.passed, failed: code !== 0 && totals.failed === 0 ? 1 : totals.failed };
}

/** A suite whose own output ends with `N passed, N failed`. */
async function ownRunner(script: string, minutes: number, names: readonly string[]): Promise<Totals> {
  const { code, output } = await run(process.execPath, [...NODE_TS, script, ...names], minutes);
  const match = /^[^]*^(\d+) passed, (\d+) failed/m.exec(output);
  const totals = match ? { passed: Number(match[1]), failed: Number(match[2]) } : { passed: 0, failed: 1 };
  return { passed: totals.passed, failed: code !== 0 && totals.failed === 0 ? 1 : totals.failed };
}

/** What follows `interop` and is no suite. */
const namesOfInterop: string[] = [];

const suites: Record<string, () => Promise<Totals>> = {
  build: () => check('build', process.execPath, [...NODE_TS, 'tools/build.ts']),
  types: () => check('types', 'npx', ['tsc', '--noEmit', '-p', '.']),
  lint: () => check('lint', 'npx', ['eslint', '.']),
  format: () => check('format', 'npx', ['prettier', '--check', '--log-level', 'warn', '.']),
  imports: () => check('import directions', 'npx', ['depcruise', 'src', 'companion', 'demo', 'tools']),
  size: () => check('size budgets', 'npx', ['size-limit']),
  gzip: () => check('size budgets by gzip', process.execPath, [...NODE_TS, 'tools/gzip-sizes.ts']),
  api: () => check('API report and manifest', process.execPath, [...NODE_TS, 'tools/api-report.ts', '--check']),
  unit: () => nodeTests(testFiles('test', NOT_UNIT), 2),
  browser: browserTests,
  e2e: () => nodeTests(testFiles('test/e2e'), 1),
  interop: () => ownRunner('test/interop/main.ts', namesOfInterop.length === 0 ? 20 : 90, namesOfInterop),
};

const words = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const interopAt = words.indexOf('interop');
const isName = (word: string, i: number): boolean => interopAt >= 0 && i > interopAt && !(word in suites);
namesOfInterop.push(...words.filter(isName));
const asked = words.filter((word, i) => !isName(word, i));
const interop = process.argv.includes('--interop');
const chosen = asked.length > 0 ? asked : Object.keys(suites).filter((name) => name !== 'interop' || interop);

process.env['CHROME_PATH'] = ensureChromium();
const sum: Totals = { passed: 0, failed: 0 };
for (const name of chosen) {
  const suite = suites[name];
  if (!suite) {
    console.error(`No suite "${name}". There are: ${Object.keys(suites).join(', ')}.`);
    process.exit(2);
  }
  const start = Date.now();
  console.log(`\n=== ${name}`);
  const totals = await suite();
  sum.passed += totals.passed;
  sum.failed += totals.failed;
  console.log(
    `=== ${name}: ${totals.passed} passed, ${totals.failed} failed (${((Date.now() - start) / 1000).toFixed(0)} s)`,
  );
}
console.log(`\n${sum.passed} passed, ${sum.failed} failed`);
process.exit(sum.failed === 0 && sum.passed > 0 ? 0 : 1);
