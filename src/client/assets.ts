/** Where the files are that are loaded at run time. */
export interface AssetLocations {
  readonly imsWorker: URL;
  readonly mediaWorker: URL;
  readonly worklet: URL;
  /** Folder of the WASM kernels, with a trailing slash. */
  readonly wasm: URL;
}

/**
 * The built layout: `workers/` and `wasm/` beside the module that asks.
 *
 * @param workerUrl URL of `ims.worker.js` where a page keeps the files elsewhere; the others are its neighbours
 */
export function locateAssets(workerUrl?: string): AssetLocations {
  const imsWorker = workerUrl
    ? new URL(workerUrl, globalThis.location.href)
    : new URL('./workers/ims.worker.js', import.meta.url);
  return {
    imsWorker,
    mediaWorker: new URL('./media.worker.js', imsWorker),
    worklet: new URL('./audio.worklet.js', imsWorker),
    wasm: new URL('../wasm/', imsWorker),
  };
}
