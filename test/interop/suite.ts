/** One line per check, and the count that `npm test` reads. */
export class Suite {
  passed = 0;
  failed = 0;

  /** @param wanted only checks whose name contains one of these; empty: all */
  constructor(private readonly wanted: readonly string[] = []) {}

  wants(name: string): boolean {
    return this.wanted.length === 0 || this.wanted.some((part) => name.includes(part));
  }

  /** Runs one check. @param run returns what was measured, for the line */
  async check(name: string, run: () => Promise<string | undefined>, timeout = 90_000): Promise<void> {
    if (!this.wants(name)) return;
    const start = Date.now();
    let timer: NodeJS.Timeout | undefined;
    try {
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no end within ${timeout} ms`)), timeout);
      });
      const note = await Promise.race([run(), late]);
      this.passed++;
      console.log(`ok    ${name}${note === undefined ? '' : `  (${note})`}  ${seconds(start)}`);
    } catch (error) {
      this.failed++;
      console.log(
        `FAIL  ${name}  ${seconds(start)}\n${indent(error instanceof Error ? (error.stack ?? error.message) : String(error))}`,
      );
    } finally {
      clearTimeout(timer);
    }
  }

  /** A group that cannot run at all counts as one failure: nothing passes silently. */
  fail(name: string, error: unknown): void {
    this.failed++;
    console.log(`FAIL  ${name}\n${indent(error instanceof Error ? error.message : String(error))}`);
  }

  /** Takes over what was checked elsewhere, and told of there. */
  count({ passed, failed }: { readonly passed: number; readonly failed: number }): void {
    this.passed += passed;
    this.failed += failed;
  }

  summary(): string {
    return `${this.passed} passed, ${this.failed} failed`;
  }
}

function seconds(start: number): string {
  return `${((Date.now() - start) / 1000).toFixed(1)} s`;
}

function indent(text: string): string {
  return text.replace(/^/gm, '      ');
}
