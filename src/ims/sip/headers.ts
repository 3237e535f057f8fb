import { splitCommaList } from './comma-list.js';
import { headerName, type HeaderName } from './header-names.js';
import { isToken } from './token.js';

interface Field {
  readonly header: HeaderName;
  readonly value: string;
}

/** A value must not start a new line: header injection. */
function oneLine(value: string): string {
  return /[\r\n]/.test(value) ? value.replace(/[ \t]*[\r\n]+[ \t]*/g, ' ').trim() : value.trim();
}

/**
 * The header fields of a message in their order. Names are taken in any case and in long or compact form. Fields are
 * kept as they came; values are split when they are asked for.
 */
export class Headers {
  #fields: Field[] = [];
  #revision = 0;

  /** @param fields name and value of each field, first to last */
  constructor(fields: Iterable<readonly [name: string, value: string]> = []) {
    for (const [name, value] of fields) this.#fields.push({ header: known(name), value: oneLine(value) });
  }

  /** Counts the changes, for those who cache what they parsed. */
  get revision(): number {
    return this.#revision;
  }

  /** Number of fields (not of values). */
  get size(): number {
    return this.#fields.length;
  }

  /** For the parser: one field after the last, its value unfolded and trimmed, its name known to be a token. */
  adopt(header: HeaderName, value: string): void {
    this.#fields.push({ header, value });
  }

  /** The first value of `name`; of a comma list, its first item. */
  get(name: string): string | undefined {
    const field = this.#fields[this.#find(headerName(name).key)];
    if (!field) return undefined;
    return field.header.list && field.value.includes(',') ? splitCommaList(field.value)[0] : field.value;
  }

  /** Every value of `name` in order; comma lists are split, quotes and <> respected. */
  getAll(name: string): string[] {
    const { key } = headerName(name);
    const values: string[] = [];
    for (const { header, value } of this.#fields) {
      if (header.key !== key) continue;
      if (header.list && value.includes(',')) values.push(...splitCommaList(value));
      else if (!header.list || value.length > 0) values.push(value);
    }
    return values;
  }

  /** The fields of `name` as they came, comma lists not split. */
  rawValues(name: string): string[] {
    const { key } = headerName(name);
    return this.#fields.filter((field) => field.header.key === key).map((field) => field.value);
  }

  /** How many fields of `name` there are, whatever they hold. */
  count(name: string): number {
    const { key } = headerName(name);
    let count = 0;
    for (const { header } of this.#fields) if (header.key === key) count++;
    return count;
  }

  has(name: string): boolean {
    return this.#find(headerName(name).key) >= 0;
  }

  /** Replaces all values of `name`, at the place of its first field, or at the end. No values: deletes. */
  set(name: string, ...values: string[]): void {
    const header = known(name);
    const place = this.#find(header.key);
    const rest = this.#fields.filter((field) => field.header.key !== header.key);
    const fields = values.map((value) => ({ header, value: oneLine(value) }));
    rest.splice(place < 0 ? rest.length : place, 0, ...fields);
    this.#change(rest);
  }

  /** Adds a field after the last of that name, or at the end. */
  append(name: string, value: string): void {
    const header = known(name);
    let place = this.#fields.length;
    for (let i = this.#fields.length - 1; i >= 0; i--) {
      if (this.#fields[i]?.header.key !== header.key) continue;
      place = i + 1;
      break;
    }
    this.#fields.splice(place, 0, { header, value: oneLine(value) });
    this.#revision++;
  }

  /** Adds a field before all of that name (Via, Record-Route, Route), or at the top. */
  prepend(name: string, value: string): void {
    const header = known(name);
    this.#fields.splice(Math.max(0, this.#find(header.key)), 0, { header, value: oneLine(value) });
    this.#revision++;
  }

  /** Takes the first single value of `name` off and returns it; the rest of its comma list stays. */
  removeFirst(name: string): string | undefined {
    const place = this.#find(headerName(name).key);
    const field = this.#fields[place];
    if (!field) return undefined;
    const [first, ...rest] = field.header.list ? splitCommaList(field.value) : [field.value];
    if (rest.length === 0) this.#fields.splice(place, 1);
    else this.#fields[place] = { header: field.header, value: rest.join(', ') };
    this.#revision++;
    return first;
  }

  delete(name: string): void {
    const { key } = headerName(name);
    if (this.#find(key) >= 0) this.#change(this.#fields.filter((field) => field.header.key !== key));
  }

  /** Each field in its order: canonical name and raw value, unfolded, comma lists not split. */
  *entries(): IterableIterator<[name: string, value: string]> {
    for (const { header, value } of this.#fields) yield [header.name, value];
  }

  clone(): Headers {
    const copy = new Headers();
    copy.#fields = [...this.#fields];
    return copy;
  }

  #find(key: string): number {
    const fields = this.#fields;
    for (let i = 0; i < fields.length; i++) if (fields[i]?.header.key === key) return i;
    return -1;
  }

  #change(fields: Field[]): void {
    this.#fields = fields;
    this.#revision++;
  }
}

/** @throws TypeError if the program names a header field that cannot exist */
function known(name: string): HeaderName {
  const header = headerName(name);
  if (!header.known && !isToken(header.name)) throw new TypeError(`not a header field name: ${JSON.stringify(name)}`);
  return header;
}
