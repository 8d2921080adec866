import { describe, expect, it } from 'vitest';
import { fixture, golden } from '../testing/fixtures.ts';
import { runCommand } from '../testing/run-command.ts';
import { schemaErrors } from '../testing/schema.ts';

const ask = async (machine: string, ...words: string[]) => {
  const ran = await runCommand(['why-not', '--json', '--machine', fixture(machine), ...words]);
  expect(schemaErrors(ran.stdout)).toEqual([]);
  return { ...ran, answer: JSON.parse(ran.stdout) };
};
const commands = (answer: { steps: { kind: string; command: string }[] }): string[] =>
  answer.steps.filter((s) => s.kind === 'command').map((s) => s.command);
const blockers = (answer: { hindrances: { device?: string; driver?: string; kind: string }[] }): string[] =>
  answer.hindrances.map((h) => `${h.kind} ${h.device ?? ''} ${h.driver ?? ''}`.trim());

describe('isogroups why-not <device>', () => {
  it('names the device and driver that keep VFIO from the group, and the commands that free it', async () => {
    const { code, answer } = await ask('gpu-with-audio', '01:00.0');
    expect(code).toBe(1);
    expect(answer.verdict).toBe('no');
    expect(blockers(answer)).toEqual(['driver 0000:01:00.2 xhci_hcd']);
    expect(commands(answer)).toEqual([
      'echo vfio-pci > /sys/bus/pci/devices/0000:01:00.2/driver_override',
      'echo 0000:01:00.2 > /sys/bus/pci/drivers/xhci_hcd/unbind',
      'echo 0000:01:00.2 > /sys/bus/pci/drivers_probe',
    ]);
    expect(answer.warnings.join()).toContain('USB');
  });

  it('says who is not in the way: bridges, members without a driver', async () => {
    const { answer } = await ask('gaming-pc', '01:00.0');
    const harmless = answer.members.filter((m: { blocks: string }) => m.blocks === 'no');
    expect(harmless.map((m: { device: string }) => m.device)).toEqual([
      '0000:01:00.0',
      '0000:00:01.0',
      '0000:00:01.1',
      '0000:01:00.1',
      '0000:01:00.3',
    ]);
    expect(blockers(answer)).toEqual(['driver 0000:01:00.2 xhci_hcd', 'driver 0000:02:00.0 nvme']);
    expect(answer.warnings.join()).toContain('its disks go away');
  });

  it('plans all overrides, then all unbinding, then all probing', async () => {
    const { answer } = await ask('gaming-pc', '01:00.0');
    const order = commands(answer).map((c) => /driver_override|unbind|drivers_probe/.exec(c)?.[0]);
    expect(order).toEqual(['driver_override', 'driver_override', 'unbind', 'unbind', 'drivers_probe', 'drivers_probe']);
  });

  it('takes along what the policy joins, and says what would part them', async () => {
    const { code, answer } = await ask('intel-switch-without-acs', '04:00.0');
    expect(code).toBe(1);
    const along = answer.members.find((m: { device: string }) => m.device === '0000:03:00.0');
    expect(along).toMatchObject({ comesBy: 'policy', with: '0000:04:00.0', kernelGroup: 4 });
    const hindrance = answer.hindrances.find((h: { device?: string }) => h.device === '0000:03:00.0');
    expect(hindrance.refusedBy).toEqual(['policy']);
    expect(hindrance.acceptedBy).toBe('--accept peer-to-peer@0000:02:08.0 --accept peer-to-peer@0000:02:09.0');

    const accepted = hindrance.acceptedBy.split(' ').filter((w: string) => w !== '--accept');
    const parted = await ask(
      'intel-switch-without-acs',
      '04:00.0',
      ...accepted.flatMap((w: string) => ['--accept', w]),
    );
    expect(parted.answer.members.map((m: { device: string }) => m.device)).not.toContain('0000:03:00.0');
  });

  it('says yes where nothing is in the way, with the steps that are left', async () => {
    const { code, answer } = await ask('intel-sriov-vfs', '01:00.1');
    expect(code).toBe(0);
    expect(answer).toMatchObject({ verdict: 'yes', hindrances: [], kernelGroups: [4] });
    expect(commands(answer)).toEqual([
      'modprobe vfio-pci',
      'echo vfio-pci > /sys/bus/pci/devices/0000:01:00.1/driver_override',
      'echo 0000:01:00.1 > /sys/bus/pci/drivers_probe',
    ]);
    expect(answer.notes.join()).toContain('01:00.0');
  });

  it('warns of virtual functions that go with their physical one', async () => {
    const { answer } = await ask('intel-sriov-vfs', '01:00.0');
    expect(answer.warnings.join()).toContain('2 virtual functions');
  });

  it('does not hand over bridges, and plans nothing for what is behind them', async () => {
    const { code, answer } = await ask('gaming-pc', '00:01.0');
    expect(code).toBe(1);
    expect(blockers(answer)).toEqual(['is-bridge 0000:00:01.0']);
    expect(commands(answer)).toEqual([]);
    expect(answer.steps[0].text).toContain('01:00.0');
  });

  it('asks for the endpoints of a group that is named', async () => {
    const { answer } = await ask('intel-no-interrupt-remapping', '7');
    expect(answer.asked).toEqual(
      ['0000:03:00.0', '0000:04:01.0', '0000:04:02.0'].filter((d) => answer.asked.includes(d)),
    );
    expect(answer.asked).toContain('0000:04:01.0');
  });

  it('answers for the function that a software device belongs to', async () => {
    const { answer } = await ask('intel-ats-device', 'virtio0');
    expect(answer.asked).toEqual(['0000:01:00.0']);
    expect(answer.notes[0]).toContain('virtio0');
  });

  it('tells a default domain of identity as harmless', async () => {
    const { answer } = await ask('intel-passthrough', '04:01.0');
    expect(answer.verdict).toBe('yes');
    expect(answer.notes.join()).toContain('identity');
  });
});

