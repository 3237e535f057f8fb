import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decide, ownContacts, type OwnContact } from '../../../../src/ims/registration/reg-event/own-contact.js';
import { parseReginfo } from '../../../../src/ims/registration/reg-event/reginfo.js';

const OURS = 'sip:a@10.0.0.1:5060';
const INSTANCE = '<urn:uuid:1>';

function contacts(xml: string) {
  const document = parseReginfo(
    `<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="0" state="full">${xml}</reginfo>`,
  );
  assert.ok(document);
  return ownContacts(document.registrations, { isContact: (uri) => uri === OURS, instance: INSTANCE });
}

function contact(id: string, uri: string, state: string, event: string, more = ''): string {
  return `<contact id="${id}" state="${state}" event="${event}" ${more}><uri>${uri}</uri><unknown-param name="+sip.instance">"${INSTANCE.replace('<', '&lt;').replace('>', '&gt;')}"</unknown-param></contact>`;
}

const registration = (aor: string, state: string, ...inner: string[]): string =>
  `<registration aor="${aor}" id="${aor}" state="${state}">${inner.join('')}</registration>`;

describe('ownContacts', () => {
  it('does not take an earlier life of this device for us', () => {
    const own = contacts(
      registration(
        'sip:a@h',
        'active',
        contact('1', 'sip:a@10.0.0.1:9', 'terminated', 'expired'),
        contact('2', OURS, 'active', 'registered'),
      ),
    );
    assert.deepEqual(
      own.map(({ state, event }) => [state, event]),
      [['active', 'registered']],
    );
    assert.equal(decide(own).kind, 'none');
  });

  it('knows us by the instance where the URI was changed on the way', () => {
    const own = contacts(registration('sip:a@h', 'active', contact('1', 'sip:x@relay', 'terminated', 'deactivated')));
    assert.equal(decide(own).kind, 'register');
  });

  it('takes a registration that is over for over, whatever its contacts say', () => {
    const own = contacts(registration('sip:a@h', 'terminated', contact('1', OURS, 'active', 'registered')));
    assert.equal(own[0]?.state, 'terminated');
  });

  it('is not concerned by other devices', () => {
    const other = '<contact id="1" state="terminated" event="rejected"><uri>sip:b@h2</uri></contact>';
    assert.deepEqual(contacts(registration('sip:a@h', 'active', other)), []);
  });
});

describe('decide', () => {
  const own = (parts: Partial<OwnContact>): OwnContact => ({
    aor: 'sip:a@h',
    state: 'terminated',
    event: null,
    expires: null,
    retryAfter: null,
    gruu: null,
    ...parts,
  });

  for (const [event, decision] of [
    ['deactivated', { kind: 'register' }],
    ['expired', { kind: 'register' }],
    ['rejected', { kind: 'ended', event: 'rejected' }],
    ['unregistered', { kind: 'ended', event: 'unregistered' }],
    [null, { kind: 'ended', event: null }],
  ] as const) {
    it(`terminated, ${event ?? 'no event'}: ${decision.kind}`, () =>
      assert.deepEqual(decide([own({ event })]), decision));
  }

  it('waits as probation says', () => {
    assert.deepEqual(decide([own({ event: 'probation', retryAfter: 30 })]), { kind: 'register-later', after: 30_000 });
    assert.deepEqual(decide([own({ event: 'probation' })]), { kind: 'register-later', after: null });
  });

  it('stays as long as one identity does', () => {
    assert.deepEqual(decide([own({ event: 'rejected' }), own({ state: 'active', event: 'registered' })]), {
      kind: 'none',
    });
  });

  it('re-registers in time when the network shortened it', () => {
    const shortened = [
      own({ state: 'active', event: 'shortened', expires: 600 }),
      own({ state: 'active', event: 'shortened', expires: 300 }),
    ];
    assert.deepEqual(decide(shortened), { kind: 'shortened', expires: 300 });
  });
});
