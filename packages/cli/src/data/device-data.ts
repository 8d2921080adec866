/**
 * @module A device as answers show it.
 */
import { type Analysis, formatAddress, isUnknown, portTypeName } from '@isogroups/pci';
import { className, deviceName, type Names } from '../names.ts';
import { factData, hexData } from './fact-data.ts';

export function deviceData(analysis: Analysis, names: Names, party: number): Record<string, unknown> {
  const { machine, topology, graph } = analysis;
  const f = machine.functions[party];
  if (f === undefined) {
    const other = machine.others[party - machine.functions.length];
    return {
      device: other?.name ?? `party ${party}`,
      sort: 'other',
      subsystem: other?.subsystem ?? null,
      parent: other === undefined || other.parent < 0 ? null : graph.parties.nameOf(other.parent),
      driver: other === undefined ? null : factData(other.driver),
      kernelGroup: other === undefined ? null : factData(other.group),
    };
  }
  return {
    device: formatAddress(f),
    sort: 'pci',
    name: deviceName(names, f),
    class: isUnknown(f.classCode) ? null : className(names, f),
    vendorId: factData(f.vendor, (id) => hexData(id, 4)),
    deviceId: factData(f.device, (id) => hexData(id, 4)),
    type: portTypeName(topology.portType[party] as number),
    bridge: graph.parties.isBridge(party),
    driver: factData(f.host.driver),
    kernelGroup: factData(f.host.group),
  };
}
