/**
 * `npm run build`: WASM kernels, workers, elements, companion, command line and demo into `dist/`.
 *
 * dist/index.js ...      ES modules with lit outside: what `import 'ims-elements'` gets
 * dist/ims-elements.js   everything in one file: one script tag
 * dist/workers/, wasm/   self-contained, loaded at run time relative to the file that asks
 * dist/companion/, cli/  Node programs
 * dist/demo/             the demo page, with a copy of what it needs
 */
import { build, type BuildOptions } from 'esbuild';
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { buildAssembly } from './build-assembly.js';
import { minifyTemplates } from './minify-templates.js';

const browser: BuildOptions = {
  bundle: true,
  format: 'esm',
  target: ['es2022', 'chrome111', 'firefox115', 'safari16.4'],
  platform: 'browser',
  minify: true,
  sourcemap: true,
  legalComments: 'none',
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [minifyTemplates],
};

const node: BuildOptions = {
  bundle: true,
  format: 'esm',
  target: 'node20',
  platform: 'node',
  sourcemap: true,
  packages: 'external',
  logLevel: 'warning',
  banner: { js: '#!/usr/bin/env node' },
};

/** Builds beside the old result and swaps at the end: a failed build leaves what was there. */
export async function buildAll(): Promise<void> {
  const out = `build/dist-${process.pid}`;
  mkdirSync(`${out}/wasm`, { recursive: true });
  try {
    await buildInto(out);
    rmSync('dist', { recursive: true, force: true });
    renameSync(out, 'dist');
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

async function buildInto(out: string): Promise<void> {
  await buildAssembly();
  for (const file of readdirSync('build/wasm'))
    if (file.endsWith('.wasm')) cpSync(`build/wasm/${file}`, `${out}/wasm/${file}`);

  await Promise.all([
    build({
      ...browser,
      entryPoints: {
        index: 'src/index.ts',
        client: 'src/client/index.ts',
        'strings/ar': 'src/components/strings/ar.ts',
        'strings/fr': 'src/components/strings/fr.ts',
      },
      outdir: out,
      splitting: true,
      chunkNames: '[name]-[hash]',
      external: ['lit', 'lit/*', 'comlink'],
    }),
    build({ ...browser, entryPoints: { 'ims-elements': 'src/index.ts' }, outdir: out }),
    // Classic scripts: the same text also works from a blob.
    build({
      ...browser,
      format: 'iife',
      entryPoints: ['src/workers/ims.worker.ts', 'src/workers/media.worker.ts', 'src/workers/audio.worklet.ts'],
      outdir: `${out}/workers`,
    }),
    build({ ...node, entryPoints: { main: 'companion/main.ts' }, outdir: `${out}/companion` }),
    build({ ...node, entryPoints: { ims: 'tools/ims.ts' }, outdir: `${out}/cli` }),
  ]);

  if (existsSync('demo/index.html')) await buildDemo(out);
}

/** The demo is served from dist/demo alone, so it carries its own copy of the workers. */
async function buildDemo(out: string): Promise<void> {
  const pages = readdirSync('demo/page').filter((file) => file.endsWith('.ts'));
  await build({ ...browser, entryPoints: pages.map((file) => `demo/page/${file}`), outdir: `${out}/demo` });
  for (const file of readdirSync('demo'))
    if (/\.(html|svg|png|ico)$/.test(file)) cpSync(`demo/${file}`, `${out}/demo/${file}`);
  for (const file of readdirSync('demo/page'))
    if (/\.(css|svg|png)$/.test(file)) cpSync(`demo/page/${file}`, `${out}/demo/${file}`);
  for (const folder of ['workers', 'wasm']) cpSync(`${out}/${folder}`, `${out}/demo/${folder}`, { recursive: true });
}

if (process.argv[1]?.endsWith('build.ts')) await buildAll();
