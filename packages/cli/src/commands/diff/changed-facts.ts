/**
 * @module Which facts are not the same on two machines, of those that groups or handing over depend on.
 */
import {
  type Analysis,
  acsBitNames,
  type Fact,
  interruptIsolation,
  isUnknown,
  known,
  type PciFunction,
  portTypeName,
} from '@isogroups/pci';
import { acsSentence } from '../../sentences/acs.ts';
import type { DevicePair } from './match-devices.ts';

export interface ChangedFact {
  /** Index in the first machine; undefined for a fact of the machine as a whole. */
  readonly device: number | undefined;
  /** `driver`, `ACS`, `kernel`, `command line`, … */
  readonly what: string;
  readonly before: string;
  readonly after: string;
  /** Whether groups can depend on it. */
  readonly bearsOnGroups: boolean;
}

export function machineFacts(a: Analysis, b: Analysis): readonly ChangedFact[] {
  const facts: ChangedFact[] = [];
  const compare = (what: string, of: (x: Analysis) => string, bearsOnGroups = true): void => {
    const [before, after] = [of(a), of(b)];
    if (before !== after) facts.push({ device: undefined, what, before, after, bearsOnGroups });
  };
  compare('kernel', (x) => text(x.machine.kernel.release));
  compare('rules', (x) => `those of ${x.rules.release.series}`);
  facts.push(...commandLine(a, b));
  for (const [what, of] of TABLES) compare(what, (x) => tableText(of(x)), true);
  const changedTables = TABLES.filter(
    ([, of]) => tableText(of(a)) === tableText(of(b)) && contentOf(of(a)) !== contentOf(of(b)),
  );
  for (const [what] of changedTables) {
    facts.push({ device: undefined, what, before: 'as it was', after: 'with another content', bearsOnGroups: true });
  }
  compare('IOMMU', ({ replay: { coverage } }) => coverage.none?.says ?? coverage.units.map((u) => u.name).join(', '));
  compare(
    'interrupts',
    (x) => {
      const isolation = interruptIsolation(x.machine, x.options);
      return isUnknown(isolation) ? 'not known' : isolation.isolated ? 'isolated' : 'not isolated';
    },
    false,
  );
  return facts;
}

const TABLES: readonly (readonly [string, (x: Analysis) => Fact<unknown>])[] = [
  ['DMAR table', (x) => x.machine.firmware.dmar],
  ['IVRS table', (x) => x.machine.firmware.ivrs],
  ['IORT table', (x) => x.machine.firmware.iort],
  ['VIOT table', (x) => x.machine.firmware.viot],
  ['device tree', (x) => x.machine.firmware.deviceTree],
];

function tableText(table: Fact<unknown>): string {
  return isUnknown(table) ? 'not known' : table === null ? 'none' : 'there';
}

function contentOf(table: Fact<unknown>): string {
  return JSON.stringify(table, (_, value: unknown) => {
    if (typeof value === 'bigint') return value.toString();
    return value instanceof Map ? [...value] : value;
  });
}

function text(fact: Fact<string>): string {
  return known(fact) ?? 'not known';
}

/** Words that only one of the two has. `BOOT_IMAGE=` names a file and says nothing. */
function commandLine(a: Analysis, b: Analysis): readonly ChangedFact[] {
  const words = (x: Analysis): readonly string[] | undefined =>
    known(x.machine.kernel.commandLine)
      ?.split(/\s+/)
      .filter((w) => w !== '' && !w.startsWith('BOOT_IMAGE='));
  const [old, now] = [words(a), words(b)];
  if (old === undefined || now === undefined) return [];
  const gone = old.filter((w) => !now.includes(w));
  const came = now.filter((w) => !old.includes(w));
  if (gone.length + came.length === 0) return [];
  const bearsOnGroups = [...gone, ...came].some((w) => /iommu|^pci=|acs|intremap|vfio/.test(w));
  const list = (these: readonly string[]): string => (these.length === 0 ? 'without' : these.join(' '));
  return [{ device: undefined, what: 'command line', before: list(gone), after: list(came), bearsOnGroups }];
}

export function deviceFacts(a: Analysis, b: Analysis, { a: i, b: j }: DevicePair): readonly ChangedFact[] {
  const facts: ChangedFact[] = [];
  const compare = (
    what: string,
    before: string | undefined,
    after: string | undefined,
    bearsOnGroups: boolean,
  ): void => {
    if (before === undefined || after === undefined || before === after) return;
    facts.push({ device: i, what, before, after, bearsOnGroups });
  };
  const [f, g] = [a.machine.functions[i] as PciFunction, b.machine.functions[j] as PciFunction];
  compare('ACS', acsText(f), acsText(g), true);
  if (facts.length === 0) compare('ACS', isolation(a, i), isolation(b, j), true);
  compare('type', portTypeName(a.topology.portType[i] as number), portTypeName(b.topology.portType[j] as number), true);
  compare('multifunction', flag(a.topology.multifunction[i]), flag(b.topology.multifunction[j]), true);
  // Where no unit is at work at all, the machine's own fact says it.
  if (hasUnits(a) && hasUnits(b)) compare('IOMMU unit', unitOf(a, i), unitOf(b, j), true);
  compare('driver', nameOr(f.host.driver), nameOr(g.host.driver), false);
  compare('ATS', switched(f.ats), switched(g.ats), false);
  compare('virtual functions', virtualFunctions(f), virtualFunctions(g), false);
  return facts;
}

/** `control 0x001d (SV RR CR UF) of 0x005f`: what is on, of what there is. */
function acsText({ acs }: PciFunction): string | undefined {
  if (isUnknown(acs)) return undefined;
  if (acs === null) return 'no capability';
  if (isUnknown(acs.control) || isUnknown(acs.capability)) return undefined;
  const word = (n: number): string => `0x${n.toString(16).padStart(4, '0')}`;
  const on = acsBitNames(acs.control).join(' ');
  return `control ${word(acs.control)}${on === '' ? '' : ` (${on})`} of ${word(acs.capability)}`;
}

/** What the ACS test says beyond the registers: a vendor's word that a kernel of another series does not know. */
function isolation(x: Analysis, i: number): string {
  return acsSentence(x, i).replace(/^\S+ /, '');
}

function flag(value: number | undefined): string | undefined {
  return value === 1 ? 'yes' : value === 0 ? 'no' : undefined;
}

function hasUnits({ replay }: Analysis): boolean {
  return replay.coverage.units.length > 0;
}

function unitOf({ graph }: Analysis, i: number): string {
  return graph.parties.unitOf(i) ?? 'none';
}

function nameOr(fact: Fact<string | null>): string | undefined {
  return isUnknown(fact) ? undefined : (fact ?? 'none');
}

function switched(capability: PciFunction['ats']): string | undefined {
  if (isUnknown(capability)) return undefined;
  if (capability === null) return 'no capability';
  return isUnknown(capability.enabled) ? undefined : capability.enabled ? 'on' : 'off';
}

function virtualFunctions({ sriov }: PciFunction): string | undefined {
  if (isUnknown(sriov)) return undefined;
  if (sriov === null) return 'not offered';
  const [enabled, count] = [known(sriov.enabled), known(sriov.numVfs)];
  return enabled === undefined || count === undefined ? undefined : enabled ? String(count) : '0';
}
