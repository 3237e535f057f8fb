import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judge, judgeFailure, judgeForm, parseMessage, printMessage, SipRequest, SipResponse, SipUri, TELEPHONE, type Capabilities, type NameAddr, type SipMessage, type Verdict } from '../../../src/ims/sip/index.js'; // prettier-ignore
import { noVectors, vector, vectorIndex, type VectorRow } from './vector-files.js';

const PROXY: Capabilities = { ...TELEPHONE, role: 'proxy' };
const REGISTRAR: Capabilities = { ...TELEPHONE, methods: [...TELEPHONE.methods, 'REGISTER'] };

function read(folder: string, file: string): { message: SipMessage | null; form: Verdict } {
  const result = parseMessage(vector(`${folder}/${file}`));
  return result.ok
    ? { message: result.message, form: judgeForm(result.message) }
    : { message: null, form: judgeFailure(result) };
}

function status(verdict: Verdict): number | null {
  return verdict.kind === 'reject' ? verdict.status : null;
}

/** What `expect` says of the form of a message; the statuses stand in `detail`. */
function checkRow(folder: string, row: VectorRow): void {
  const { message, form } = read(folder, row.file);
  switch (row.expect) {
    case 'accept':
    case 'accept-liberal':
    case 'parse-ok':
      assert.deepEqual(form, { kind: 'accept' });
      assert.ok(message);
      break;
    case 'reject':
      assert.equal(form.kind, 'reject');
      assert.equal(status(form), /\b505\b/.test(row.detail) ? 505 : 400);
      break;
    case 'reject-or-liberal':
      // Strict where RFC 4475 lets us choose; a bad Date alone is no reason to lose a call.
      assert.equal(status(form), row.file === 'baddate.dat' ? null : 400);
      break;
    case 'discard':
      assert.equal(form.kind, 'discard');
      break;
    default:
      assert.equal(row.expect, 'extra');
      assert.notEqual(form.kind, 'accept'); // test.dat has no version, a line without a colon, addresses without scheme
  }
}

for (const [folder, rows] of [
  ['rfc4475', 50],
  ['rfc5118', 12],
] as const) {
  // prettier-ignore
  describe(`torture messages of ${folder}`, { skip: noVectors }, () => {
    const index = vectorIndex(folder);
    it('has every row', () => assert.equal(index.length, rows));
    for (const row of index) {
      it(`${row.file} (${row.section} ${row.title}): ${row.expect} ${row.detail}`, () => checkRow(folder, row));
    }
  });
}

describe('torture messages that have a response of their own', { skip: noVectors }, () => {
  const cases: [file: string, capabilities: Capabilities, status: number | null][] = [
    ['unkscm.dat', TELEPHONE, 416],
    ['novelsc.dat', TELEPHONE, 416],
    ['unksm2.dat', PROXY, null],
    ['unksm2.dat', REGISTRAR, 400],
    ['bext01.dat', TELEPHONE, 420],
    ['bext01.dat', PROXY, 420],
    ['invut.dat', TELEPHONE, 415],
    ['regaut01.dat', TELEPHONE, 405],
    ['regaut01.dat', REGISTRAR, null],
    ['zeromf.dat', PROXY, 483],
    ['zeromf.dat', TELEPHONE, null],
    ['sdp01.dat', TELEPHONE, 406],
    ['intmeth.dat', TELEPHONE, 501],
    ['cparam01.dat', REGISTRAR, null],
    ['wsinv.dat', TELEPHONE, null],
  ];
  for (const [file, capabilities, expected] of cases) {
    it(`${file} as ${capabilities.role}: ${expected ?? 'processed'}`, () => {
      const { message } = read('rfc4475', file);
      assert.ok(message);
      assert.equal(status(judge(message, capabilities)), expected);
    });
  }

  it('names what is not supported', () => {
    const { message } = read('rfc4475', 'bext01.dat');
    assert.ok(message);
    const headers = (capabilities: Capabilities): unknown => {
      const verdict = judge(message, capabilities);
      return verdict.kind === 'reject' ? verdict.headers : null;
    };
    assert.deepEqual(headers(TELEPHONE), [['Unsupported', 'nothingSupportsThis, nothingSupportsThisEither']]);
    assert.deepEqual(headers(PROXY), [['Unsupported', 'noProxiesSupportThis, norDoAnyProxiesSupportThis']]);
  });
});

