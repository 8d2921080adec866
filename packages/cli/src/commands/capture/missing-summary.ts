/**
 * @module What a snapshot lacks, told by kind: forty devices whose configuration space is cut short are one line.
 */

export interface Missing {
  readonly path: string;
  readonly reason: string;
  readonly why: string;
}

export interface MissingKind {
  /** `sys/firmware/acpi/tables/DMAR`, or `config of 42 devices`. */
  readonly what: string;
  readonly why: string;
  readonly count: number;
}

export function summariseMissing(missing: readonly Missing[]): readonly MissingKind[] {
  const kinds = new Map<string, Missing[]>();
  for (const m of missing) {
    const key = `${baseName(m.path)}\n${m.why}`;
    const same = kinds.get(key);
    if (same === undefined) kinds.set(key, [m]);
    else same.push(m);
  }
  return [...kinds.values()].map((same) => {
    const first = same[0] as Missing;
    const what = same.length === 1 ? first.path : `${baseName(first.path)} of ${same.length} ${ownerOf(first.path)}`;
    return { what, why: first.why, count: same.length };
  });
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function ownerOf(path: string): string {
  return path.includes('iommu_groups/') ? 'groups' : path.startsWith('sys/') ? 'devices' : 'files';
}
