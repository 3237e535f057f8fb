import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from './child.js';
import { freePort } from './free-port.js';

const MODULES = [
  '/usr/lib/x86_64-linux-gnu/kamailio/modules',
  '/usr/lib/kamailio/modules',
  '/usr/lib64/kamailio/modules',
];
const LOADED = 'jsonrpcs kex tm tmx sl rr pv maxfwd textops siputils usrloc registrar nathelper xlog';

/**
 * Kamailio as registrar and proxy by a few lines of our own: over IPv6 too, and with GRUUs that are resolved within
 * dialogs (RFC 5627 §6), which the configuration of the lab does not do. Lets everybody in.
 */
export class SmallRegistrar {
  private constructor(
    private readonly child: Child,
    readonly address: string,
    readonly port: number,
  ) {}

  /** @param address 127.0.0.1 or ::1 */
  static async start(folder: string, address: string): Promise<SmallRegistrar> {
    const port = await freePort(address);
    const file = join(folder, 'kamailio.cfg');
    writeFileSync(file, configuration(address, port));
    const args = ['-DD', '-E', '-f', file, '-P', join(folder, 'pid'), '-Y', folder, '-m', '32', '-M', '8'];
    execFileSync('kamailio', ['-c', '-f', file, '-Y', folder], { stdio: 'ignore' });
    const child = new Child('kamailio', 'kamailio', args);
    try {
      await child.waitForText(/ready to serve/);
      return new SmallRegistrar(child, address, port);
    } catch (error) {
      await child.stop();
      throw error;
    }
  }

  proxy(transport: 'udp' | 'tcp'): string {
    const host = this.address.includes(':') ? `[${this.address}]` : this.address;
    return `sip:${host}:${this.port};transport=${transport}`;
  }

  /** What it wrote of the requests within dialogs: method and Request-URI as they came. */
  get log(): string {
    return this.child.output;
  }

  async stop(): Promise<void> {
    await this.child.stop();
  }
}

function configuration(address: string, port: number): string {
  const host = address.includes(':') ? `[${address}]` : address;
  const modules = MODULES.find((path) => existsSync(path)) ?? '';
  return `#!KAMAILIO
debug=2
log_stderror=yes
fork=yes
children=1
tcp_children=1
dns=no
rev_dns=no
auto_aliases=no
alias="ims.test"
listen=udp:${host}:${port}
listen=tcp:${host}:${port}
mpath="${modules}/"
${LOADED.split(' ')
  .map((name) => `loadmodule "${name}.so"`)
  .join('\n')}
modparam("jsonrpcs", "transport", 0)
modparam("usrloc", "db_mode", 0)
modparam("registrar", "gruu_enabled", 1)
event_route[core:worker-one-init] { xlog("L_WARN", "ready to serve\\n"); }
request_route {
	if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
	force_rport();
	if (is_method("CANCEL")) { if (t_check_trans()) { t_relay(); } exit; }
	if (!is_method("ACK")) { if (t_precheck_trans()) { t_check_trans(); exit; } t_check_trans(); }
	if (is_method("REGISTER")) { if (!save("location")) { sl_reply_error(); } exit; }
	if (has_totag()) {
		xlog("L_WARN", "within a dialog: $rm $ru\\n");
		if (!loose_route()) { if (is_method("ACK") && t_check_trans()) { t_relay(); exit; } }
		# RFC 5627 6: a GRUU of ours leads to its instance
		if (is_gruu()) { if (!lookup("location")) { sl_send_reply("480", "No such instance"); exit; } }
		t_relay();
		exit;
	}
	remove_hf("Route");
	if (is_method("INVITE|SUBSCRIBE")) { record_route(); }
	if (!lookup("location")) { sl_send_reply("404", "Not Found"); exit; }
	t_relay();
}
`;
}
