/** `:state(...)` of an element. Does nothing where the browser has no custom states. */
export class ElementStates {
  #internals: ElementInternals | null = null;

  constructor(private readonly element: HTMLElement) {}

  set(name: string, on: boolean): void {
    // Not in the constructor: there is no ElementInternals where the module is only imported.
    this.#internals ??= this.element.attachInternals();
    try {
      if (on) this.#internals.states.add(name);
      else this.#internals.states.delete(name);
    } catch {
      // Chromium before 125 takes only names that begin with two hyphens; styling hooks are all it loses.
    }
  }
}
