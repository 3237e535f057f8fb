const SDP = [
  'v=0',
  'o=- 3847291 3847291 IN IP4 192.0.2.17',
  's=-',
  'c=IN IP4 192.0.2.17',
  't=0 0',
  'm=audio 49170 RTP/AVP 0 8 101',
  'a=rtpmap:101 telephone-event/8000',
  'a=sendrecv',
  '',
].join('\r\n');

/** An INVITE of 930 octets as a telephone in an IMS sends it. */
export const BENCH_INVITE = [
  'INVITE sip:bob@ims.example.com SIP/2.0',
  'Via: SIP/2.0/UDP 192.0.2.17:5060;branch=z9hG4bKnashds8hkq3x;rport',
  'Max-Forwards: 70',
  'Route: <sip:pcscf.ims.example.com:5060;lr>, <sip:orig@scscf.ims.example.com:6060;lr>',
  'From: "Alice" <sip:alice@ims.example.com>;tag=9fxced76sl',
  'To: <sip:bob@ims.example.com>',
  'Call-ID: 2xTb9vxSit55XU7p@192.0.2.17',
  'CSeq: 314159 INVITE',
  'Contact: <sip:alice@192.0.2.17:5060;transport=udp>;+g.3gpp.icsi-ref="urn%3Aurn-7%3A3gpp-service.ims.icsi.mmtel"',
  'P-Preferred-Identity: <sip:alice@ims.example.com>',
  'P-Access-Network-Info: IEEE-802.11;i-wlan-node-id=00119588a6b2',
  'Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, PRACK, MESSAGE',
  'Supported: 100rel, timer, replaces',
  'User-Agent: ims-elements/0.1.0',
  'Content-Type: application/sdp',
  `Content-Length: ${SDP.length}`,
  '',
  SDP,
].join('\r\n');
