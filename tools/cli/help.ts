/** What each command is for, by its name. */
const COMMANDS = new Map([
  ['register', `  ims register [options]               register, say what came of it, de-register`],
  ['call', `  ims call URI [options]               call, talk, hang up`],
  ['message', `  ims message URI TEXT [options]       send an instant message (RFC 3428), say what came of it`],
  ['answer', `  ims answer [options]                 wait for a call and answer it`],
  ['shell', `  ims shell [options]                  driven line by line on standard input, one JSON line per event`],
  [
    'ipsec-man',
    `  ims ipsec-man FILE --local-address IP --remote-address IP
                                       print the script that makes the associations of ipsec-man (docs/ipsec.md)`,
  ],
  [
    'parse',
    `  ims parse FILE...                    one JSON line per SIP message: accept or reject, and the response it would get;
                                       - is standard input`,
  ],
  [
    'codec',
    `  ims codec NAME encode|decode IN OUT  raw samples (16 bits, lowest octet first) to a codec's frames and back`,
  ],
  [
    'jitter',
    `  ims jitter TRACE                     what the jitter buffer makes of packets that arrive as the trace says`,
  ],
]);

const ACCOUNT = `Who we are
  --identity URI          public identity, sip:alice@ims.test
  --user NAME             the same for NAME@DOMAIN, with --domain
  --display-name TEXT
  --private-identity NAME user name for digest; default: the identity without scheme
  --password TEXT         seen by everybody who lists processes: rather use
  --password-file FILE    or the variable IMS_PASSWORD
  --aka-k HEX             key of the subscription, for IMS AKA; --aka-k-file FILE or the variable IMS_AKA_K hide it
  --aka-op HEX            and the operator's OP, or OPc as --aka-opc HEX; hidden in the same ways
  --aka-sqn HEX           highest sequence number accepted so far, where it is more than was kept
  --domain NAME           home domain; default: that of the identity
  --from URI              call, message: leave from this identity, one of those that are registered
  --anonymous             call, message: without a name

How we reach the network
  --proxy HOST[:PORT]     or a sip: URI; several with commas, the best first; default: found in DNS
  --transport udp|tcp|tls
  --ca FILE               trust these certificates (PEM) too
  --pin SHA256            the server's public key, in base64 or hexadecimal; again for the next one
  --cert FILE --key FILE  certificate and key of our own (PEM), for a server that asks for them
  --local-address IP      --local-port PORT
  --security LIST         mechanisms to agree on with the P-CSCF, best first: ipsec-3gpp, tls, digest, ipsec-ike, ipsec-man
  --ipsec-alg LIST        hmac-sha-1-96, hmac-md5-96          --ipsec-ealg LIST      aes-cbc, des-ede3-cbc, null
  --ipsec-mode LIST       trans, tun, UDP-enc-tun             --ipsec-protocol LIST  esp, ah
  --ipsec-man FILE        associations for ipsec-man: put in force when it is agreed on (docs/ipsec.md)
  --ipsec-ike FILE        credentials for ipsec-ike: strongSwan negotiates when it is agreed on (docs/ipsec.md)
  --vici PATH             its socket; default /var/run/charon.vici
  --security-optional     go on where the network makes no agreement (docs/ipsec.md)
  --expires SECONDS       registration time to ask for
  --no-register           call and answer without registration
  --keep                  register: stay registered until interrupted
  --instance-id URN       urn:uuid:... of this device; default: made once and kept
  --gruu                  ask for GRUUs, to be named in calls; default: with --instance-id
  --no-outbound           no kept flow
  --access-network-info T value of P-Access-Network-Info, told to the P-CSCF alone
  --privacy LIST          header, session, user, id, critical, none: asked of the network for each call and message
  --reg-event             watch the state of the registration; default: where the registrar names our identities
  --no-reg-event          never`;

