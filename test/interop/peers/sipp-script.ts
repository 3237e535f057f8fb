/** What SIPp does in one call, step by step; printed as its XML. Our side calls it, or is called where it begins with `invite`. */
export type SippStep =
  /** Waits for a request; `body` is a pattern that its body must match, `without` one that nothing of it may. */
  | { readonly kind: 'request'; readonly method: string; readonly body?: string; readonly header?: string; readonly without?: string } // prettier-ignore
  /** Waits for a response. Provisional ones are skipped unless they are asked for. */
  | { readonly kind: 'response'; readonly status: number; readonly body?: string }
  /** Answers the last INVITE, or the last request of `to`. */
  | { readonly kind: 'answer'; readonly line: string; readonly tag?: string; readonly sdp?: string; readonly headers?: readonly string[]; readonly to?: 'invite' | 'last' } // prettier-ignore
  /** Sends a request of its own within the call. */
  | { readonly kind: 'send'; readonly method: string; readonly cseq: number; readonly sdp?: string }
  /** Sends the call's INVITE. */
  | { readonly kind: 'invite'; readonly sdp: string }
  | { readonly kind: 'pause'; readonly milliseconds: number };

/** A session description of SIPp, whose ear is the tap. @param direction with `null` the address is 0.0.0.0 (RFC 2543 hold) */
export function sippSdp(
  version: number,
  direction: 'sendrecv' | 'sendonly' | 'inactive' | null = 'sendrecv',
  host = 'IP4 127.0.0.1',
): string {
  const connection = direction === null ? 'IP4 0.0.0.0' : host;
  const lines = ['v=0', `o=sipp 1 ${version} IN ${host}`, 's=-', `c=IN ${connection}`, 't=0 0'];
  lines.push('m=audio [tap_port] RTP/AVP 8', 'a=rtpmap:8 PCMA/8000', ...(direction === null ? [] : [`a=${direction}`]));
  return lines.join('\n');
}

/** @param steps in order @returns a scenario file */
export function sippScript(name: string, steps: readonly SippStep[]): string {
  const printer = new ScriptPrinter(steps[0]?.kind === 'invite');
  const body = steps.map((step) => printer.print(step)).join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="${name}">\n${body}\n${printer.references}\n</scenario>\n`;
}

/** Variables that keep the INVITE's headers while other requests come and go. */
const KEPT = { via: 11, from: 12, to: 13, cseq: 14 } as const;
const CONTACT = 'Contact: <sip:sipp@[local_ip]:[local_port];transport=[transport]>';

class ScriptPrinter {
  readonly #used = new Set<number>();
  #variable = 20;

  /** SIPp takes a variable that is assigned and never read for a mistake. */
  get references(): string {
    return this.#used.size === 0 ? '' : `<Reference variables="${[...this.#used].join(',')}"/>`;
  }

  constructor(private readonly calls: boolean) {}

  print(step: SippStep): string {
    switch (step.kind) {
      case 'pause':
        return `<pause milliseconds="${step.milliseconds}"/>`;
      case 'request':
        return this.#request(step);
      case 'response':
        return `${step.status < 200 ? '' : PROVISIONAL}<recv response="${step.status}"${this.#actions(step.body)}`;
      case 'answer':
        return this.#answer(step);
      case 'send':
        return this.#send(step);
      case 'invite':
        return message(['INVITE sip:ims@[remote_ip]:[remote_port] SIP/2.0', VIA, 'From: <sip:sipp@[local_ip]>;tag=s1', 'To: <sip:ims@[remote_ip]>', 'Call-ID: [call_id]', 'CSeq: 1 INVITE', CONTACT, 'Max-Forwards: 70'], step.sdp, true); // prettier-ignore
    }
  }

  #request(step: Extract<SippStep, { kind: 'request' }>): string {
    const keep = (header: string, variable: number): string => {
      this.#used.add(variable);
      return `<ereg regexp=".*" search_in="hdr" header="${header}" assign_to="${variable}"/>`;
    };
    const kept =
      step.method === 'INVITE'
        ? [keep('Via:', KEPT.via), keep('From:', KEPT.from), keep('To:', KEPT.to), keep('CSeq:', KEPT.cseq)] // prettier-ignore
        : [];
    if (step.header !== undefined) kept.push(this.#check('msg', step.header));
    if (step.without !== undefined) kept.push(this.#check('msg', step.without, 'check_it_inverse'));
    return `<recv request="${step.method}"${this.#actions(step.body, kept)}`;
  }

  #actions(body: string | undefined, others: string[] = []): string {
    const actions = [...others, ...(body === undefined ? [] : [this.#check('body', body)])];
    return actions.length === 0 ? '/>' : `><action>${actions.join('')}</action></recv>`;
  }

  #check(where: string, pattern: string, check = 'check_it'): string {
    this.#used.add(this.#variable);
    const quoted = pattern.replaceAll('"', '&quot;');
    return `<ereg regexp="${quoted}" search_in="${where}" ${check}="true" assign_to="${this.#variable++}"/>`;
  }

  #answer({ line, tag, sdp, headers = [], to = 'last' }: Extract<SippStep, { kind: 'answer' }>): string {
    const tagged = tag === undefined ? '' : `;tag=${tag}`;
    const copied =
      to === 'last'
        ? ['[last_Via:]', '[last_From:]', `[last_To:]${tagged}`, '[last_Call-ID:]', '[last_CSeq:]']
        : [`Via:[$${KEPT.via}]`, `From:[$${KEPT.from}]`, `To:[$${KEPT.to}]${tagged}`, '[last_Call-ID:]', `CSeq:[$${KEPT.cseq}]`]; // prettier-ignore
    return message(
      [
        `SIP/2.0 ${line}`,
        ...copied,
        ...(line.startsWith('3') || headers.includes('[last_Contact:]') ? [] : [CONTACT]),
        ...headers,
      ],
      sdp,
    );
  }

  #send({ method, cseq, sdp }: Extract<SippStep, { kind: 'send' }>): string {
    const ends = this.calls
      ? ['From: <sip:sipp@[local_ip]>;tag=s1', '[last_To:]']
      : [`From:[$${KEPT.to}];tag=s1`, `To:[$${KEPT.from}]`];
    return message([`${method} sip:ims@[remote_ip]:[remote_port] SIP/2.0`, VIA, ...ends, 'Call-ID: [call_id]', `CSeq: ${cseq} ${method}`, CONTACT, 'Max-Forwards: 70'], sdp, method !== 'ACK'); // prettier-ignore
  }
}

const VIA = 'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]';

const PROVISIONAL = '<recv response="100" optional="true"/><recv response="180" optional="true"/>';

function message(head: readonly string[], sdp: string | undefined, again = false): string {
  const type = sdp === undefined ? [] : ['Content-Type: application/sdp'];
  const lines = [...head, ...type, `Content-Length: ${sdp === undefined ? '0' : '[len]'}`, '', ...(sdp === undefined ? [''] : [sdp, ''])]; // prettier-ignore
  return `<send${again ? ' retrans="500"' : ''}><![CDATA[\n\n${lines.join('\n')}\n]]></send>`;
}
