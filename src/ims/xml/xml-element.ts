export interface XmlAttribute {
  /** Namespace name; empty: none, as attributes without prefix are. */
  readonly namespace: string;
  readonly name: string;
  readonly value: string;
}

/** An element with its names resolved (Namespaces in XML 1.0). */
export class XmlElement {
  readonly children: (XmlElement | string)[] = [];

  /** @param namespace empty: none @param name local part */
  constructor(
    readonly namespace: string,
    readonly name: string,
    readonly attributes: readonly XmlAttribute[] = [],
  ) {}

  /** The value of an attribute, of no namespace unless told. */
  attribute(name: string, namespace = ''): string | null {
    return this.attributes.find((a) => a.name === name && a.namespace === namespace)?.value ?? null;
  }

  /** Child elements of this name. @param namespace default: that of this element */
  all(name: string, namespace = this.namespace): XmlElement[] {
    return this.children.filter(
      (child): child is XmlElement =>
        child instanceof XmlElement && child.name === name && child.namespace === namespace,
    );
  }

  first(name: string, namespace = this.namespace): XmlElement | null {
    return this.all(name, namespace)[0] ?? null;
  }

  /** Its own text, that of child elements left out, without white space at the ends. */
  get text(): string {
    return this.children
      .filter((child) => typeof child === 'string')
      .join('')
      .trim();
  }
}
