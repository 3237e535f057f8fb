import { decodeUtf8 } from '../sip/utf8.js';
import { NamespaceScope } from './namespace-scope.js';
import { unescapeXml } from './unescape-xml.js';
import { XmlElement } from './xml-element.js';

export interface XmlLimits {
  readonly octets: number;
  /** Elements within elements. */
  readonly depth: number;
  /** Elements and pieces of text in the whole document. */
  readonly nodes: number;
}

export const XML_LIMITS: XmlLimits = { octets: 262_144, depth: 32, nodes: 20_000 };

/** Attributes of one element. */
const MAX_ATTRIBUTES = 64;

const NAME = String.raw`[A-Za-z_:\u00c0-\ufffd][-A-Za-z0-9._:\u00b7\u00c0-\ufffd]*`;
const OPEN = new RegExp(`<(${NAME})`, 'y');
const ATTRIBUTE = new RegExp(String.raw`[ \t\n]+(${NAME})[ \t\n]*=[ \t\n]*("[^"<]*"|'[^'<]*')`, 'y');
const OPEN_END = /[ \t\n]*(\/?)>/y;
const CLOSE = new RegExp(String.raw`</(${NAME})[ \t\n]*>`, 'y');
const INSTRUCTION = new RegExp(String.raw`<\?(${NAME})(?:[ \t\n][^]*?)?\?>`, 'y');
const DECLARATION = /^<\?xml[ \t\n][^?]*?\?>/;
const ENCODING = /[ \t\n]encoding[ \t\n]*=[ \t\n]*["']([^"']*)["']/;
// What XML 1.0 §2.2 has no place for.
// eslint-disable-next-line no-control-regex
const NO_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/**
 * A well-formed document of the kind that SIP carries: UTF-8, namespaces, no DTD. A document type declaration is
 * refused, so that no entity can grow or reach out (RFC 3470 §4.13 advises so too). Never throws.
 *
 * @returns the root element; null if it is not well-formed, or beyond the limits
 */
export function parseXml(source: Uint8Array | string, limits: Partial<XmlLimits> = {}): XmlElement | null {
  const bounds = { ...XML_LIMITS, ...limits };
  if (source.length > bounds.octets) return null;
  const decoded = typeof source === 'string' ? source : decodeUtf8(source);
  const text = decoded.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  if (NO_CHARACTER.test(text)) return null;
  return new Reader(text, bounds).read();
}

interface OpenElement {
  readonly element: XmlElement;
  readonly tag: string;
  readonly scope: NamespaceScope;
}

class Reader {
  #position = 0;
  #nodes = 0;
  #root: XmlElement | null = null;
  readonly #open: OpenElement[] = [];

  constructor(
    private readonly text: string,
    private readonly limits: XmlLimits,
  ) {}

  read(): XmlElement | null {
    const declaration = DECLARATION.exec(this.text)?.[0];
    const encoding = ENCODING.exec(declaration ?? '')?.[1] ?? 'utf-8';
    if (!/^(?:utf-8|us-ascii)$/i.test(encoding)) return null;
    this.#position = declaration?.length ?? 0;
    while (this.#position < this.text.length) {
      if (!this.#step() || ++this.#nodes > this.limits.nodes) return null;
    }
    return this.#open.length === 0 ? this.#root : null;
  }

  get #innermost(): OpenElement | undefined {
    return this.#open[this.#open.length - 1];
  }

  /** Takes one piece of the document. @returns false if it is none */
  #step(): boolean {
    const { text } = this;
    const at = this.#position;
    if (text.charCodeAt(at) !== 0x3c) return this.#characters();
    if (text.startsWith('</', at)) return this.#close();
    if (text.startsWith('<!--', at)) return this.#comment();
    if (text.startsWith('<![CDATA[', at)) return this.#section();
    if (text.startsWith('<?', at)) {
      const target = this.#match(INSTRUCTION)?.[1];
      return target !== undefined && target.toLowerCase() !== 'xml';
    }
    // `<!DOCTYPE` is no element either.
    return this.#start();
  }

  #characters(): boolean {
    const next = this.text.indexOf('<', this.#position);
    const end = next < 0 ? this.text.length : next;
    const raw = this.text.slice(this.#position, end);
    this.#position = end;
    if (raw.includes(']]>')) return false;
    const value = unescapeXml(raw);
    return value !== null && this.#addText(value, raw);
  }

  #comment(): boolean {
    const end = this.text.indexOf('--', this.#position + 4);
    if (end < 0 || this.text.charCodeAt(end + 2) !== 0x3e) return false;
    this.#position = end + 3;
    return true;
  }

  #section(): boolean {
    const start = this.#position + 9;
    const end = this.text.indexOf(']]>', start);
    if (end < 0 || this.#open.length === 0) return false;
    this.#position = end + 3;
    return this.#addText(this.text.slice(start, end), '');
  }

  /** @param raw outside of the root only white space may stand, and no reference */
  #addText(value: string, raw: string): boolean {
    const parent = this.#innermost;
    if (!parent) return /^[ \t\n]*$/.test(raw);
    if (value.length > 0) parent.element.children.push(value);
    return true;
  }

  #start(): boolean {
    const tag = this.#match(OPEN)?.[1];
    if (tag === undefined || this.#open.length >= this.limits.depth) return false;
    const written = new Map<string, string>();
    for (let found = this.#match(ATTRIBUTE); found; found = this.#match(ATTRIBUTE)) {
      const [, name = '', quoted = ''] = found;
      const value = unescapeXml(quoted.slice(1, -1).replace(/[\t\n]/g, ' '));
      if (value === null || written.has(name) || written.size >= MAX_ATTRIBUTES) return false;
      written.set(name, value);
    }
    const end = this.#match(OPEN_END);
    if (!end) return false;
    const parent = this.#innermost;
    if (!parent && this.#root) return false;
    const scope = (parent?.scope ?? NamespaceScope.OUTERMOST).enter(written);
    const name = scope?.elementName(tag);
    const attributes = scope?.attributes(written);
    if (!scope || !name || !attributes) return false;
    const element = new XmlElement(name.namespace, name.name, attributes);
    if (parent) parent.element.children.push(element);
    else this.#root = element;
    if (end[1] === '') this.#open.push({ element, tag, scope });
    return true;
  }

  #close(): boolean {
    const tag = this.#match(CLOSE)?.[1];
    return tag !== undefined && this.#open.pop()?.tag === tag;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.text);
    if (found) this.#position = pattern.lastIndex;
    return found;
  }
}
