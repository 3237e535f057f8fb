/**
 * `npm run api-report`: writes `docs/api/ims-elements.api.md` (what a page's developer can import) and
 * `custom-elements.json` (what an editor needs). `--check` compares with the committed files instead.
 */
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const check = process.argv.includes('--check');
const REPORT = 'ims-elements.api.md';
const MANIFEST = 'custom-elements.json';

rmSync('dist/types', { recursive: true, force: true });
execFileSync('npx', ['tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });

mkdirSync('build/api', { recursive: true });
mkdirSync('docs/api', { recursive: true });
const config = ExtractorConfig.prepare({
  configObject: {
    projectFolder: resolve('.'),
    mainEntryPointFilePath: resolve('dist/types/src/index.d.ts'),
    compiler: { tsconfigFilePath: resolve('tsconfig.json') },
    apiReport: {
      enabled: true,
      reportFileName: REPORT,
      reportFolder: resolve('docs/api'),
      reportTempFolder: resolve('build/api'),
    },
    docModel: { enabled: false, apiJsonFilePath: resolve('build/api/model.json') },
    dtsRollup: { enabled: false },
    messages: {
      compilerMessageReporting: { default: { logLevel: 'none' as never } },
      extractorMessageReporting: { default: { logLevel: 'none' as never } },
      tsdocMessageReporting: { default: { logLevel: 'none' as never } },
    },
  },
  configObjectFullPath: resolve('api-extractor.json'),
  packageJsonFullPath: resolve('package.json'),
});
const result = Extractor.invoke(config, { localBuild: !check, showVerboseMessages: false });

execFileSync(
  'npx',
  ['cem', 'analyze', '--litelement', '--globs', 'src/components/**/*.ts', '--outdir', 'build/api', '--quiet'],
  {
    stdio: ['ignore', 'ignore', 'inherit'],
  },
);

const manifest = sortedManifest(readFileSync(`build/api/${MANIFEST}`, 'utf8'));
const differences: string[] = [];
if (check) {
  if (result.apiReportChanged) differences.push(`docs/api/${REPORT}`);
  if (!existsSync(MANIFEST) || readFileSync(MANIFEST, 'utf8') !== manifest) differences.push(MANIFEST);
} else {
  writeFileSync(MANIFEST, manifest);
}
if (differences.length > 0) {
  console.error(
    `The public API changed: ${differences.join(' and ')} differ. Run "npm run api-report", read the diff, commit it.`,
  );
  process.exit(1);
}
console.log(check ? 'API report and manifest are up to date.' : `Wrote docs/api/${REPORT} and ${MANIFEST}.`);

/** The analyzer writes modules in the order in which it happened to read them. */
function sortedManifest(text: string): string {
  const parsed = JSON.parse(text) as { modules: { path: string }[] };
  parsed.modules.sort((a, b) => (a.path < b.path ? -1 : 1));
  return `${JSON.stringify(parsed, null, 2)}\n`;
}
