import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

export interface TestCertificates {
  /** PEM of the authority that signed all the others. */
  readonly authority: string;
  /** For `sip.example.test`, 127.0.0.1 and ::1. */
  readonly valid: TestCertificate;
  /** Ended in 2001. */
  readonly expired: TestCertificate;
  /** Names the domain only as `URI:sip:example.test` (RFC 5922). */
  readonly sipUri: TestCertificate;
}

/** Makes an authority and three server certificates with openssl, in a directory that is removed again. */
export function makeCertificates(): TestCertificates {
  const directory = mkdtempSync(join(tmpdir(), 'ims-certificates-'));
  const at = (name: string): string => join(directory, name);
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: directory, stdio: ['ignore', 'ignore', 'ignore'] });
  };
  const key = (name: string): void =>
    openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', at(name));
  try {
    key('ca.key');
    openssl('req', '-x509', '-new', '-key', 'ca.key', '-subj', '/CN=Test authority', '-days', '3650', '-out', 'ca.pem');
    writeFileSync(at('ca.index'), '');
    writeFileSync(
      at('ca.conf'),
      `[ca]\ndefault_ca=d\n[d]\ndatabase=ca.index\nnew_certs_dir=.\ncertificate=ca.pem\nprivate_key=ca.key\nrand_serial=yes\n` +
        `default_md=sha256\npolicy=p\nunique_subject=no\ncopy_extensions=none\n[p]\ncommonName=supplied\n`,
    );
    const server = (name: string, altNames: string, start: string, end: string): TestCertificate => {
      key(`${name}.key`);
      writeFileSync(at(`${name}.ext`), `subjectAltName=${altNames}\n`);
      openssl('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-out', `${name}.csr`);
      const dates = ['-startdate', start, '-enddate', end];
      openssl(
        'ca',
        '-batch',
        '-config',
        'ca.conf',
        '-in',
        `${name}.csr`,
        '-out',
        `${name}.pem`,
        '-notext',
        '-extfile',
        `${name}.ext`,
        ...dates,
      );
      return {
        certificate: readFileSync(at(`${name}.pem`), 'utf8'),
        privateKey: readFileSync(at(`${name}.key`), 'utf8'),
      };
    };
    const [start, end] = ['20200101000000Z', '20491231000000Z'];
    const addresses = 'IP:127.0.0.1,IP:::1';
    return {
      authority: readFileSync(at('ca.pem'), 'utf8'),
      valid: server('valid', `DNS:sip.example.test,${addresses}`, start, end),
      expired: server('expired', `DNS:sip.example.test,${addresses}`, '20000101000000Z', '20010101000000Z'),
      sipUri: server('sipuri', 'URI:sip:example.test', start, end),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The pin of a certificate in PEM, as RFC 7469 appendix A makes it, by openssl: base64. */
export function pinOf(certificate: string): string {
  const key = execFileSync('openssl', ['x509', '-noout', '-pubkey'], { input: certificate });
  const spki = execFileSync('openssl', ['pkey', '-pubin', '-outform', 'der'], { input: key });
  return execFileSync('openssl', ['dgst', '-sha256', '-binary'], { input: spki }).toString('base64');
}
