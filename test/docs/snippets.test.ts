import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { snippets } from './snippets.js';

const scripts = (JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }).scripts;

describe('The documents', () => {
  it('show TypeScript and JavaScript that compiles against the package', () => {
    const folder = 'build/docs-snippets';
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const blocks = [...snippets('ts'), ...snippets('js')];
    assert.ok(blocks.length >= 2);
    blocks.forEach(({ text }, i) => writeFileSync(`${folder}/snippet-${i}.ts`, `${text}\nexport {};\n`));
    writeFileSync(
      `${folder}/tsconfig.json`,
      JSON.stringify({
        extends: '../../tsconfig.json',
        compilerOptions: {
          paths: {
            'ims-elements': ['../../src/index.ts'],
            'ims-elements/client': ['../../src/client/index.ts'],
            'ims-elements/strings/*.js': ['../../src/components/strings/*.ts'],
          },
        },
        include: ['*.ts'],
        exclude: [],
      }),
    );
    // Prints what does not compile.
    execFileSync('npx', ['tsc', '-p', folder], { stdio: ['ignore', 'inherit', 'inherit'] });
  });

  it('show shell commands that exist', () => {
    const lines = snippets('sh').flatMap(({ text }) =>
      text
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean),
    );
    assert.ok(lines.length >= 5);
    const help = execFileSync(process.execPath, ['--import', 'tsx', 'tools/ims.ts', '--help'], { encoding: 'utf8' });
    const companion = execFileSync(process.execPath, ['--import', 'tsx', 'companion/main.ts', '--help'], {
      encoding: 'utf8',
    });
    for (const line of lines) {
      const [program = '', first = '', verb = ''] = line.split(/\s+/);
      if (program === 'npm') assert.ok(first in scripts || (first === 'run' && verb in scripts), line);
      else if (first === 'ims') {
        assert.match(help, new RegExp(`^ *ims ${verb}`, 'm'), line);
        for (const [option] of line.matchAll(/--[a-z-]+/g)) assert.ok(help.includes(option), `${option} in ${line}`);
      } else if (first === 'ims-companion') assert.match(companion, new RegExp(`^ *ims-companion ${verb}`, 'm'), line);
      else assert.fail(`an unknown command: ${line}`);
    }
  });

  it('link to files that exist', () => {
    for (const document of [
      'README.md',
      'docs/elements.md',
      'docs/embedding.md',
      'docs/registration.md',
      'docs/features.md',
      'docs/architecture.md',
    ]) {
      for (const [, target = ''] of readFileSync(document, 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
        const path = new URL(target, `file:///${document}`).pathname.slice(1);
        assert.ok(existsSync(path), `${document} links to ${target}`);
      }
    }
  });
});
