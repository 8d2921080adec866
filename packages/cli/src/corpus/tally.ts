/**
 * @module What came out of a collection: what counts, what is only told, what is excused.
 */
import type { Examined } from './examine.ts';

export interface Tally {
  /** Whole machines: they decide. */
  readonly counted: readonly Examined[];
  /** Parts of machines and texts that tell too little to be held to anything, by level. */
  readonly informative: ReadonlyMap<string, readonly Examined[]>;
  readonly passed: readonly Examined[];
  readonly failed: readonly Examined[];
  /** Failed, with a proof that the capture is to blame. */
  readonly excused: readonly { readonly machine: Examined; readonly proof: string }[];
  /** Excuses that nobody needs. */
  readonly unneeded: readonly string[];
}

export function tally(machines: readonly Examined[], defects: Readonly<Record<string, string>>): Tally {
  const counted = machines.filter((m) => m.level === undefined);
  const informative = new Map<string, Examined[]>();
  for (const m of machines) {
    if (m.level === undefined) continue;
    const same = informative.get(m.level);
    if (same === undefined) informative.set(m.level, [m]);
    else same.push(m);
  }
  const wrong = counted.filter((m) => !isRight(m));
  return {
    counted,
    informative,
    passed: counted.filter(isRight),
    failed: wrong.filter((m) => defects[m.name] === undefined),
    excused: wrong.flatMap((machine) => {
      const proof = defects[machine.name];
      return proof === undefined ? [] : [{ machine, proof }];
    }),
    unneeded: Object.keys(defects).filter((name) => counted.some((m) => m.name === name && isRight(m))),
  };
}

function isRight({ partition, numbers }: Examined): boolean {
  return (partition === 'equal' || partition === 'possible') && numbers !== 'different';
}
