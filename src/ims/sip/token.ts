const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/;

/** Whether `text` is a token of RFC 3261 §25.1. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}
