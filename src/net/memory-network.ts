/** The simulated network of the tests and the static demo. */
export {
  MemoryFabric,
  type Conditions,
  type FabricOptions,
  type MemoryPacket,
  type PacketVerdict,
} from './memory-fabric.js';
export { MemoryNetwork } from './memory-host.js';
export type { MemoryCertificate } from './memory-wire.js';
