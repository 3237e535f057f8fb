import { NodeNetwork } from '../../../companion/native/node-network.js';
import { makeCertificates } from '../../net/certificates.js';
import { describeNetwork } from '../../net/compliance.js';
import { fakeXfrm } from '../../net/fake-xfrm.js';
import { startHttpFixture } from '../../net/http-fixture.js';
import { startTestDnsServer } from '../../net/test-dns-server.js';

describeNetwork('NodeNetwork', async () => {
  const xfrm = fakeXfrm();
  const dns = await startTestDnsServer();
  const http = await startHttpFixture();
  const network = new NodeNetwork({ dnsServers: [dns.address] });
  return {
    network,
    httpUrl: http.url,
    certificates: makeCertificates(),
    openSockets: () => network.openSockets,
    associations: () => xfrm.count(),
    async close() {
      network.close();
      dns.close();
      await http.close();
      xfrm.close();
    },
  };
});
