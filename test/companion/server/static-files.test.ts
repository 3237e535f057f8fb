import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { companionFixture } from '../../net/companion-fixture.js';

/** A request whose path is sent as it is: `fetch` would tidy it up. */
function get(port: number, path: string): Promise<{ status: number; type: string; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, type: String(response.headers['content-type']), body }),
      );
    });
    outgoing.on('error', reject).end();
  });
}

describe('StaticFiles', () => {
  it('serves what lies in the directory and nothing else', async () => {
    const root = mkdtempSync(join(tmpdir(), 'ims-static-'));
    const served = join(root, 'served');
    mkdirSync(join(served, 'sub'), { recursive: true });
    writeFileSync(join(root, 'secret.txt'), 'secret');
    writeFileSync(join(served, 'index.html'), '<p>home');
    writeFileSync(join(served, 'sub', 'a b.wasm'), 'wasm');
    writeFileSync(join(served, '.hidden'), 'secret');
    symlinkSync(join(root, 'secret.txt'), join(served, 'link.txt'));
    const fixture = await companionFixture({ staticDirectory: served });
    const { port } = fixture.companion;
    assert.deepEqual(await get(port, '/'), { status: 200, type: 'text/html; charset=utf-8', body: '<p>home' });
    assert.deepEqual(await get(port, '/sub/a%20b.wasm?x=1'), { status: 200, type: 'application/wasm', body: 'wasm' });
    const hostile = [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/link.txt',
      '/.hidden',
      '/sub',
      '/%',
      '/%00',
      '//etc/passwd',
      '/x/../../secret.txt',
    ];
    for (const path of hostile) {
      const { status, body } = await get(port, path);
      assert.equal(status, 404, path);
      assert.ok(!body.includes('secret'), path);
    }
    await fixture.close();
    rmSync(root, { recursive: true });
  });
});
