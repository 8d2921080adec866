/**
 * @module Device scope entries of a DMAR structure (VT-d 4.1, 8.3.1): which devices it is about.
 */
import type { DiagnosticLog } from '../bytes/diagnostic-log.ts';
import type { DeviceScope } from './dmar.ts';
import { type Structure, type StructureFormat, walkStructures } from './structure-walk.ts';

const FORMAT: StructureFormat = {
  smallest: 6,
  type: (view, at) => view.getUint8(at),
  length: (view, at) => view.getUint8(at + 1),
};

/** The entries from byte `start` of a structure on. Those of unknown type are kept: they match nothing. */
export function decodeDeviceScopes(within: Structure, start: number, log: DiagnosticLog): readonly DeviceScope[] {
  const range = { start, end: within.length, base: within.offset };
  const walk = walkStructures(within.bytes, range, FORMAT);
  if (walk.ended !== 'end') {
    const fault = walk.ended === 'short' ? 'is shorter than its header' : 'passes the end of its structure';
    log.error(`device scope ${fault}; it and those after it in the structure are not used`, walk.offset);
  }
  return Object.freeze(walk.structures.map((s) => decodeScope(s, log)));
}

function decodeScope(s: Structure, log: DiagnosticLog): DeviceScope {
  if (s.type < 1 || s.type > 5) log.warning(`device scope of unknown type ${s.type}`, s.offset);
  const path: DeviceScope['path'][number][] = [];
  for (let at = 6; at + 2 <= s.length; at += 2) {
    path.push(Object.freeze({ device: s.view.getUint8(at), function: s.view.getUint8(at + 1) }));
  }
  return Object.freeze({
    type: s.type,
    enumerationId: s.view.getUint8(4),
    startBus: s.view.getUint8(5),
    path: Object.freeze(path),
    offset: s.offset,
  });
}
