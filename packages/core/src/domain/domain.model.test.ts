import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IsolationError } from '../errors.ts';
import { deviceNamed, fakeIommu, groupNamed, refuse } from '../testing/fake-iommu.ts';
import { createDomain, releaseDomain } from './domain.ts';

/** What is done to groups 0 to 2, and which calls of the IOMMU fail meanwhile. */
const operation = fc.record({
  kind: fc.constantFrom('create', 'attach', 'release', 'add', 'remove'),
  group: fc.nat(2),
  other: fc.nat(2),
  failing: fc.array(fc.tuple(fc.constantFrom('attach', 'detach'), fc.constantFrom(...'abcdefxyz')), { maxLength: 2 }),
});

/** Devices that the calls of a log leave attached. */
function attachedBy(log: readonly string[]): Set<string> {
  const attached = new Set<string>();
  for (const call of log) {
    const [verb, name] = call.split(' ') as [string, string];
    if (verb === 'attach') attached.add(name);
    else attached.delete(name);
  }
  return attached;
}

it('leaves no device attached that no domain knows of, whatever fails', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 30 }), (operations) => {
      const ops = fakeIommu();
      const groups = [groupNamed('0', ops, 'ab'), groupNamed('1', ops, 'cd'), groupNamed('2', ops, 'ef')];
      const spare = groups.map((_, k) => deviceNamed('xyz'[k] as string));
      /** Stuck in domains that are over: their errors told. */
      const told = new Set<string>();
      for (const { kind, group: g, other, failing } of operations) {
        ops.instead.clear();
        for (const [verb, name] of failing) ops.instead.set(`${verb} ${name}`, refuse('no'));
        const group = groups[g] as (typeof groups)[0];
        const device = spare[g] as (typeof spare)[0];
        const before = groups.map((each) => each.domain);
        try {
          if (kind === 'create') createDomain(group);
          if (kind === 'attach') before[other]?.attachGroup(group);
          if (kind === 'release') releaseDomain(group);
          if (kind === 'add' && !group.domain?.devices.includes(device)) group.domain?.attachDevice(group, device);
          if (kind === 'remove') group.domain?.detachDevice(group, device);
        } catch (error) {
          if (!(error instanceof IsolationError)) throw error;
          for (const { device: stuck } of (error.operands.stuck ?? []) as { device: { name: string } }[]) {
            told.add(stuck.name);
          }
        }
        const domains = [...new Set(groups.flatMap((each) => each.domain ?? []))];
        const known = domains.flatMap((domain) => domain.devices).map((each) => each.name);
        expect(domains.flatMap((domain) => domain.groups)).toHaveLength(groups.filter((each) => each.domain).length);
        const attached = attachedBy(ops.log);
        for (const name of attached) expect(known.includes(name) || told.has(name)).toBe(true);
        for (const name of known) expect(attached).toContain(name);
      }
    }),
    { numRuns: 500 },
  );
});
