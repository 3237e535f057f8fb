import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { onStringsRegistered, stringsFor } from './registry.js';
import type { Strings } from './strings.js';

/** The texts of an element: its own, else those of the nearest `lang`, followed as that changes. */
export class LanguageController implements ReactiveController {
  #observer: MutationObserver | null = null;
  #stop: (() => void) | null = null;

  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly own: () => Strings | null,
  ) {
    host.addController(this);
  }

  get strings(): Strings {
    return this.own() ?? stringsFor(this.#lang());
  }

  hostConnected(): void {
    this.#stop = onStringsRegistered(() => this.host.requestUpdate());
    this.#observer = new MutationObserver(() => this.host.requestUpdate());
    for (const element of new Set([this.host, this.host.ownerDocument.documentElement]))
      this.#observer.observe(element, { attributeFilter: ['lang'] });
    this.host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#stop?.();
    this.#observer?.disconnect();
  }

  #lang(): string {
    let element: Element | null = this.host;
    while (element) {
      const lang: string | null | undefined = element.closest('[lang]')?.getAttribute('lang');
      if (lang) return lang;
      const root: Node = element.getRootNode();
      element = root instanceof ShadowRoot ? root.host : null;
    }
    return 'en';
  }
}
