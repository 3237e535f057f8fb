import {
  ENCRYPTION_ALGORITHMS,
  INTEGRITY_ALGORITHMS,
  type EncryptionAlgorithm,
  type IntegrityAlgorithm,
  type IpsecMode,
  type IpsecProtocol,
} from '../../net/ipsec.js';
import type { IkePolicy } from './ike.js';
import type { ManualAssociations } from './manual.js';
import type { MechanismName } from './mechanism.js';

/** Which security mechanisms are offered to the network and taken from it (RFC 3329), in one place. */
export interface SecurityPolicy {
  /** What is not named is neither offered nor taken; first is liked best. */
  readonly mechanisms: readonly MechanismName[];
  /** ipsec-3gpp `alg`. Default all. */
  readonly integrity?: readonly IntegrityAlgorithm[];
  /** ipsec-3gpp `ealg`. Default all. */
  readonly encryption?: readonly EncryptionAlgorithm[];
  /** ipsec-3gpp `mod`. Default `trans`, and `UDP-enc-tun` too once a NAT was seen. */
  readonly modes?: readonly IpsecMode[];
  /** ipsec-3gpp `prot`. Default `esp`: TS 33.203 §7.1 knows no other. */
  readonly protocols?: readonly IpsecProtocol[];
  /** ipsec-man: put in force when it is agreed on. Absent: the associations are somebody else's to make (`npx ims ipsec-man`). */
  readonly manual?: ManualAssociations;
  /** ipsec-ike: negotiated when it is agreed on. Absent: the associations are somebody else's to make. */
  readonly ike?: IkePolicy;
  /** Registers without an agreement where the network makes none. An attacker can then keep it from being made. */
  readonly optional?: boolean;
}

/** A combination of algorithms for ipsec-3gpp. */
export interface IpsecSuite {
  readonly integrity: IntegrityAlgorithm;
  readonly encryption: EncryptionAlgorithm;
  readonly mode: IpsecMode;
  readonly protocol: IpsecProtocol;
}

/** Every combination that a policy allows, best first. */
export function suitesOf(policy: SecurityPolicy): readonly IpsecSuite[] {
  const { integrity = INTEGRITY_ALGORITHMS, encryption = ENCRYPTION_ALGORITHMS } = policy;
  const { modes = ['trans'], protocols = ['esp'] } = policy;
  return protocols.flatMap((protocol) =>
    modes.flatMap((mode) =>
      integrity.flatMap((hash) =>
        // RFC 3329 §2.2: ah protects the integrity alone, and passes no NAT.
        (protocol === 'ah' ? (['null'] as const) : encryption).flatMap((cipher) =>
          protocol === 'ah' && mode === 'UDP-enc-tun' ? [] : [{ integrity: hash, encryption: cipher, mode, protocol }],
        ),
      ),
    ),
  );
}
