import { makeCertificates } from './certificates.js';
import { companionFixture } from './companion-fixture.js';
import { describeNetwork } from './compliance.js';
import { fakeXfrm } from './fake-xfrm.js';
import { startHttpFixture } from './http-fixture.js';
import { startTestDnsServer } from './test-dns-server.js';

describeNetwork('CompanionNetwork', async () => {
  const xfrm = fakeXfrm();
  const dns = await startTestDnsServer();
  const http = await startHttpFixture();
  const fixture = await companionFixture({ dnsServers: [dns.address] });
  return {
    network: fixture.page(),
    httpUrl: http.url,
    certificates: makeCertificates(),
    openSockets: () => fixture.companion.status().sockets,
    associations: () => xfrm.count(),
    async close() {
      await fixture.close();
      dns.close();
      await http.close();
      xfrm.close();
    },
  };
});
