import { expect, it } from 'vitest';
import type { DatedRecord } from '../journal/record.ts';
import { machineOf, planFor } from '../testing/scenarios.ts';
import { claimsOf } from './claim-state.ts';
import { conflicts } from './conflicts.ts';

const at = '2026-01-01T00:00:00.000Z';
const boot = 'boot-1';
const plan = planFor(machineOf(2), '0000:00:05.0');
const { policy, claimed: members, company, registers } = plan;
const opened = {
  kind: 'opened' as const,
  claim: 'c1',
  boot,
  for: 'qemu',
  policy,
  losses: [],
  confirmWithinMs: null,
  members,
  company,
  component: ['0000:00:1c.0', ...plan.component],
  registers,
  at,
} satisfies DatedRecord;
const held = claimsOf([opened, { kind: 'committed', claim: 'c1', at }]);
const says = (wanted: Partial<typeof plan>, claims = held, now = boot): readonly string[] =>
  conflicts({ ...plan, ...wanted }, claims, now).map((r) => `${r.kind}: ${r.says}`);

it('names each device that is wanted and taken', () => {
  expect(says({})).toEqual([
    'claimed: 0000:00:05.0 belongs to claim c1 (qemu)',
    'claimed: 0000:00:05.1 belongs to claim c1 (qemu)',
  ]);
  expect(says({}, claimsOf([opened]))[0]).toMatch(/^interrupted: claim c1 is in the middle of 0000:00:05\.0: /);
  expect(says({}, held, 'another boot')).toEqual([]);
  expect(conflicts(plan, held, undefined)).toEqual(conflicts(plan, held, boot));
});

it('takes the company of a record without a component for it', () => {
  const { component: _, ...before } = opened;
  const claims = claimsOf([before]);
  expect(claims.map((c) => c.component)).toEqual([company]);
  expect(says({ claimed: [], company: [], component: company }, claims)).toHaveLength(1);
});

it('names one where two would only meet', () => {
  const elsewhere = { claimed: [], company: ['0000:00:06.0'] };
  expect(says({ ...elsewhere, component: ['0000:00:06.0', '0000:00:1c.0'] })).toEqual([
    'claimed: 0000:00:1c.0 can be reached from here and from claim c1 (qemu)',
  ]);
  expect(says({ ...elsewhere, component: ['0000:00:06.0'] })).toEqual([]);
});
