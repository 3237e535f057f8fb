const CREDENTIALS = /^((?:proxy-)?authorization[ \t]*:[^\r\n]*)/gim;
const SECRET_PARAMETER = /\b(response|auts)([ \t]*=[ \t]*)("[^"]*"?|[^,\s]*)/gi;

/** A message as text for logs and traces: what could help to guess a password is taken out. */
export function redact(text: string): string {
  return text.replace(CREDENTIALS, (line) =>
    line.replace(SECRET_PARAMETER, (all, name: string, equals: string, value: string) =>
      value === '""' ? all : `${name}${equals}"***"`,
    ),
  );
}
