import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from './child.js';
import { freePort } from './free-port.js';
import { listening } from './listening.js';

const MODULES = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64'].map(
  (folder) => `${folder}/kamailio/modules/`,
);

/** Kamailio as a registrar that proves by Authentication-Info that it knows the password, which the lab's does not. */
export class ProvingRegistrar {
  readonly password = 'secret';

  private constructor(
    readonly port: number,
    private readonly child: Child,
  ) {}

  /** @param folder of its own */
  static async start(folder: string): Promise<ProvingRegistrar> {
    const port = await freePort();
    const config = join(folder, 'kamailio.cfg');
    writeFileSync(config, configOf(port, MODULES.find((path) => existsSync(path)) ?? ''));
    const child = new Child('kamailio', 'kamailio', ['-DD', '-E', '-f', config, '-Y', folder, '-m', '32', '-M', '8']);
    const registrar = new ProvingRegistrar(port, child);
    await listening(port);
    return registrar;
  }

  get proxy(): string {
    return `sip:127.0.0.1:${this.port};transport=udp`;
  }

  async stop(): Promise<void> {
    await this.child.stop();
  }
}

function configOf(port: number, modules: string): string {
  return `#!KAMAILIO
log_stderror=yes
children=1
disable_tcp=yes
dns=no
rev_dns=no
auto_aliases=no
alias="ims.test"
listen=udp:127.0.0.1:${port}
mpath="${modules}"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
modparam("auth", "qop", "auth")
modparam("auth", "nonce_count", 1)
modparam("auth", "add_authinfo_hdr", 1)
request_route {
  if (!pv_www_authenticate("ims.test", "secret", "0")) www_challenge("ims.test", "1");
  else save("location");
}
`;
}
