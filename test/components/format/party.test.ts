import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { addressOf, initialsOf, nameOf } from '../../../src/components/format/party.js';

describe('addressOf', () => {
  it('leaves what a person would say', () => {
    assert.equal(addressOf('sip:alice@ims.test;transport=tcp?x=y'), 'alice@ims.test');
    assert.equal(addressOf('<sips:bob@ims.test>'), 'bob@ims.test');
    assert.equal(addressOf('tel:+49301234;phone-context=x'), '+49301234');
    assert.equal(addressOf('urn:service:sos'), 'urn:service:sos');
  });

  it('never gives control or bidi characters, nor endless text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (uri) => {
        const address = addressOf(uri);
        assert.ok(address.length <= 80);
        assert.doesNotMatch(address, /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
    assert.equal(addressOf('sip:\u202emoc.elpmaxe@ecila'), 'moc.elpmaxe@ecila');
  });
});

describe('nameOf', () => {
  it('prefers the display name, then the user, then the host', () => {
    assert.equal(nameOf({ uri: 'sip:a@b', displayName: '"Alice  A."' }), 'Alice  A.');
    assert.equal(nameOf({ uri: 'sip:alice@ims.test', displayName: ' ' }), 'alice');
    assert.equal(nameOf({ uri: 'sip:ims.test', displayName: '' }), 'ims.test');
  });
});

describe('initialsOf', () => {
  it('takes first and last word, whole code points, and nothing of a number', () => {
    assert.equal(initialsOf('Bob van Ekström'), 'BE');
    assert.equal(initialsOf('alice'), 'A');
    assert.equal(initialsOf('𝒜lice'), '𝒜');
    assert.equal(initialsOf('+4930123'), '');
    assert.equal(initialsOf('سارة'), 'س');
  });
});
