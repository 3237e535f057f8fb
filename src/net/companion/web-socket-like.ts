/** What the companion link needs of a WebSocket: the browser's fits, and that of `ws`. */
export interface WebSocketLike {
  binaryType: string;
  readonly bufferedAmount: number;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number }) => void): void;
}

/** Makes one; in a page `(url, protocols) => new WebSocket(url, [...protocols])`. */
export type WebSocketFactory = (url: string, protocols: readonly string[]) => WebSocketLike;

/** `fetch`, as far as the probe uses it. */
export type ProbeFetch = (
  url: string,
  init: { readonly mode: 'cors' | 'no-cors'; readonly cache: 'no-store'; readonly signal: AbortSignal },
) => Promise<{ readonly ok: boolean; json(): Promise<unknown> }>;