describe('what the policy and the kernel refuse', () => {
  it('forged interrupts: both, until the policy accepts them and the kernel is told', async () => {
    const refused = await ask('intel-no-interrupt-remapping', '04:01.0');
    expect(refused.answer.hindrances[0]).toMatchObject({
      kind: 'interrupts',
      refusedBy: ['kernel', 'policy'],
      acceptedBy: '--accept interrupts',
    });
    const lab = await ask('intel-no-interrupt-remapping', '04:01.0', '--policy', 'lab');
    expect(lab.answer.hindrances[0]).toMatchObject({ kind: 'interrupts', refusedBy: ['kernel'], acceptedBy: null });
    expect(commands(lab.answer)[0]).toBe(
      'modprobe vfio_iommu_type1 && echo 1 > /sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts',
    );
  });

  it('a machine without an IOMMU: no group, no translation, and no command that could help', async () => {
    const { code, answer } = await ask('no-iommu-q35', '01:00.0');
    expect(code).toBe(1);
    const kinds = answer.hindrances.map((h: { kind: string }) => h.kind);
    expect(kinds).toContain('no-kernel-group');
    expect(kinds).toContain('untranslated');
    expect(commands(answer)).toEqual([]);
    expect(answer.steps.map((s: { text: string }) => s.text).join()).toContain('firmware setup');
  });

  it('a function that the IOMMU driver refused, and a bridge whose driver uses its DMA', async () => {
    const { code, answer } = await ask('smmuv3-pcie-to-pci-bridge', '02:02.0');
    expect(code).toBe(1);
    expect(blockers(answer)).toEqual(['driver 0000:01:00.0 shpchp', 'no-kernel-group 0000:02:02.0']);
    expect(commands(answer)).toContain('echo 0000:01:00.0 > /sys/bus/pci/drivers/shpchp/unbind');
    expect(commands(answer).join()).not.toContain('vfio-pci > /sys/bus/pci/devices/0000:01:00.0');
    expect(answer.warnings).toEqual([]);
  });

  it('decides nothing where facts are missing', async () => {
    const { answer } = await ask('without-root', '01:00.0');
    const interrupts = answer.hindrances.find((h: { kind: string }) => h.kind === 'interrupts');
    expect(interrupts.certain).toBe(false);
    expect(interrupts.decidedBy).toContain('log');
  });
});

