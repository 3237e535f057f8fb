/**
 * A bare name means someone at home: `bob` typed by `sip:alice@ims.test` is `bob@ims.test`.
 * Addresses, URIs and numbers are left to the stack.
 * @param identity the public identity in use, or null
 */
export function callTarget(typed: string, identity: string | null): string {
  const target = typed.trim();
  const home = identity === null ? undefined : /^sips?:[^@]*@([^;?]+)/i.exec(identity)?.[1];
  return home !== undefined && /^[\p{L}_][\p{L}\p{N}._-]*$/u.test(target) ? `${target}@${home}` : target;
}
