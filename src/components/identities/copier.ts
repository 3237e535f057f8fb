/** How long "copied" stays, ms. */
const SHOWN_MS = 2000;

/** Puts a text on the clipboard and says so for a moment. */
export class Copier {
  /** What was copied last, for a moment. */
  copied: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly changed: () => void) {}

  async copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // A frame without the permission: the address stays there to be selected by hand.
      return;
    }
    this.copied = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.copied = null;
      this.changed();
    }, SHOWN_MS);
    this.changed();
  }
}