it('asks nothing of members that have no driver, whatever the policy', async () => {
  const words = ['why-not', '--json', '--machine', fixture('gaming-pc'), '--policy', 'strict', '01:00.0'];
  const { steps, members } = JSON.parse((await runCommand(words)).stdout);
  const idle = members.filter((m: { driver: unknown; comesBy: string }) => m.driver === null && m.comesBy !== 'asked');
  expect(idle.length).toBeGreaterThan(0);
  const commands = steps.map((step: { command?: string }) => step.command ?? '').join('\n');
  for (const { device } of idle) expect(commands).not.toContain(device);
});

describe('an error text', () => {
  const VIABLE =
    'qemu-system-x86_64: -device vfio-pci,host=01:00.0: vfio 0000:01:00.0: group 3 is not viable\n' +
    'Please ensure all devices within the iommu_group are bound to their vfio bus driver.\n';
  const piped = async (machine: string, text: string, ...words: string[]) => {
    const ran = await runCommand(['why-not', '--json', '--machine', fixture(machine), ...words], { stdin: text });
    return { ...ran, answer: JSON.parse(ran.stdout) };
  };

  it.each([
    ['no-iommu-q35', 'no', 'yes', 'the firmware has no DMAR, IVRS, IORT or VIOT table'],
    ['intel-iommu-off', 'no', 'yes', 'intel_iommu=off'],
    ['gaming-pc', 'undecided', 'no', 'Intel VT-d (vtd0)'],
  ])('that names no device is answered with the facts of %s', async (machine, verdict, confirmed, fact) => {
    const { code, answer, stdout } = await piped(machine, "host doesn't support passthrough of host PCI devices");
    expect(schemaErrors(stdout)).toEqual([]);
    expect(code).toBe(1);
    expect(answer.verdict).toBe(verdict);
    expect(answer.error.confirmed).toBe(confirmed);
    expect(answer.error.facts.join()).toContain(fact);
    // Where the machine shows the cause, it is this machine that is to be changed; no general advice.
    expect(answer.steps.length > 0).toBe(confirmed === 'yes');
    expect(answer.error.advice).toEqual([]);
  });

  it('about interrupts alone looks at interrupts alone', async () => {
    const text = 'vfio_iommu_type1_attach_group: No interrupt remapping support.';
    const bare = await piped('intel-no-interrupt-remapping', text);
    expect(bare.answer.verdict).toBe('no');
    expect(bare.answer.steps[0].text).toContain('switch interrupt remapping');
    const remapped = await piped('gaming-pc', text);
    expect(remapped.answer.error.facts.join()).toContain('Enabled IRQ remapping');
  });

  it('is read from standard input and answered with the facts of the machine', async () => {
    const { code, answer, stdout } = await piped('gpu-with-audio', VIABLE);
    expect(schemaErrors(stdout)).toEqual([]);
    expect(code).toBe(1);
    expect(answer.error).toMatchObject({
      program: 'QEMU',
      cause: 'group-not-viable',
      devices: ['0000:01:00.0'],
      groups: [3],
      confirmed: 'yes',
      remarks: [],
    });
    expect(blockers(answer)).toEqual(['driver 0000:01:00.2 xhci_hcd']);
  });

  it('can be an argument', async () => {
    const { answer } = await ask('gpu-with-audio', 'vfio 0000:01:00.0: group 3 is not viable');
    expect(answer.error.cause).toBe('group-not-viable');
    expect(answer.asked).toEqual(['0000:01:00.0']);
  });

  it('that was true of another moment is contradicted', async () => {
    const { code, answer } = await ask('intel-sriov-vfs', 'vfio 0000:01:00.1: group 4 is not viable');
    expect(answer.error.confirmed).toBe('no');
    expect(code).toBe(0);
  });

  it('that the facts cannot contradict is not answered with yes', async () => {
    const { code, answer } = await ask('intel-sriov-vfs', "Could not open '/dev/vfio/4': Device or resource busy");
    expect(answer).toMatchObject({ verdict: 'undecided', asked: ['0000:01:00.1'] });
    expect(answer.error.advice.length).toBeGreaterThan(0);
    expect(code).toBe(1);
  });

  it('with another group number than here is answered for its device', async () => {
    const { answer } = await ask('gpu-with-audio', 'vfio 0000:01:00.0: group 14 is not viable');
    expect(answer.error.remarks.join()).toContain('kernel group 3');
  });

  it('about interrupts finds them', async () => {
    const text =
      'vfio 0000:04:01.0: failed to setup container for group 7: Failed to set iommu for container: Operation not permitted';
    const { answer } = await ask('intel-no-interrupt-remapping', text);
    expect(answer.error).toMatchObject({ cause: 'refused-by-iommu', confirmed: 'yes' });
    expect(answer.error.facts.join()).toContain('interrupt');
  });

  it('about resets tells what is reset together', async () => {
    const text = 'vfio: Cannot reset device 0000:04:01.0, depends on group 9 which is not owned.';
    const { answer } = await ask('intel-no-interrupt-remapping', text);
    expect(answer.error.cause).toBe('reset-scope');
    expect(answer.error.facts.length).toBeGreaterThan(0);
  });

  it('about memory that is not there lists the reserved regions', async () => {
    const { answer } = await ask('intel-sriov-vfs', '0000:01:00.1: VFIO_MAP_DMA failed: Invalid argument');
    expect(answer.error.facts.join()).toContain('0xfee00000');
  });

  it('of a device that this machine has not is said to be so', async () => {
    const { code, answer } = await ask('gpu-with-audio', 'vfio 0000:99:00.0: group 77 is not viable');
    expect(answer).toMatchObject({ verdict: 'undecided', asked: [] });
    expect(answer.error.remarks).toEqual(['this machine has no 0000:99:00.0', 'this machine has no group 77 now']);
    expect(code).toBe(1);
  });

  it('of unknown cause is answered for the device that it names', async () => {
    const { answer } = await ask('gpu-with-audio', 'something odd happened to 0000:01:00.0 today');
    expect(answer.error).toMatchObject({ cause: null, program: null, devices: ['0000:01:00.0'] });
    expect(answer.verdict).toBe('no');
  });

  it('that says nothing is bad usage', async () => {
    const { code, stderr } = await runCommand(['why-not', '--machine', fixture('gaming-pc'), 'it does not work']);
    expect(code).toBe(2);
    expect(stderr).toContain('names no device and no group');
  });

  it('is asked for where nothing is given', async () => {
    const { code, stderr } = await runCommand(['why-not', '--machine', fixture('gaming-pc')]);
    expect(code).toBe(2);
    expect(stderr).toContain('standard input');
  });
});

describe('the text', () => {
  it.each([
    ['gaming-pc', '01:00.0'],
    ['intel-switch-without-acs', '04:00.0'],
    ['no-iommu-q35', '01:00.0'],
    ['without-root', '01:00.0'],
  ])('reads well on %s %s', async (machine, device) => {
    const { stdout } = await runCommand(['why-not', '--machine', fixture(machine), device]);
    const { expected, actual } = golden(`why-not-${machine}`, stdout);
    expect(actual).toBe(expected);
    // Commands are there to be copied and are never broken.
    const long = stdout.split('\n').filter((line) => line.length > 80 && !/^ {2}(?:echo|modprobe) /.test(line));
    expect(long).toEqual([]);
  });

  it('reads well for an error text', async () => {
    const text = 'vfio 0000:01:00.0: group 14 is not viable';
    const { stdout } = await runCommand(['why-not', '--machine', fixture('gpu-with-audio'), text]);
    const { expected, actual } = golden('why-not-error-text', stdout);
    expect(actual).toBe(expected);
  });
});
