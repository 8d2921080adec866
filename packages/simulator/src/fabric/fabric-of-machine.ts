/**
 * @module The fabric of a machine from its decoded registers, as far as they were read.
 *
 * What was not read routes as the least isolating hardware would: the proof of a machine read without root is a proof for
 * whatever the missing registers hold. One thing is taken for granted, as the graph does: where an IOMMU runs, ACS bits of
 * a capability that is there and was not read are on.
 */
import {
  ACS_REQUIRED,
  type AcsContext,
  formatAddress,
  isUnknown,
  known,
  type Machine,
  NOT_EXPRESS,
  noAts,
  type PciFunction,
  PORT,
  UNKNOWN_TYPE,
} from '@isogroups/pci';
import { deviceModel } from './device-models.ts';
import type { AcsRegisters, Fabric, FabricFunction } from './fabric.ts';
import { checksInterrupts } from './interrupt-checks.ts';
import { layOut } from './lay-out.ts';

const HOST_BRIDGE = 0x0600;
/** Where x86 machines take message-signalled interrupts; elsewhere any page that no memory is at does for a model. */
const DOORBELL = Object.freeze({ first: 0xfee0_0000, last: 0xfeef_ffff });

export function fabricOfMachine(machine: Machine, acsContext: AcsContext): Fabric {
  const functions: FabricFunction[] = [];
  for (const [i, f] of machine.functions.entries()) {
    const parent = f.parent < 0 ? undefined : functions[f.parent];
    functions.push(fabricFunction(machine, i, f, parent, acsContext));
  }
  const { mcfg, deviceTree, iort } = machine.firmware;
  return Object.freeze({
    functions: layOut(functions, (i) => mayHaveRegisters(machine.functions[i] as PciFunction, functions[i]?.isBridge)),
    // Without extended configuration space there is no PCI Express.
    conventionalRoots: mcfg === null && deviceTree === null && iort === null,
    doorbell: DOORBELL,
    interruptsChecked: checksInterrupts(machine),
  });
}

function fabricFunction(
  machine: Machine,
  i: number,
  f: PciFunction,
  parent: FabricFunction | undefined,
  context: AcsContext,
): FabricFunction {
  const type = typeByDirection(f, parent);
  const header = known(f.headerType);
  const isBridge = header === undefined ? Boolean(known(f.bridge)) : header !== 0;
  const bridge = known(f.bridge) ?? undefined;
  const classCode = known(f.classCode);
  const multifunction = isMultifunction(machine, i, f, parent);
  const model = deviceModel(
    {
      function: f,
      type,
      isBridge,
      multifunction,
      parent: f.parent < 0 ? undefined : machine.functions[f.parent],
      parentType: parent === undefined ? NOT_EXPRESS : parent.type,
      onRootBus: f.parent < 0 && f.physicalFunction < 0,
    },
    machine,
    context,
  );
  return {
    segment: f.segment,
    bus: f.bus,
    devfn: f.devfn,
    name: formatAddress(f),
    parent: f.parent,
    physicalFunction: f.physicalFunction,
    type,
    isBridge,
    isHostBridge: classCode !== undefined && classCode >> 8 === HOST_BRIDGE,
    multifunction,
    secondary: bridge?.secondary ?? 0,
    subordinate: bridge?.subordinate ?? 0xff,
    ariForwarding: (known(f.express) ?? undefined)?.ariForwarding === true,
    acs: acsRegisters(f, context.iommuRuns),
    // What a quirk takes away no unit is told to admit, whatever the register says.
    atsEnabled: known((known(f.ats) ?? undefined)?.enabled ?? false) !== false && known(noAts(f)) !== true,
    // Whoever owns a device switches bus mastering on, and the kernel that of the bridges above with it.
    busMaster: true,
    memory: [],
    windows: [],
    model,
  };
}

/** The two base address registers of a bridge. */
const BRIDGE_REGISTERS = { from: 0x10, to: 0x18 };

/** A bridge without base addresses has nothing that a packet could be for; of what was not read the worst is taken. */
function mayHaveRegisters({ config }: PciFunction, isBridge: boolean | undefined): boolean {
  const { from, to } = BRIDGE_REGISTERS;
  if (isBridge !== true || config === undefined || config.bytes.length < to) return true;
  return config.bytes.subarray(from, to).some((byte) => byte !== 0);
}

/** Some switches report the wrong direction: a port below a port that faces downstream faces upstream, whatever it says. */
function typeByDirection(f: PciFunction, parent: FabricFunction | undefined): number {
  if (isUnknown(f.express)) return UNKNOWN_TYPE;
  if (f.express === null) return NOT_EXPRESS;
  const { type } = f.express;
  const above = parent?.type;
  const isBelowALink = above === PORT.root || above === PORT.downstream || above === PORT.pciToExpress;
  if (type === PORT.downstream && isBelowALink) return PORT.upstream;
  if (type === PORT.upstream && above === PORT.upstream) return PORT.downstream;
  return type;
}

/** The header's bit, and what must be so because the function was found: a number above 0 is only looked for there. */
function isMultifunction(machine: Machine, i: number, f: PciFunction, parent: FabricFunction | undefined): boolean {
  if (f.physicalFunction >= 0) return false;
  if ((f.devfn & 7) > 0) return true;
  const isPort = parent?.type === PORT.root || parent?.type === PORT.downstream;
  if (f.devfn > 0 && isPort && parent?.ariForwarding === true) return true;
  if (!isUnknown(f.multifunctionBit)) return f.multifunctionBit;
  // Functions of a bus stand together, by number.
  for (let k = i + 1; k < machine.functions.length; k++) {
    const other = machine.functions[k] as PciFunction;
    const isSibling = other.parent === f.parent && other.bus === f.bus && other.devfn >> 3 === f.devfn >> 3;
    if (!isSibling) return false;
    if (other.physicalFunction < 0) return true;
  }
  return false;
}

function acsRegisters(f: PciFunction, iommuRuns: boolean): AcsRegisters | undefined {
  const acs = known(f.acs) ?? undefined;
  if (acs === undefined) return undefined;
  const { capability, control } = acs;
  if (!isUnknown(capability) && !isUnknown(control)) return Object.freeze({ capability, control });
  return iommuRuns ? Object.freeze({ capability: ACS_REQUIRED, control: ACS_REQUIRED }) : undefined;
}
