import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parseXml, XmlElement } from '../../../src/ims/xml/index.js';

const VECTORS = '../shared/vectors/xml';

function root(text: string): XmlElement {
  const element = parseXml(text);
  assert.ok(element, text);
  return element;
}

describe('parseXml', () => {
  it('resolves namespaces, references and sections', () => {
    const a = root(
      '\ufeff<?xml version="1.0" encoding="UTF-8"?>\r\n<!-- c --><a xmlns="u:1" x="1&lt;&#65;&#x1F600;\t2"><b xmlns:p="u:2" p:x="3" x="4">t&amp;<![CDATA[<&]]></b>' +
        "<p:b xmlns:p='u:3'/><c xmlns=''/><?pi x?></a>\n<!---->",
    );
    assert.deepEqual([a.namespace, a.name, a.attribute('x'), a.attributes.length], ['u:1', 'a', '1<A😀 2', 1]);
    const b = a.first('b');
    assert.deepEqual([b?.text, b?.attribute('x'), b?.attribute('x', 'u:2')], ['t&<&', '4', '3']);
    assert.equal(a.all('b', 'u:3').length, 1);
    assert.equal(a.first('c', '')?.namespace, '');
    assert.equal(a.first('c'), null);
  });

  it('keeps names that mean something to JavaScript', () => {
    const a = root('<constructor __proto__="1" toString="2"><__proto__/></constructor>');
    assert.deepEqual(
      [a.name, a.attribute('__proto__'), a.attribute('toString'), a.all('__proto__').length],
      ['constructor', '1', '2', 1],
    );
  });

  for (const [what, text] of [
    ['a document type', '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'],
    ['a document type in small letters', '<!doctype a><a/>'],
    ['an unknown entity', '<a>&nbsp;</a>'],
    ['a bare ampersand', '<a>R&D</a>'],
    ['a reference to no character', '<a>&#0;</a>'],
    ['a reference to half a character', '<a>&#xD800;</a>'],
    ['a control character', '<a>\u0001</a>'],
    ['two roots', '<a/><b/>'],
    ['no root', '<!-- nothing -->'],
    ['nothing', ''],
    ['text outside', '<a/>x'],
    ['a section outside', '<![CDATA[x]]><a/>'],
    ['a wrong end', '<a><b></a></b>'],
    ['no end', '<a><b></b>'],
    ['an end of nothing', '<a/></a>'],
    ['an attribute twice', '<a x="1" x="2"/>'],
    ['an attribute twice by its namespace', '<a xmlns:p="u" xmlns:q="u" p:x="1" q:x="2"/>'],
    ['an attribute without quotes', '<a x=1/>'],
    ['attributes without a space', '<a x="1"y="2"/>'],
    ['a less-than in an attribute', '<a x="<"/>'],
    ['an unknown prefix', '<p:a/>'],
    ['an unknown prefix of an attribute', '<a p:x="1"/>'],
    ['a prefix without a name', '<a xmlns:p="u"><p:/></a>'],
    ['two colons', '<a xmlns:p="u"><p:b:c/></a>'],
    ['a prefix taken back', '<a xmlns:p=""/>'],
    ['xml for others', '<a xmlns:xml="u"/>'],
    ['a comment with two dashes', '<a><!-- -- --></a>'],
    ['a late declaration', '<a><?xml version="1.0"?></a>'],
    ['another encoding', '<?xml version="1.0" encoding="ISO-8859-1"?><a/>'],
    ['the end of a section', '<a>]]></a>'],
    ['a space before the name', '< a/>'],
    ['a tag that does not end', '<a'],
  ] as const) {
    it(`refuses ${what}`, () => assert.equal(parseXml(text), null));
  }

  it('has limits', () => {
    assert.ok(parseXml(`${'<a>'.repeat(32)}${'</a>'.repeat(32)}`));
    assert.equal(parseXml(`${'<a>'.repeat(33)}${'</a>'.repeat(33)}`), null);
    assert.equal(parseXml(`<a>${' '.repeat(300_000)}</a>`), null);
    assert.equal(parseXml(`<a>${'<b/>'.repeat(20_001)}</a>`), null);
    assert.equal(parseXml(`<a ${Array.from({ length: 65 }, (_, i) => `a${i}="1"`).join(' ')}/>`), null);
  });

  it('reads every example document of the standards', { skip: existsSync(VECTORS) ? false : 'no vectors' }, () => {
    const files = readdirSync(`${VECTORS}/examples`).filter((file) => file.endsWith('.xml'));
    assert.ok(files.length > 50);
    for (const file of files) {
      const octets = readFileSync(`${VECTORS}/examples/${file}`);
      if (octets.includes('<!DOCTYPE')) continue;
      assert.ok(parseXml(octets), file);
    }
  });

  it('never throws on what was cut or changed', () => {
    const text =
      '<?xml version="1.0"?><a xmlns="u" xmlns:p="v" p:x="&lt;"><!-- c --><b y=\'1\'>t<![CDATA[d]]></b><p:c/></a>';
    for (let i = 0; i <= text.length; i++) {
      parseXml(text.slice(0, i));
      for (const c of '<>&"/!-:?[] ') parseXml(text.slice(0, i) + c + text.slice(i + 1));
    }
  });
});
