import type { XmlAttribute } from './xml-element.js';

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';

/** Which prefix means which namespace at one place of a document (Namespaces in XML 1.0). */
export class NamespaceScope {
  static readonly OUTERMOST = new NamespaceScope(new Map([['xml', XML_NAMESPACE]]));

  private constructor(private readonly prefixes: ReadonlyMap<string, string>) {}

  /** The scope of an element. @param written its attributes as they stand @returns null if a declaration is forbidden */
  enter(written: ReadonlyMap<string, string>): NamespaceScope | null {
    let prefixes: Map<string, string> | null = null;
    for (const [name, value] of written) {
      if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue;
      const prefix = name.slice(6);
      // §3, §5: `xml` and `xmlns` are not for others; a prefix cannot be taken back.
      if (prefix === 'xmlns' || (prefix === 'xml') !== (value === XML_NAMESPACE)) return null;
      if (name !== 'xmlns' && (prefix === '' || value === '')) return null;
      prefixes ??= new Map(this.prefixes);
      prefixes.set(prefix, value);
    }
    return prefixes ? new NamespaceScope(prefixes) : this;
  }

  elementName(tag: string): { readonly namespace: string; readonly name: string } | null {
    return this.#resolve(tag, this.prefixes.get('') ?? '');
  }

  /** The attributes but the declarations. @returns null if a prefix is unknown, or two have the same name */
  attributes(written: ReadonlyMap<string, string>): XmlAttribute[] | null {
    const attributes: XmlAttribute[] = [];
    for (const [tag, value] of written) {
      if (tag === 'xmlns' || tag.startsWith('xmlns:')) continue;
      // §6.2: the default namespace is not for attributes.
      const resolved = this.#resolve(tag, '');
      if (!resolved) return null;
      const { namespace, name } = resolved;
      if (attributes.some((a) => a.name === name && a.namespace === namespace)) return null;
      attributes.push({ namespace, name, value });
    }
    return attributes;
  }

  #resolve(tag: string, unprefixed: string): { readonly namespace: string; readonly name: string } | null {
    const colon = tag.indexOf(':');
    if (colon < 0) return { namespace: unprefixed, name: tag };
    const name = tag.slice(colon + 1);
    const namespace = this.prefixes.get(tag.slice(0, colon));
    return namespace === undefined || colon === 0 || name === '' || name.includes(':') ? null : { namespace, name };
  }
}
