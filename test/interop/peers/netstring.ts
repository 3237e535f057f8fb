/** `length:text,` as baresip's ctrl_tcp speaks it. */
export function netstring(text: string): string {
  return `${Buffer.byteLength(text)}:${text},`;
}

/** Cuts a stream into netstrings. */
export class NetstringReader {
  #pending = Buffer.alloc(0);

  constructor(private readonly onText: (text: string) => void) {}

  push(data: Buffer): void {
    this.#pending = Buffer.concat([this.#pending, data]);
    for (;;) {
      const colon = this.#pending.indexOf(':');
      if (colon < 0) return;
      const length = Number(this.#pending.subarray(0, colon).toString());
      const end = colon + 1 + length;
      if (this.#pending.length <= end) return;
      const text = this.#pending.subarray(colon + 1, end).toString();
      this.#pending = this.#pending.subarray(end + 1);
      this.onText(text);
    }
  }
}
