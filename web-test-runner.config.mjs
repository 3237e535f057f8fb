import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { CHROMIUM_FLAGS, FAKE_MICROPHONE_FLAGS, findChromium } from './tools/chromium.mjs';

const count = (suite, state) =>
  (suite?.tests ?? []).filter((test) => (state === 'passed' ? test.passed : !test.passed && !test.skipped)).length +
  (suite?.suites ?? []).reduce((sum, child) => sum + count(child, state), 0);

/** Leaves the totals where tools/test.ts adds them up. */
const totals = {
  stop({ sessions }) {
    const result = { passed: 0, failed: 0 };
    for (const session of sessions) {
      result.passed += count(session.testResults, 'passed');
      result.failed += count(session.testResults, 'failed');
      if (session.errors?.length) result.failed += 1;
    }
    mkdirSync('build', { recursive: true });
    writeFileSync('build/browser-totals.json', JSON.stringify(result));
  },
};

export default {
  files: 'test/browser/**/*.test.ts',
  nodeResolve: { exportConditions: ['production', 'default'] },
  concurrency: 1,
  testsFinishTimeout: 240000,
  testFramework: { config: { timeout: 20000 } },
  reporters: [defaultReporter({ reportTestProgress: false }), totals],
  browsers: [
    chromeLauncher({
      launchOptions: {
        executablePath: findChromium(),
        args: [...CHROMIUM_FLAGS, ...FAKE_MICROPHONE_FLAGS],
      },
    }),
  ],
  mimeTypes: { '**/*.ts': 'js' },
  plugins: [esbuildPlugin({ ts: true, target: 'es2022', tsconfig: 'tsconfig.json' })],
  // dist/ may hold a worker that a test loads: serve it as it is.
  middleware: [
    function vectors(context, next) {
      // `/vectors/...` is the folder of test vectors beside the project, which the web root does not cover.
      if (!context.path.startsWith('/vectors/') || context.path.includes('..')) return next();
      try {
        context.body = readFileSync(`../shared${context.path}`);
        context.type = 'application/octet-stream';
      } catch {
        context.status = 404;
      }
    },
  ],
};
