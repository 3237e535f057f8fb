import { NO_PARAMETERS, type Parameters } from './parameters.js';
import { parseUriParameters, printUriParameters } from './uri-parameters.js';

// RFC 3966 §3: global and local numbers with visual separators.
const NUMBER = /^\+?[0-9A-Fa-f*#().-]*[0-9A-Fa-f*#][0-9A-Fa-f*#().-]*$/;

/** A telephone number (RFC 3966). */
export class TelUri {
  readonly scheme = 'tel';

  /** @param number as written, with `+` if global and with visual separators */
  constructor(
    readonly number: string,
    readonly parameters: Parameters = NO_PARAMETERS,
  ) {}

  static parseRest(rest: string): TelUri | null {
    const semicolon = rest.indexOf(';');
    const number = semicolon < 0 ? rest : rest.slice(0, semicolon);
    if (!NUMBER.test(number)) return null;
    if (semicolon < 0) return new TelUri(number);
    const parameters = parseUriParameters(rest.slice(semicolon));
    return parameters === null ? null : new TelUri(number, parameters);
  }

  /** Whether the number is global: starts with `+` and the country code. */
  get isGlobal(): boolean {
    return this.number.startsWith('+');
  }

  /** The number without visual separators. */
  get digits(): string {
    return this.number.replace(/[().-]/g, '');
  }

  /** RFC 3966 §4: separators do not count, hexadecimal digits and parameters compare without regard to case. */
  equals(other: TelUri): boolean {
    if (this.digits.toLowerCase() !== other.digits.toLowerCase()) return false;
    if (this.parameters.size !== other.parameters.size) return false;
    for (const [name, value] of this.parameters) {
      const theirs = other.parameters.get(name);
      if (theirs === undefined || value?.toLowerCase() !== theirs?.toLowerCase()) return false;
    }
    return true;
  }

  toString(): string {
    return `tel:${this.number}${printUriParameters(this.parameters)}`;
  }
}