describe('what torture messages hold', { skip: noVectors }, () => {
  const request = (folder: string, file: string): SipRequest => {
    const { message } = read(folder, file);
    assert.ok(message instanceof SipRequest);
    return message;
  };

  const contact = (file: string): NameAddr => {
    const { contacts } = request('rfc4475', file);
    assert.ok(contacts !== '*' && contacts[0]);
    return contacts[0];
  };

  it('wsinv.dat: folding, odd white space, compact names, escapes, two Vias in a line', () => {
    const message = request('rfc4475', 'wsinv.dat');
    assert.equal(message.toTag, '1918181833n');
    assert.equal(message.from?.displayName, 'J Rosenberg \\"');
    assert.equal(message.maxForwards, 68);
    assert.deepEqual(message.cseq, { number: 9, method: 'INVITE' });
    assert.deepEqual(message.vias.map((via) => `${via.transport} ${via.host} ${via.branch}`), [
      'UDP 192.0.2.2 390skdjuw', 'TCP spindle.example.com z9hG4bK9ikj8', 'UDP 192.168.255.111 z9hG4bK30239',
    ]); // prettier-ignore
    assert.equal(message.headers.get('NewFangledHeader'), 'newfangled value continued newfangled value');
    assert.equal(message.headers.get('unknownheaderwithunusualvalue'), ';;,,;;,;');
    assert.equal(message.headers.get('Subject'), '');
    assert.notEqual(message.contacts, '*');
    assert.equal(
      message.contacts[0]?.toString(),
      '"Quoted string \\"\\"" <sip:jdrosen@example.com>;newparam=newvalue;secondparam;q=0.33',
    );
    assert.equal(message.body.length, 150);
  });

  it('intmeth.dat: every character that is allowed', () => {
    const message = request('rfc4475', 'intmeth.dat');
    assert.equal(message.method, "!interesting-Method0123456789_*+`.%indeed'~");
    assert.ok(message.from);
    assert.equal(message.from.displayName, "token1~` token2'+_ token3*%!.-");
    assert.equal(message.from.parameters.get("fromparam''~+*_!.-%"), 'работающий');
    assert.equal(message.fromTag, "_token~1'+`*%!-.");
    assert.equal(message.headers.get("extensionHeader-!.%*+_`'~"), '\ufeff大停電');
    assert.equal(message.to?.displayName, 'BEL:\x07 NUL:\0 DEL:\x7f');
  });

  it('dblreq.dat: octets beyond Content-Length are ignored', () => {
    const message = request('rfc4475', 'dblreq.dat');
    assert.equal(message.method, 'REGISTER');
    assert.equal(message.body.length, 0);
  });

  it('esc02.dat: % is no escape in a method, a name or a display name', () => {
    const message = request('rfc4475', 'esc02.dat');
    assert.equal(message.method, 'RE%47IST%45R');
    assert.equal(message.contacts.length, 2);
    assert.ok(message.headers.has('C%6Fntact'));
    assert.equal(message.to?.displayName, '%Z%45');
  });

  it('semiuri.dat and esc01.dat: the user part keeps its semicolon and its escapes', () => {
    const semi = request('rfc4475', 'semiuri.dat').requestUri;
    assert.ok(semi instanceof SipUri);
    assert.equal(semi.user, 'user;par=u%40example.net');
    assert.equal(semi.host, 'example.com');
    const escaped = request('rfc4475', 'esc01.dat').requestUri;
    assert.ok(escaped instanceof SipUri);
    assert.equal(escaped.userName, 'sips:user@example.com');
  });

  it('cparam01.dat and cparam02.dat: a parameter belongs to the header or to the URI', () => {
    const ofHeader = contact('cparam01.dat');
    const ofUri = contact('cparam02.dat');
    assert.ok(ofHeader.parameters.has('unknownparam') && ofUri.parameters.size === 0);
    assert.ok(ofUri.uri instanceof SipUri && ofUri.uri.parameters.has('unknownparam'));
  });

  it('regescrt.dat: escaped headers stay in the contact URI', () => {
    const { uri } = contact('regescrt.dat');
    assert.ok(uri instanceof SipUri);
    assert.equal(uri.headers, 'Route=%3Csip:sip.example.com%3E');
  });

  it('unreason.dat and noreason.dat: any reason phrase or none', () => {
    const { message: unusual } = read('rfc4475', 'unreason.dat');
    const { message: none } = read('rfc4475', 'noreason.dat');
    assert.ok(unusual instanceof SipResponse && none instanceof SipResponse);
    assert.equal(unusual.reason, '= 2**3 * 5**2 но сто девяносто девять - простое');
    assert.equal(none.reason, '');
    assert.equal(none.status, 100);
  });

  it('mpart01.dat: the body is octets', () => {
    const octets = vector('rfc4475/mpart01.dat');
    assert.deepEqual(
      Buffer.from(request('rfc4475', 'mpart01.dat').body),
      Buffer.from(octets.subarray(octets.length - 553)),
    );
  });

  it('ports and addresses of RFC 5118', () => {
    const ambiguous = request('rfc5118', 'port-ambiguous.dat').requestUri;
    const plain = request('rfc5118', 'port-unambiguous.dat').requestUri;
    assert.ok(ambiguous instanceof SipUri && plain instanceof SipUri);
    assert.deepEqual([ambiguous.address, ambiguous.port], ['2001:db8::10:5070', null]);
    assert.deepEqual([plain.address, plain.port], ['2001:db8::10', 5070]);
    for (const file of ['via-received-param-with-delim.dat', 'via-received-param-no-delim.dat']) {
      assert.equal(request('rfc5118', file).via?.received, '2001:db8::9:255');
    }
    assert.deepEqual(
      request('rfc5118', 'ipv4-mapped-ipv6.dat').vias.map((via) => via.address),
      ['::ffff:192.0.2.10', '::ffff:192.0.2.2'],
    );
  });

  it('every message that is accepted is printed and read again without a change', () => {
    for (const folder of ['rfc4475', 'rfc5118']) {
      for (const { file } of vectorIndex(folder)) {
        const { message } = read(folder, file);
        if (!message) continue;
        const again = parseMessage(printMessage(message));
        assert.ok(again.ok, file);
        const fields = (of: SipMessage): unknown =>
          [...of.headers.entries()].filter(([name]) => name !== 'Content-Length');
        assert.deepEqual(fields(again.message), fields(message), file);
        assert.deepEqual(Buffer.from(again.message.body), Buffer.from(message.body), file);
      }
    }
  });
});
