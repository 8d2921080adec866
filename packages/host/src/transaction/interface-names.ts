/**
 * @module Names of network interfaces. The kernel numbers them in the order in which drivers find them, so devices that
 * come home together may have each other's names.
 */
import type { ClaimedMember } from '../journal/record.ts';
import type { RunStep } from '../plan/step.ts';
import type { Binding } from './observation.ts';

/** An interface of a member that has another name than before the claim. */
export interface Misnamed {
  readonly device: string;
  readonly is: string;
  readonly was: string;
}

/** Empty while the member has another driver, or another number of interfaces: then nobody knows which is which, and the number is reported. */
export function misnamed({ device, before }: ClaimedMember, now: Binding): readonly Misnamed[] {
  if (now.driver !== before.driver || now.interfaces.length !== before.interfaces.length) return [];
  const is = now.interfaces.filter((name) => !before.interfaces.includes(name));
  const was = before.interfaces.filter((name) => !now.interfaces.includes(name));
  return is.map((name, i) => ({ device, is: name, was: was[i] as string }));
}

/** Names that are in each other's way are put aside first. The kernel renames only interfaces that are down. */
export function nameSteps(wrong: readonly Misnamed[]): readonly RunStep[] {
  const wanted = new Set(wrong.map(({ was }) => was));
  const taken = new Set(wrong.map(({ is }) => is));
  const aside: RunStep[] = [];
  const home = wrong.map((one) => {
    if (!wanted.has(one.is)) return nameStep(one);
    const free = freeName(taken);
    taken.add(free);
    aside.push(nameStep({ ...one, was: free }));
    return nameStep({ ...one, is: free });
  });
  return [...aside, ...home];
}

/** At most 15 characters: what Linux allows. */
function freeName(taken: ReadonlySet<string>): string {
  let number = 0;
  while (taken.has(`isogroups${number}`)) number += 1;
  return `isogroups${number}`;
}

function nameStep({ device, is, was }: Misnamed): RunStep {
  const args = ['link', 'set', 'dev', is, 'name', was];
  return {
    kind: 'run',
    phase: 'name',
    device,
    program: 'ip',
    args,
    why: `names ${is} of ${device} ${was}`,
    expects: {},
  };
}
