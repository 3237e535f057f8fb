import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** States and policies of a kernel that is not there. */
export interface FakeXfrm {
  /** States and policies in force. */
  count(): number;
  close(): void;
}

/** From now on this process changes no kernel: see fake-xfrm.sh. Real ones: test/interop/esp. */
export function fakeXfrm(): FakeXfrm {
  const folder = mkdtempSync(join(tmpdir(), 'ims-xfrm-'));
  process.env['IMS_XFRM_HELPER'] = `sh ${fileURLToPath(new URL('fake-xfrm.sh', import.meta.url))} ${folder}`;
  return {
    count: () => readdirSync(folder).length,
    close: () => {
      delete process.env['IMS_XFRM_HELPER'];
      rmSync(folder, { recursive: true });
    },
  };
}
