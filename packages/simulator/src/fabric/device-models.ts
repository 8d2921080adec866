/**
 * @module What devices do that no register tells, from the project's tables of quirks and from the firmware's. These are
 * statements about hardware; that the kernel's grouping uses some of them too is no dependence on its rules.
 */
import {
  ACS_CR,
  ACS_RR,
  ACS_SV,
  ACS_UF,
  type AcsQuirkContext,
  acsQuirkOpinion,
  bridgeQuirks,
  dmaAliasMask,
  isUnknown,
  type KernelRules,
  known,
  type Machine,
  NOT_EXPRESS,
  type PciFunction,
  PORT,
  requesterId,
} from '@isogroups/pci';
import type { DeviceModel, Ownership, VendorStatement } from './fabric.ts';

/** A function as far as it is decoded when its model is asked for. */
export interface Subject {
  readonly function: PciFunction;
  readonly type: number;
  readonly isBridge: boolean;
  readonly multifunction: boolean;
  readonly parent: PciFunction | undefined;
  readonly parentType: number;
  readonly onRootBus: boolean;
}

export function deviceModel(subject: Subject, machine: Machine, context: AcsQuirkContext): DeviceModel {
  const f = subject.function;
  return Object.freeze({
    alsoSendsAs: sharedIds(f, machine, context.rules),
    sendsThrough: f.dmaDevice,
    vendor: vendorStatement(subject, context),
    ownership: ownershipOf(subject, context.rules),
  });
}

/** Ids from the tables of quirks, and the alias that an AMD firmware says a device uses (IVHD types 0x42 and 0x43). */
function sharedIds(f: PciFunction, machine: Machine, rules: KernelRules): readonly number[] {
  const own = requesterId(f);
  const ids = dmaAliasMask(f, rules).map((devfn) => (f.bus << 8) | devfn);
  const ivrs = known(machine.firmware.ivrs);
  for (const block of ivrs?.ivhds ?? []) {
    if (block.type !== ivrs?.selectedType || block.segment !== f.segment) continue;
    for (const e of block.entries) {
      if (e.kind === 'range' && e.alias !== undefined && own >= e.first && own <= e.last) ids.push(e.alias);
    }
  }
  return [...new Set(ids)].filter((id) => id !== own);
}

function vendorStatement(subject: Subject, context: AcsQuirkContext): VendorStatement | undefined {
  const asked = {
    function: subject.function,
    portType: subject.type,
    multifunction: subject.multifunction,
    onRootBus: subject.onRootBus,
  };
  let says: string | undefined;
  const stated = (bits: number): boolean | undefined => {
    const opinion = acsQuirkOpinion(asked, bits, context);
    if (opinion === undefined) return undefined;
    says ??= opinion.row.what;
    if (!isUnknown(opinion.isolated)) return opinion.isolated;
    // Ids that are not certain: the registers decide where every row in question agrees to "isolated", else the worst.
    return opinion.agreed === true ? undefined : false;
  };
  const validates = stated(ACS_SV);
  const redirects = stated(ACS_RR | ACS_CR);
  const forwardsUp = stated(ACS_UF);
  return says === undefined ? undefined : Object.freeze({ validates, redirects, forwardsUp, says });
}

function ownershipOf(
  { function: f, type, isBridge, parent, parentType, onRootBus }: Subject,
  rules: KernelRules,
): Ownership {
  if (!isBridge) return 'passes';
  const quirks = bridgeQuirks(f, { rules, portType: type, parent, parentPortType: parentType, onRootBus });
  if (quirks.xlateRoot) return 'passes';
  if (type === PORT.expressToPci) return quirks.noAlias ? 'passes' : 'secondary-bus';
  if (type === PORT.pciToExpress) return 'own-id';
  if (type === NOT_EXPRESS) return quirks.pcieBridgeAlias ? 'secondary-bus' : 'own-id';
  return 'passes';
}
