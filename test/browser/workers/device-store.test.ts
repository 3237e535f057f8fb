import { expect } from '@open-wc/testing';
import { SystemClock } from '../../../src/platform/system-clock.js';
import { SystemRandom } from '../../../src/platform/system-random.js';
import { deviceInstance, IndexedDbStore } from '../../../src/workers/device-store.js';

/** A page of this origin that asks for its name; it lives as long as the frame does. */
async function page(): Promise<{ readonly id: string; close(): void }> {
  const frame = document.createElement('iframe');
  frame.srcdoc = `<script type="module">
    import { SystemClock } from '/src/platform/system-clock.ts';
    import { SystemRandom } from '/src/platform/system-random.ts';
    import { deviceInstance, IndexedDbStore } from '/src/workers/device-store.ts';
    parent.postMessage(await deviceInstance(new IndexedDbStore(), new SystemRandom(), new SystemClock()), '*');
  </script>`;
  const id = new Promise<string>((resolve) => {
    addEventListener('message', ({ data, source }: MessageEvent<string>) => {
      if (source === frame.contentWindow) resolve(data);
    });
  });
  document.body.append(frame);
  return { id: await id, close: () => frame.remove() };
}

describe('IndexedDbStore', () => {
  it('keeps a text for who opens it next', async () => {
    await new IndexedDbStore().set('sqn test', '{"highest":1}');
    expect(await new IndexedDbStore().get('sqn test')).to.equal('{"highest":1}');
    expect(await new IndexedDbStore().get('nothing')).to.equal(null);
  });
});

describe('deviceInstance', () => {
  it('is the same when a page is loaded again, and another one in two pages at the same time', async () => {
    const first = await page();
    const second = await page();
    expect(first.id).to.match(/^urn:uuid:/);
    expect(second.id).not.to.equal(first.id);
    first.close();
    const again = await page();
    expect(again.id).to.equal(first.id);
    second.close();
    again.close();
  });

  it('mends a name that somebody changed', async () => {
    const store = new IndexedDbStore();
    await store.set('instance-0', 'urn:uuid:<script>');
    const id = await deviceInstance(store, new SystemRandom(), new SystemClock());
    expect(id).to.match(/^urn:uuid:[0-9a-f-]{36}$/);
    expect(await store.get('instance-0')).to.equal(id);
  });

  it('does not wait for a storage that hangs', async () => {
    const never = new Promise<never>(() => undefined);
    const store = { get: () => never, set: () => never };
    const id = await deviceInstance(store, new SystemRandom(), new SystemClock());
    expect(id).to.match(/^urn:uuid:/);
  });
});
