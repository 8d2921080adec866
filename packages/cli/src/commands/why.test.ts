import { describe, expect, it } from 'vitest';
import { fixture, golden } from '../testing/fixtures.ts';
import { runCommand } from '../testing/run-command.ts';
import { schemaErrors } from '../testing/schema.ts';

const why = (name: string, a: string, b: string, ...words: string[]) =>
  runCommand(['why', a, b, '--machine', fixture(name), ...words]);

/** Fixture, the two, exit code, name of the golden text. */
const CASES: readonly (readonly [fixture: string, a: string, b: string, code: number, golden: string])[] = [
  ['gaming-pc', '01:00.0', '02:00.0', 0, 'one-slot'],
  ['gaming-pc', '03:00.0', '04:00.0', 1, 'accepted-only'],
  ['gaming-pc', '03:00.0', 'host', 1, 'host'],
  ['intel-switch-without-acs', '03:00.0', '04:00.0', 0, 'switch'],
  ['intel-switch-with-acs', '03:00.0', '04:00.0', 1, 'apart'],
  ['intel-no-interrupt-remapping', '01:00.0', '02:00.0', 0, 'through-the-host'],
];

describe('isogroups why', () => {
  it.each(CASES)('of %s: %s and %s reads well', async (name, a, b, code, as) => {
    const ran = await why(name, a, b);
    const { expected, actual } = golden(`why-${as}`, ran.stdout);
    expect(actual).toBe(expected);
    expect(ran.code).toBe(code);
    expect(ran.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it.each(CASES)('of %s: %s and %s keeps to the schema', async (name, a, b) => {
    expect(schemaErrors((await why(name, a, b, '--json')).stdout)).toEqual([]);
  });

  it('names place, evidence and remedy of each step', async () => {
    const { chains, connected } = JSON.parse(
      (await why('intel-switch-without-acs', '03:00.0', '04:00.0', '--json')).stdout,
    );
    expect(connected).toBe(true);
    expect(chains).toHaveLength(1);
    const [step] = chains[0].steps;
    expect(step.interference.where.kind).toBe('port');
    expect(step.interference.evidence[0]).toMatchObject({ kind: 'no-capability', capability: 'ACS' });
    expect(step.interference.remedies.length).toBeGreaterThan(0);
    // A placeholder in an instruction would be of no use.
    expect(JSON.stringify(chains)).not.toMatch(/<(?:place|device)>/);
  });

  it('prefers devices to the host', async () => {
    const one = JSON.parse((await why('intel-no-interrupt-remapping', '00:1f.2', '00:1f.3', '--json')).stdout);
    expect(one.chains.map((c: { via: string }) => c.via)).toEqual(['devices']);
    const other = JSON.parse((await why('intel-no-interrupt-remapping', '01:00.0', '02:00.0', '--json')).stdout);
    expect(other.chains[0]).toMatchObject({ via: 'host', accepted: false });
  });

  it('says which ports guarantee that there is none', async () => {
    const { guarantees, connected } = JSON.parse(
      (await why('intel-switch-with-acs', '03:00.0', '04:00.0', '--json')).stdout,
    );
    expect(connected).toBe(false);
    const ports = guarantees.filter((g: { sort: string }) => g.sort === 'port');
    expect(ports.length).toBeGreaterThanOrEqual(3);
    for (const port of ports) expect(port.says).toMatch(/redirects upstream|no way|never/);
  });

  it('follows the policy', async () => {
    const strict = await why('gaming-pc', '03:00.0', '04:00.0', '--policy', 'strict');
    expect(strict.code).toBe(0);
    expect(strict.stdout).toContain('forged-requester');
  });

  it('wants two devices', async () => {
    expect((await why('gaming-pc', '01:00.0', '01:00.0')).code).toBe(2);
    expect((await runCommand(['why', '01:00.0', '--machine', fixture('gaming-pc')])).stderr).toContain(
      'missing required argument "b"',
    );
  });
});
