/** A worker script could not be loaded by any rung of the ladder. */
export class WorkerLoadError extends Error {
  override readonly name = 'WorkerLoadError';
  constructor(
    readonly url: string,
    override readonly cause?: unknown,
  ) {
    super(`The worker ${url} could not be loaded.`);
  }
}

interface TrustedTypesLike {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): {
    createScriptURL(url: string): string;
  };
}

let policy: { createScriptURL(url: string): string } | null = null;

/** Passes `url` through the policy `ims-elements` where the page enforces Trusted Types. */
function trusted(url: string): string {
  const trustedTypes = (globalThis as { trustedTypes?: TrustedTypesLike }).trustedTypes;
  if (!trustedTypes) return url;
  policy ??= trustedTypes.createPolicy('ims-elements', { createScriptURL: (value) => value });
  return policy.createScriptURL(url);
}

/**
 * Starts a worker. Same origin: from its file. Another origin (a CDN): browsers forbid that, so the
 * self-contained script is fetched (CORS) and started from a blob; the page's CSP must then allow `worker-src blob:`.
 *
 * @throws WorkerLoadError when the script cannot be fetched
 */
export async function loadWorker(url: URL): Promise<Worker> {
  if (url.origin === globalThis.location.origin) return new Worker(trusted(url.href), { name: workerName(url) });
  let text: string;
  try {
    const response = await fetch(url, { mode: 'cors', credentials: 'omit' });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    text = await response.text();
  } catch (error) {
    throw new WorkerLoadError(url.href, error);
  }
  const blobUrl = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  try {
    return new Worker(trusted(blobUrl), { name: workerName(url) });
  } finally {
    // The worker has taken its reference: the URL itself is no longer needed.
    setTimeout(() => URL.revokeObjectURL(blobUrl), 10_000);
  }
}

const workerName = (url: URL): string => url.pathname.split('/').pop() ?? 'worker';
