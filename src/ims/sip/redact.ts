const CREDENTIALS = /^((?:proxy-)?authorization[ \t]*:[^\r\n]*)/gim;
const INFO = /^((?:proxy-)?authentication-info[ \t]*:[^\r\n]*)/gim;
const CHALLENGE = /^((?:www|proxy)-authenticate[ \t]*:[^\r\n]*)/gim;
// CK and IK are for the P-CSCF alone (TS 24.229 §5.2.2), which may forget to take them out.
const SECRET_KEY = /\b(ck|ik)([ \t]*=[ \t]*)("[^"]*"?|[^,\s]*)/gi;
const SECRET_PARAMETER = /\b(response|auts|rspauth)([ \t]*=[ \t]*)("[^"]*"?|[^,\s]*)/gi;

/** A message as text for logs and traces: what could help to guess a password is taken out. */
export function redact(text: string): string {
  return text
    .replace(CREDENTIALS, (line) => line.replace(SECRET_PARAMETER, mask))
    .replace(INFO, (line) => line.replace(SECRET_PARAMETER, mask))
    .replace(CHALLENGE, (line) => line.replace(SECRET_KEY, mask));
}

function mask(all: string, name: string, equals: string, value: string): string {
  return value === '""' ? all : `${name}${equals}"***"`;
}
