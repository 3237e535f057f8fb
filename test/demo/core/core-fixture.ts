import { startCore, type Core, type CoreOptions } from '../../../demo/core/start-core.js';
import { MemoryFabric } from '../../../src/net/memory-network.js';
import { SeededRandom } from '../../../src/platform/seeded-random.js';
import { VirtualClock } from '../../platform/virtual-clock.js';
import { TestDevice, type DeviceOptions } from './test-device.js';

export const USERS = [
  { user: 'alice', password: 'alice-secret', displayName: 'Alice', number: '+15550101' },
  { user: 'bob', password: 'bob-secret', number: '+15550102' },
  { user: 'carol', password: 'carol-secret' },
];

/** A core and devices on one simulated wire. */
export class CoreFixture {
  readonly clock = new VirtualClock();
  readonly random = new SeededRandom(1);
  readonly fabric = new MemoryFabric({ clock: this.clock, random: this.random });
  readonly devices: TestDevice[] = [];
  core!: Core;

  static async start(options: Partial<CoreOptions> = {}): Promise<CoreFixture> {
    const fixture = new CoreFixture();
    const { clock, random, fabric } = fixture;
    const network = fabric.host('10.0.0.1');
    fixture.core = await startCore({
      network,
      clock,
      random,
      domain: 'ims.test',
      subscribers: USERS,
      listen: { address: '10.0.0.1', udp: 5060, tcp: 5060 },
      ...options,
    });
    return fixture;
  }

  async device(user: string, address: string, options: Partial<DeviceOptions> = {}): Promise<TestDevice> {
    const { clock, random } = this;
    const network = this.fabric.host(address);
    const transport = options.transport ?? 'udp';
    const device = new TestDevice({
      network,
      clock,
      random,
      user,
      password: `${user}-secret`,
      address,
      proxy: this.core.proxyUri(transport),
      ...options,
    });
    await device.listen();
    this.devices.push(device);
    return device;
  }

  /** Lets time pass until `promise` is settled. */
  async settle<T>(promise: Promise<T>, limit = 60_000): Promise<T> {
    let done = false;
    const end = (): void => void (done = true);
    promise.then(end, end);
    await this.clock.until(() => done, limit);
    return promise;
  }

  close(): void {
    for (const device of this.devices) device.close();
    this.core.close();
  }
}
