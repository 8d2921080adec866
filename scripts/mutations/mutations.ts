/**
 * @module Deliberate defects in the grouping rules, each as one change of one line or two. The proof must find every one.
 *
 * Two sorts: what a rule no longer sees lets a packet out of its group; what a rule claims too much no packet shows.
 * `shared-reset` is not here: a reset is no packet.
 */
export interface Mutation {
  /** What somebody got wrong. */
  readonly name: string;
  /** Below packages/pci/src. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

const FABRIC = 'providers/fabric';

// biome-ignore format: a table
export const MUTATIONS: readonly Mutation[] = [
  { name: 'functions of one device are not peers', file: `${FABRIC}/peers.ts`,
    find: 'if (leaves.length > 0) {', replace: 'if (leaves.length < 0) {' },
  { name: 'only function 0 of a device is tested', file: `${FABRIC}/peers.ts`,
    find: 'if (hasSubtree) ports.push', replace: 'if (i > from) continue;\n    if (hasSubtree) ports.push' },
  { name: 'ports of a switch are not peers', file: `${FABRIC}/peers.ts`,
    find: 'above === PORT.upstream || ', replace: '' },
  { name: 'with ARI a device still ends at function 7', file: `${FABRIC}/peers.ts`,
    find: 'topology.forwardsAri[parent] === 1', replace: 'topology.forwardsAri[parent] === 2' },
  { name: 'what is below a peer is out of reach', file: `${FABRIC}/peers.ts`,
    find: '[...functions, ...mergeSpans(members.flatMap((i) => below(topology, i)))] : functions', replace: 'functions : functions' },
  { name: 'only the port itself passes its ACS, not what is below it', file: `${FABRIC}/senders-of-port.ts`,
    find: "if (most === 'requests') return all;", replace: "if (most === 'requests') return [single(port)];" },
  { name: "the vendor's word counts for nothing", file: `${FABRIC}/peers.ts`,
    find: "finding.kind === 'quirk' && finding.isolated && !hasSubtree", replace: "finding.kind === 'quirk' && !hasSubtree && from < 0" },
  { name: 'host bridges have peers', file: `${FABRIC}/peers.ts`,
    find: 'if (topology.role[i] === ROLE.hostBridge) continue;', replace: '' },
  { name: 'RR is ignored', file: `${FABRIC}/redirection.ts`,
    find: 'export const REDIRECT: number = ACS_RR | ACS_CR;', replace: 'export const REDIRECT: number = ACS_CR;' },
  { name: 'CR is ignored', file: `${FABRIC}/redirection.ts`,
    find: 'export const REDIRECT: number = ACS_RR | ACS_CR;', replace: 'export const REDIRECT: number = ACS_RR;' },
  { name: 'EC is ignored', file: `${FABRIC}/redirection.ts`,
    find: 'const egress = (want & REDIRECT) !== 0', replace: 'const egress = want === 0' },
  { name: 'EC turns requests back', file: `${FABRIC}/redirection.ts`,
    find: 'const egress = (want & REDIRECT) !== 0', replace: 'const egress = want !== 0' },
  { name: 'DT is ignored', file: `${FABRIC}/redirection.ts`,
    find: 'const direct = (want & ACS_RR) !== 0', replace: 'const direct = want === 0' },
  { name: 'a bit that a switch port lacks is hard-wired on', file: `${FABRIC}/redirection.ts`,
    find: 'topology.portType[i] === PORT.downstream ? want & ~finding.control : 0', replace: '0' },
  { name: 'virtual functions reach each other without ACS', file: `${FABRIC}/redirection.ts`,
    find: "if (acs === null) return { kind: 'single-function', isolated: true };", replace: "if (acs === null) return { kind: 'no-capability', isolated: false };" },
  { name: 'conventional PCI sends completions', file: `${FABRIC}/senders-of-port.ts`,
    find: 'isConventional || (translatedOnly', replace: '(translatedOnly' },
  { name: 'UF is ignored', file: `${FABRIC}/turn-back.ts`,
    find: 'if (finding.isolated === true) continue;', replace: 'continue;' },
  { name: 'root ports never turn requests back', file: `${FABRIC}/turn-back.ts`,
    find: 'type !== PORT.root && type !== PORT.downstream', replace: 'type !== PORT.downstream' },
  { name: 'switch ports never turn requests back', file: `${FABRIC}/turn-back.ts`,
    find: 'type !== PORT.root && type !== PORT.downstream', replace: 'type !== PORT.root' },
  { name: 'RR off at a root port is ignored', file: `${FABRIC}/root-complex.ts`,
    find: 'if (ports.length < 2) continue;', replace: 'if (ports.length > 0) continue;' },
  { name: 'root ports without ACS reach each other', file: `${FABRIC}/root-complex.ts`,
    find: "finding.kind !== 'control' || finding.isolated", replace: 'finding.isolated === true' },
  { name: 'a PCIe-to-PCI bridge is transparent', file: 'kernel/aliases.ts',
    find: "quirks.noAlias ? 'none' : 'secondary-bus'", replace: "'none'" },
  { name: 'a conventional bridge is transparent', file: 'kernel/aliases.ts',
    find: "quirks.pcieBridgeAlias ? 'secondary-bus' : 'own-id'", replace: "'none'" },
  { name: 'what is behind a bridge to conventional PCI is apart', file: `${FABRIC}/conventional-bus.ts`,
    find: '...behindBridges(input), ', replace: '' },
  { name: 'a conventional root bus is no shared bus', file: `${FABRIC}/conventional-bus.ts`,
    find: ', ...conventionalRootBuses(input.topology)', replace: '' },
  { name: 'the alias mask is forgotten', file: `${FABRIC}/shared-requester.ts`,
    find: '...quirkAliases(input), ', replace: '' },
  { name: 'the aliases of IVRS are forgotten', file: `${FABRIC}/shared-requester.ts`,
    find: ', ...mappedTogether(input)', replace: '' },
  { name: 'VMD is forgotten', file: `${FABRIC}/shared-requester.ts`,
    find: '...vmdChildren(input), ', replace: '' },
  { name: 'SV is always on', file: `${FABRIC}/forged-requester.ts`,
    find: 'sourceValidation(topology, i, acsContext).isolated === true ? 1 : 0', replace: '1' },
  { name: 'SV is never on', file: `${FABRIC}/forged-requester.ts`,
    find: 'sourceValidation(topology, i, acsContext).isolated === true ? 1 : 0', replace: '0' },
  { name: 'SV tells functions of one bus apart', file: `${FABRIC}/forged-requester.ts`,
    find: 'if (actors.length > 0) found.push', replace: 'if (actors.length < 0) found.push' },
  { name: 'a missing SV bit is hard-wired on', file: `${FABRIC}/source-validation.ts`,
    find: "if (finding.kind !== 'control' || ", replace: "if (finding.kind === 'control' || " },
  { name: 'what is behind a bridge to conventional PCI forges ids', file: `${FABRIC}/forged-requester.ts`,
    find: 'aliases.aliasBridgeAbove(i) < 0 &&', replace: '' },
  { name: 'children of a VMD forge ids', file: `${FABRIC}/forged-requester.ts`,
    find: 'dmaDevice < 0', replace: 'bus >= 0' },
  { name: 'devices without an IOMMU are forgotten', file: 'providers/untranslated.ts',
    find: 'if (coverage.unitOf(from) >= 0) {', replace: 'if (coverage.unitOf(from) >= -1) {' },
  { name: 'interrupts are always isolated', file: 'providers/interrupts.ts',
    find: 'if (topology.count === 0) return [];', replace: 'return [];' },
  { name: 'memory of the firmware is forgotten', file: 'providers/firmware-memory.ts',
    find: 'return fromTables.length > 0 ? fromTables : [...directRegions(input.topology)];', replace: 'return fromTables.slice(0, 0);' },
  { name: 'memory of the firmware ends at the bridge that is named', file: 'providers/firmware-memory.ts',
    find: '[single(i), ...below(topology, i)]', replace: '[single(i)]' },
  { name: 'ATS is forgotten', file: 'providers/translated-requests.ts',
    find: 'if (!ats.enabled || isBlockedAbove(topology, i)) continue;', replace: 'continue;' },
  { name: 'TB is ignored', file: 'providers/blocks-translated.ts',
    find: '(acs.control & ACS_TB) !== 0', replace: '(acs.control & ACS_TB) > 99' },
  { name: 'ids of devices with ATS on cannot be borrowed', file: 'providers/borrowed-translation.ts',
    find: 'if (shielded.length === 0) return [];', replace: 'return [];' },
  { name: 'devices that software made stand alone', file: 'providers/parent.ts',
    find: 'if (child.parent < 0) return;', replace: 'return;' },
];
