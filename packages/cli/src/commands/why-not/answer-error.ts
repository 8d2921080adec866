/**
 * @module From a pasted error text to the devices of the machine that it is about.
 */
import { type Analysis, formatAddress } from '@isogroups/pci';
import { nameOf } from '../../sentences/party.ts';
import { kernelGroupsOf } from '../../targets.ts';
import type { RecognisedError } from './recognise-error.ts';

export interface ErrorSubject {
  /** Parties; empty where the machine has none of what the text names. */
  readonly asked: readonly number[];
  readonly remarks: readonly string[];
}

/**
 * The devices that the text names and the machine has; without one, the members of the group. Group numbers change from
 * boot to boot, so a device counts for more than a number.
 */
export function subjectOf(analysis: Analysis, error: RecognisedError): ErrorSubject {
  const { machine } = analysis;
  const groups = kernelGroupsOf(analysis);
  const remarks: string[] = [];
  const index = new Map(machine.functions.map((f, i) => [formatAddress(f), i]));
  const asked: number[] = [];
  for (const device of error.devices) {
    const i = index.get(device);
    if (i === undefined) remarks.push(`this machine has no ${device}`);
    else asked.push(i);
  }
  if (asked.length === 0) {
    const gone = error.groups.filter((id) => !groups.has(id));
    remarks.push(...gone.map((id) => `this machine has no group ${id} now`));
    return {
      asked: endpointsFirst(
        analysis,
        error.groups.flatMap((id) => groups.get(id) ?? []),
      ),
      remarks,
    };
  }
  for (const i of asked) {
    const id = [...groups].find(([, parties]) => parties.includes(i))?.[0];
    if (error.groups.length > 0 && (id === undefined || !error.groups.includes(id))) {
      const where = id === undefined ? 'in no kernel group' : `in kernel group ${id}`;
      remarks.push(
        `here ${nameOf(analysis, i)} is ${where}: numbers change from boot to boot, or the text is from another machine`,
      );
    }
  }
  return { asked, remarks };
}

/** Of a group its endpoints are asked for; a group of nothing but bridges stays as it is. */
function endpointsFirst({ graph }: Analysis, parties: readonly number[]): readonly number[] {
  const ends = parties.filter((p) => !graph.parties.isBridge(p));
  return ends.length > 0 ? ends : parties;
}
