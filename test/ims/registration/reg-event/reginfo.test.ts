import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parseReginfo } from '../../../../src/ims/registration/reg-event/reginfo.js';

const EXAMPLES = '../shared/vectors/xml/examples';
const NS = 'xmlns="urn:ietf:params:xml:ns:reginfo"';

function one(registration: string): NonNullable<ReturnType<typeof parseReginfo>> {
  const document = parseReginfo(`<reginfo ${NS} version="3" state="partial">${registration}</reginfo>`);
  assert.ok(document);
  return document;
}

describe('parseReginfo', () => {
  it('reads the examples of RFC 3680 and RFC 5628', { skip: existsSync(EXAMPLES) ? false : 'no vectors' }, () => {
    const read = (name: string) => parseReginfo(readFileSync(`${EXAMPLES}/${name}.xml`));
    assert.deepEqual(
      read('rfc3680-01-reginfo')?.registrations.map(({ aor, id, state, contacts }) => [
        aor,
        id,
        state,
        contacts.map((c) => [c.id, c.uri, c.state, c.event]),
      ]),
      [
        [
          'sip:user@example.com',
          'as9',
          'active',
          [
            ['76', 'sip:user@pc887.example.com', 'active', 'registered'],
            ['77', 'sip:user@university.edu', 'terminated', 'expired'],
          ],
        ],
      ],
    );
    assert.deepEqual(read('rfc3680-03-reginfo')?.registrations, [
      { aor: 'sip:joe@example.com', id: 'a7', state: 'init', contacts: [] },
    ]);
    // RFC 5628 prints it with <allOneLine>, which a real document has not.
    const text = readFileSync(`${EXAMPLES}/rfc5628-01-reginfo.xml`, 'utf8').replace(/<\/?allOneLine>/g, '');
    assert.deepEqual(parseReginfo(text)?.registrations[0]?.contacts[0], {
      id: '76',
      uri: 'sip:user@192.0.2.1',
      displayName: null,
      state: 'active',
      event: 'registered',
      expires: 3599,
      retryAfter: null,
      callId: '1j9FpLxk3uxtm8tn@192.0.2.1',
      instance: '<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>',
      pubGruu: 'sip:user@example.com;gr=hha9s8d-999a',
      tempGruu: 'sip:8ffkas08af7fasklzi9@example.com;gr',
    });
  });

  it('takes prefixes, passes over what it does not know, and reads wildcarded identities', () => {
    const document = parseReginfo(
      `<r:reginfo xmlns:r="urn:ietf:params:xml:ns:reginfo" xmlns:e="urn:3gpp:ns:extRegExp:1.0" xmlns:x="u:x" version="0" state="full">
        <x:other/><r:registration aor="sip:list@ims.test" id="1" state="active" x:y="z">
          <r:contact id="2" state="active" event="invented" expires="x"><r:uri>sip:a@h</r:uri><x:more/></r:contact>
          <e:wildcardedIdentity>sip:list!.*!@ims.test</e:wildcardedIdentity>
        </r:registration>
        <registration aor="sip:other@ims.test" id="9" state="active"/>
      </r:reginfo>`,
    );
    assert.equal(document?.registrations.length, 1);
    const [registration] = document.registrations;
    assert.equal(registration?.aor, 'sip:list!.*!@ims.test');
    assert.deepEqual([registration.contacts[0]?.event, registration.contacts[0]?.expires], [null, null]);
  });

  it('leaves out what lacks what it must have', () => {
    assert.deepEqual(one('<registration aor="sip:a@h" state="active"/>').registrations, []);
    assert.deepEqual(one('<registration aor="sip:a@h" id="1" state="odd"/>').registrations, []);
    const [registration] = one(
      '<registration aor="sip:a@h" id="1" state="active"><contact id="2" state="active" event="created"/></registration>',
    ).registrations;
    assert.deepEqual(registration?.contacts, []);
  });

  for (const [what, text] of [
    ['another root', `<presence ${NS} version="0" state="full"/>`],
    ['another namespace', '<reginfo version="0" state="full"/>'],
    ['no version', `<reginfo ${NS} state="full"/>`],
    ['a version that is none', `<reginfo ${NS} version="-1" state="full"/>`],
    ['no state', `<reginfo ${NS} version="0"/>`],
    ['a document type', `<!DOCTYPE reginfo [<!ENTITY a "b">]><reginfo ${NS} version="0" state="full"/>`],
    ['half a document', `<reginfo ${NS} version="0" state="full">`],
    ['nothing', ''],
  ] as const) {
    it(`refuses ${what}`, () => assert.equal(parseReginfo(text), null));
  }

  it('has limits', () => {
    const many = Array.from({ length: 100 }, (_, i) => `<registration aor="sip:a@h" id="${i}" state="active"/>`);
    assert.equal(one(many.join('')).registrations.length, 64);
    assert.deepEqual(one(`<registration aor="sip:${'a'.repeat(2000)}@h" id="1" state="active"/>`).registrations, []);
  });
});
