import { build, type Plugin } from 'esbuild';
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Files next to a source are still found beside it: `import.meta` speaks of the source, not of what was made from it. */
const keepSourcePlaces: Plugin = {
  name: 'keep-source-places',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const places: Record<string, string> = { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) };
      const contents = readFileSync(path, 'utf8').replace(
        /\bimport\.meta\.(url|filename|dirname)\b/g,
        (_, what: string) => JSON.stringify(places[what]),
      );
      return { contents, loader: 'ts' };
    });
  },
};

/**
 * Bundles test files into `folder`, with what they share in chunks. Each test file is a process, and would else load and
 * compile its hundred modules by itself.
 * @returns the bundled files, in the order of `files`
 */
export async function compileTests(files: readonly string[], folder: string): Promise<string[]> {
  rmSync(folder, { recursive: true, force: true });
  await build({
    entryPoints: [...files],
    outbase: '.',
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: 'linked',
    logLevel: 'warning',
    plugins: [keepSourcePlaces],
  });
  return files.map((file) => join(folder, relative('.', file).replace(/\.ts$/, '.mjs')));
}
