/** Checks what came over the wire against the shape that the code relies on. */
export type Guard<T> = (value: unknown) => value is T;
export type Guarded<G> = G extends Guard<infer T> ? T : never;
type Shape = Readonly<Record<string, Guard<unknown>>>;
type Required<S extends Shape> = { readonly [K in keyof S]: Guarded<S[K]> };
type Optional<S extends Shape> = { readonly [K in keyof S]?: Guarded<S[K]> };

/** A text of at most `max` UTF-16 units. */
export function text(max: number): Guard<string> {
  return (value): value is string => typeof value === 'string' && value.length <= max;
}

/** A whole number, `min` and `max` included. */
export function integer(min: number, max: number): Guard<number> {
  return (value): value is number => Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
}

/** Any finite number from `min` to `max`: times. */
export function span(min: number, max: number): Guard<number> {
  return (value): value is number => typeof value === 'number' && value >= min && value <= max;
}

export const flag: Guard<boolean> = (value): value is boolean => typeof value === 'boolean';

export function oneOf<const T extends readonly (string | number)[]>(...values: T): Guard<T[number]> {
  return (value): value is T[number] => values.some((allowed) => allowed === value);
}

export function nullOr<T>(guard: Guard<T>): Guard<T | null> {
  return (value): value is T | null => value === null || guard(value);
}

export function list<T>(guard: Guard<T>, max: number): Guard<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.length <= max && value.every(guard);
}

/** An object used as a map from text to text. */
export function texts(maxEntries: number, maxLength: number): Guard<Readonly<Record<string, string>>> {
  const entry = text(maxLength);
  return (value): value is Readonly<Record<string, string>> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const entries = Object.entries(value);
    return entries.length <= maxEntries && entries.every(([name, item]) => name.length <= 256 && entry(item));
  };
}

/** An object with these members; members that are not named are ignored (a newer peer may add some). */
export function record<R extends Shape>(required: R): Guard<Required<R>>;
export function record<R extends Shape, O extends Shape>(required: R, optional: O): Guard<Required<R> & Optional<O>>;
export function record(required: Shape, optional: Shape = {}): Guard<object> {
  const musts = Object.entries(required);
  const mays = Object.entries(optional);
  return (value): value is object => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const member = (name: string): unknown => (Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined);
    return (
      musts.every(([name, guard]) => guard(member(name))) &&
      mays.every(([name, guard]) => member(name) === undefined || guard(member(name)))
    );
  };
}

/** Any of the shapes. */
export function either<A, B, C>(a: Guard<A>, b: Guard<B>, c: Guard<C>): Guard<A | B | C> {
  return (value): value is A | B | C => a(value) || b(value) || c(value);
}
