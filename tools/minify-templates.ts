import { transform, type Plugin } from 'esbuild';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/**
 * Takes indentation out of tagged templates, which esbuild leaves as they are: a tenth of the elements' size. Code
 * means the same without it, and keeps its lines but for those between attributes.
 */
export const minifyTemplates: Plugin = {
  name: 'minify-templates',
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/]components[\\/].*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const contents = (await minifyStyles(source)).replace(/\n[ \t]+/g, '\n').replace(ATTRIBUTE_LINE, ' ');
      return { loader: 'ts', contents };
    });
  },
};

/** A break before an attribute of a template: formatted code has blanks around its `=`. */
const ATTRIBUTE_LINE = /\n(?=[@.?]?[\w-]+=(?:"|\$\{))/g;

/** Style sheets hold no interpolation, so that what is between the backticks is CSS and nothing else. */
async function minifyStyles(source: string): Promise<string> {
  const [first = '', ...parts] = source.split(/\bcss`/);
  const minified = parts.map(async (part) => {
    const end = part.indexOf('`');
    const { code } = await transform(part.slice(0, end), { loader: 'css', minify: true });
    return (
      code
        .trim()
        .replace(/(--[\w-]+): /g, '$1:')
        .replace(PRIVATE_TOKEN, (token) => shortNames.get(token) ?? token) + part.slice(end)
    );
  });
  return [first, ...(await Promise.all(minified))].join('css`');
}

/** Custom properties of ours alone: pages set `--ims-*`. All are declared in one sheet, in the order of their short names. */
const PRIVATE_TOKEN = /--_[a-z-]+/g;
const shortNames = new Map<string, string>();
for (const [token] of readFileSync('src/components/theme/base-styles.ts', 'utf8').matchAll(PRIVATE_TOKEN))
  if (!shortNames.has(token)) shortNames.set(token, `--${shortNames.size.toString(36)}`);