const CALLS = `Calls
  --play FILE.wav         what the other side hears; default: silence
  --repeat                play it again and again
  --record FILE.wav       what we hear
  --duration SECONDS      hang up so long after the answer
                          (default for call: when the file was played, else when the other side hangs up)
  --codec NAME[/RATE]     offer and take only this, as in SDP: G722, AMR-WB, speex/16000; again for more, best first
  --dtx                   describe the pauses of the speech instead of sending them; RFC 3389 where the codec cannot
  --dtmf KEYS             send these keys half a second after the answer
  --count N               answer: end after N calls (default 1)
  --delay SECONDS         answer: ring so long
  --reject STATUS         answer: refuse instead, 486 or 603 for example
  --timeout SECONDS       call: give up ringing; answer: stop waiting`;

const MESSAGES = `Messages; those that come are told of by every command that waits
  --file FILE             send this instead of a text; - is standard input
  --type TYPE             its Content-Type; default text/plain;charset=UTF-8
  --valid SECONDS         what is read later has expired`;

const CODECS = `Codecs; - is standard input or output
  NAME                    as in SDP, with the clock rate where it is not 8000: gsm, g722, dvi4/16000
                          files: frame after frame; amr, amr-wb: RFC 4867 storage; speex: each behind its length
  --fmtp TEXT             format parameters of the codec: mode=20, mode-set=4
  --dtx                   encode: describe pauses, where the codec has a way of its own (amr, amr-wb, speex)
  --enhance               decode: with the perceptual enhancement of Speex, as in a call
  --loss FILE             decode: a digit a frame, 1 = lost`;

const JITTER = `Jitter
  TRACE                   lines of packet number and arrival in ms; comments begin with #
  --ptime MS              sound in a packet, 10 to 120 in tens (20)
  --play FILE.wav         the speech, 8 kHz
  --record FILE.wav       what is heard`;

const IPSEC_MAN = `ipsec-man; the script is for ip (iproute2)
  --setkey                for setkey (ipsec-tools, BSD) instead
  --peer                  for the other end
  --remove                takes away what the other script made`;

const OUTPUT = `Output
  --json                  one JSON line per event (shell: always)
  --trace                 every SIP message on standard error, passwords hidden
  --verbose               the stack's log on standard error`;

const SHELL = `Lines of the shell
  call URI | message URI TEXT | answer | reject [STATUS] | hangup | hold | resume | mute | unmute | dtmf KEYS
  play FILE.wav | record FILE.wav | register | unregister | state | help | quit
  With several calls, end a line with the id of the call it means; else it means the newest.`;

const EXIT_CODES = `Exit codes
  0  done            3  the network or the server cannot be reached    6  nothing came within --timeout
  1  internal error  4  registration refused                           130  interrupted
  2  wrong usage     5  the call failed                            7  parse: a message was not accepted
                     8  the message was not delivered`;

const EVERYTHING = [ACCOUNT, CALLS, MESSAGES, CODECS, JITTER, IPSEC_MAN, OUTPUT, SHELL, EXIT_CODES];
const OF_COMMAND: Readonly<Record<string, readonly string[]>> = {
  register: [ACCOUNT, OUTPUT, EXIT_CODES],
  call: [ACCOUNT, CALLS, OUTPUT, EXIT_CODES],
  message: [ACCOUNT, MESSAGES, OUTPUT, EXIT_CODES],
  answer: [ACCOUNT, CALLS, OUTPUT, EXIT_CODES],
  shell: [ACCOUNT, CALLS, OUTPUT, SHELL, EXIT_CODES],
  'ipsec-man': [IPSEC_MAN],
  parse: [EXIT_CODES],
  codec: [CODECS],
  jitter: [JITTER, OUTPUT],
};

/** @param command null or none of ours: everything @returns text for a terminal */
export function helpOf(command: string | null): string {
  const usage = COMMANDS.get(command ?? '');
  if (command === null || usage === undefined) {
    const title = "ims: the SIP and RTP stack of ims-elements on Node's own sockets";
    return `${[title, [...COMMANDS.values()].join('\n'), ...EVERYTHING].join('\n\n')}\n`;
  }
  return `${[usage, ...(OF_COMMAND[command] ?? [])].join('\n\n')}\n`;
}

/** For who drives a shell already. */
export const SHELL_HELP = `${SHELL}\n`;
