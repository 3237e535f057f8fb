export const USAGE = `ims-companion: gives paired web pages UDP, TCP, TLS and DNS on this machine

  ims-companion serve   [--port N] [--static DIR] [--trust-origin ORIGIN]... [--dns ADDRESS]...
                        [--vici SOCKET] [--state DIR]
  ims-companion pair    [--origin ORIGIN] [--allow DESTINATION]... [--no-listen] [--state DIR]
  ims-companion revoke  ORIGIN|ID|--all [--state DIR]
  ims-companion status  [--json] [--state DIR]

serve    runs until SIGINT or SIGTERM; listens on 127.0.0.1 and ::1 only.
         --vici is where strongSwan's IKE daemon is spoken to, for ipsec-ike; default /var/run/charon.vici
         --trust-origin lets pages of that origin in without a code; "self" means pages of --static.
pair     shows a code to type into the page: five minutes, one use.
         DESTINATION is NETWORK or NETWORK:PORTS. NETWORK: public, private, loopback, any, or a
         prefix like 192.0.2.0/24 or [2001:db8::]/32; PORTS: 5060 or 5060-5070,8080.
         Default: --allow public --allow private (ports 80, 443, 1024 and above).
revoke   takes pairings back; open connections of that page end within a second.
status   tells whether it runs, and which pages are paired for what.
`;
