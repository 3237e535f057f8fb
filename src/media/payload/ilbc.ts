/**
 * Frame length that an iLBC description asks for (RFC 3952 §4.2, §5). We say `mode=20`, so that the one
 * both use, the one of lower bandwidth, is what the other side says.
 * @param fmtp of the other side @returns ms; 30 where nothing is said
 */
export function ilbcMode(fmtp: string): 20 | 30 {
  for (const parameter of fmtp.split(';')) {
    const [name = '', value = ''] = parameter.split('=');
    if (name.trim().toLowerCase() === 'mode') return value.trim() === '20' ? 20 : 30;
  }
  return 30;
}
