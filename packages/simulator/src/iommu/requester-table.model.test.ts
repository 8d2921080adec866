import { type Device, type Domain, IsolationError } from '@isogroups/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRequesterTable, type Entry } from './requester-table.ts';

/** Ids of the devices 0 to 4: some send under ids of others. */
const IDS: readonly (readonly number[])[] = [[0], [1, 0], [2, 3], [3], [4, 2, 0]];

const operation = fc.record({
  device: fc.nat(IDS.length - 1),
  to: fc.constantFrom('take out', 'one', 'two', 'identity'),
});

/** The simplest thing that could be right: where each device leads; an id leads where any of its devices does. */
function leads(model: ReadonlyMap<number, string>, id: number): string {
  for (const [device, to] of model) if (IDS[device]?.includes(id)) return to;
  return 'blocked';
}

it('leads every id where a naive model does, all ids of a device or none', () => {
  const devices = IDS.map((_, k): Device => ({ name: `${k}`, bus: 'pci', parent: undefined, driver: undefined }));
  const [one, two] = ['one', 'two'].map((name) => ({ name }) as Domain) as [Domain, Domain];
  const entryTo = (to: string): Exclude<Entry, { kind: 'blocked' }> =>
    to === 'identity'
      ? { kind: 'identity', devices: new Set() }
      : { kind: 'domain', domain: to === 'one' ? one : two, devices: new Set(), admitsTranslated: false };
  const shown = (entry: Entry): string => (entry.kind === 'domain' ? entry.domain.name : entry.kind);

  fc.assert(
    fc.property(fc.array(operation, { maxLength: 30 }), (operations) => {
      const table = createRequesterTable(Object.freeze({ kind: 'blocked' }));
      const model = new Map<number, string>();
      for (const { device, to } of operations) {
        const ids = IDS[device] as readonly number[];
        if (to === 'take out') {
          if (model.delete(device)) table.remove(devices[device] as Device, ids);
        } else if (!model.has(device)) {
          const free = ids.every((id) => [to, 'blocked'].includes(leads(model, id)));
          let granted = true;
          try {
            table.add(devices[device] as Device, ids, entryTo(to));
          } catch (error) {
            if (!(error instanceof IsolationError)) throw error;
            granted = false;
          }
          expect(granted).toBe(free);
          if (granted) model.set(device, to);
        }
        for (let id = 0; id < IDS.length; id++) expect(shown(table.get(id))).toBe(leads(model, id));
      }
      for (const device of [...model.keys()]) table.remove(devices[device] as Device, IDS[device] as readonly number[]);
      expect(table.entries.size).toBe(0);
    }),
    { numRuns: 500 },
  );
});
