import { describe, expect, it } from 'vitest';
import { fixture, golden } from '../testing/fixtures.ts';
import { runCommand } from '../testing/run-command.ts';
import { schemaErrors } from '../testing/schema.ts';

const ask = async (machine: string, ...words: string[]) => {
  const ran = await runCommand(['attack', '--json', '--machine', fixture(machine), ...words]);
  expect(schemaErrors(ran.stdout)).toEqual([]);
  return { ...ran, answer: JSON.parse(ran.stdout) };
};

describe('isogroups attack', () => {
  it.each([
    ['intel-switch-without-acs', ['03:00.0', '04:00.0'], { kind: 'device', device: '0000:04:00.0' }],
    ['intel-switch-without-acs', ['03:00.0', '04:00.0', '--completion'], { kind: 'device', device: '0000:04:00.0' }],
    ['intel-switch-with-acs', ['03:00.0', '04:00.0'], null],
    ['intel-switch-with-acs', ['03:00.0', 'memory'], null],
    ['intel-switch-with-acs', ['03:00.0', 'doorbell'], null],
    ['intel-no-interrupt-remapping', ['00:02.0', 'doorbell'], { kind: 'interrupts' }],
    ['no-iommu-q35', ['01:00.0', 'memory'], { kind: 'host-memory', address: '0x100000000000' }],
  ])('on %s: %j', async (machine, words, reached) => {
    const { code, answer } = await ask(machine, ...words);
    expect(answer).toMatchObject({ reached, hits: reached !== null, escapes: false });
    expect(code).toBe(reached === null ? 1 : 0);
  });

  it('reaches the memory of another group under its id where no port checks it', async () => {
    const words = ['03:00.0', 'memory of 01:00.0'];
    const own = await ask('intel-switch-with-empty-acs', ...words);
    expect(own.answer.hits).toBe(false);
    const forged = await ask('intel-switch-with-empty-acs', ...words, '--as', '01:00.0');
    expect(forged.answer).toMatchObject({ hits: true, escapes: false, packet: { requester: '01:00.0' } });
    const checked = await ask('intel-switch-with-acs', ...words, '--as', '01:00.0');
    expect(checked.answer.reached).toBe(null);
    expect(checked.answer.path.at(-1).says).toContain('SV is on');
  });

  it('reaches memory with ATS on, and not without', async () => {
    const ats = await runCommand(['list', '--json', '--machine', fixture('intel-ats-device'), '--policy', 'strict']);
    expect(ats.stdout).toContain('translated-requests');
    const plain = await ask('intel-switch-with-acs', '03:00.0', 'memory', '--translated');
    expect(plain.answer.reached).toBe(null);
  });

  it('reads well', async () => {
    const machine = fixture('intel-switch-without-acs');
    const shown = await runCommand(['attack', '--machine', machine, '03:00.0', '04:00.0']);
    const { expected, actual } = golden('attack-intel-switch-without-acs', shown.stdout);
    expect(actual).toBe(expected);
    expect(shown.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it.each([
    [['03:00.0', 'nowhere'], 'names no device'],
    [['03:00.0', 'memory of nobody'], 'names no device'],
    [['03:00.0', '04:00.0', '--as', 'x'], 'write a requester id'],
    [['03:00.0', '04:00.0', '--as', '0001:04:00.0'], "of the sender's own segment"],
    [['03:00.0', 'memory', '--completion'], 'a completion goes to a device'],
    [['03:00.0', '0xffffffffffffffff'], 'beyond what can be addressed'],
  ])('%j is bad usage', async (words, says) => {
    const { code, stderr } = await runCommand(['attack', '--machine', fixture('intel-switch-with-acs'), ...words]);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
  });
});
