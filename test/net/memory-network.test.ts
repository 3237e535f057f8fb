import { MemoryFabric } from '../../src/net/memory-network.js';
import type { HttpRequest, HttpResponse } from '../../src/net/network.js';
import { SeededRandom } from '../../src/platform/seeded-random.js';
import { SystemClock } from '../../src/platform/system-clock.js';
import { describeNetwork } from './compliance.js';

/** Plays the server of http-fixture. */
function answer(request: HttpRequest): Promise<HttpResponse> {
  const { pathname } = new URL(request.url);
  if (pathname === '/silent') return new Promise(() => undefined);
  const reply = (status: number, text: string): HttpResponse => ({
    status,
    headers: { etag: '"1"' },
    body: new TextEncoder().encode(text),
  });
  if (pathname === '/large') return Promise.resolve(reply(200, 'x'.repeat(10000)));
  if (pathname !== '/echo') return Promise.resolve(reply(404, ''));
  const body = new TextDecoder().decode(request.body);
  return Promise.resolve(reply(200, `${request.method} ${request.headers?.['x-test'] ?? ''} ${body}`));
}

describeNetwork('MemoryNetwork', () => {
  const fabric = new MemoryFabric({ clock: new SystemClock(), random: new SeededRandom(1) });
  fabric.httpServer = answer;
  const certificate = (name: string): { certificate: string; privateKey: string } => ({
    certificate: name,
    privateKey: '',
  });
  const names = ['sip.example.test', '127.0.0.1', '::1'];
  fabric.certificates.set('valid', { names, authority: 'authority' });
  fabric.certificates.set('expired', { names, authority: 'authority', expired: true });
  fabric.certificates.set('sipUri', { names: ['example.test'], authority: 'authority' });
  const ttl = 300;
  fabric.addRecords('proxy.example.test', [
    { type: 'A', address: '192.0.2.7', ttl },
    { type: 'AAAA', address: '2001:db8::7', ttl },
  ]);
  fabric.addRecords('_sip._udp.example.test', [
    { type: 'SRV', priority: 10, weight: 60, port: 5060, target: 'proxy.example.test', ttl },
  ]);
  const service = { flags: 's', service: 'SIP+D2U', regexp: '', replacement: '_sip._udp.example.test' };
  fabric.addRecords('example.test', [{ type: 'NAPTR', order: 50, preference: 50, ...service, ttl }]);
  const network = fabric.host('10.0.0.1', 'fd00::1');
  return Promise.resolve({
    network,
    httpUrl: 'http://10.0.0.9',
    certificates: {
      authority: 'authority',
      valid: certificate('valid'),
      expired: certificate('expired'),
      sipUri: certificate('sipUri'),
    },
    openSockets: () => network.openSockets,
    associations: () => network.ipsec.size,
    close: () => Promise.resolve(network.close()),
  });
});
