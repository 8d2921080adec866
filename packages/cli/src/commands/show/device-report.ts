/**
 * @module What `show` says of one device.
 */
import { interferencesOf } from '@isogroups/core';
import { formatAddress, type OtherDevice, type PciFunction, portTypeName } from '@isogroups/pci';
import { factData } from '../../data/fact-data.ts';
import { className, deviceName, idPair } from '../../names.ts';
import { nameOf } from '../../sentences/party.ts';
import { acsSection } from './acs-section.ts';
import { groupEntries } from './group-entries.ts';
import { hostEntries } from './host-entries.ts';
import { entry, factText, type Report, type ShowContext } from './report.ts';
import { translationEntries } from './translation-entries.ts';

export function deviceReport(context: ShowContext, party: number): Report {
  const { analysis } = context;
  const f = analysis.machine.functions[party];
  if (f === undefined) {
    return otherReport(context, party, analysis.machine.others[party - analysis.topology.count] as OtherDevice);
  }
  return {
    sort: 'device',
    name: formatAddress(f),
    title: `: ${deviceName(context.names, f)}`,
    entries: [
      identity(context, party, f),
      ...groupEntries(context, party),
      ...translationEntries(context, party, f),
      ...hostEntries(context, party, f),
    ],
    sections: [acsSection(context, party)],
    interferences: interferencesOf(analysis.graph, party),
  };
}

function identity({ analysis, names }: ShowContext, party: number, f: PciFunction): ReturnType<typeof entry> {
  const type = portTypeName(analysis.topology.portType[party] as number);
  const data = { class: className(names, f), type, ids: idPair(f).slice(1, -1), revision: factData(f.revision) };
  return entry('identity', 'Is', data, `${data.class} ${idPair(f)}, ${type}`);
}

/** A device that is no PCI function: all that is known of it is whose child it is. */
function otherReport(context: ShowContext, party: number, other: OtherDevice): Report {
  const { analysis } = context;
  const parent = other.parent < 0 ? null : analysis.graph.parties.nameOf(other.parent);
  return {
    sort: 'other',
    name: other.name,
    title:
      other.subsystem === undefined ? ': a device that is no PCI function' : `: a device on bus ${other.subsystem}`,
    entries: [
      entry(
        'parent',
        'Parent',
        parent,
        other.parent < 0 ? 'none that is a PCI function' : `${nameOf(analysis, other.parent)}, which sends for it`,
      ),
      ...groupEntries(context, party),
      entry(
        'driver',
        'Driver',
        factData(other.driver),
        factText(other.driver, (d) => d ?? 'none'),
      ),
    ],
    sections: [],
    interferences: interferencesOf(analysis.graph, party),
  };
}
