/**
 * @module The commands that take devices from the host and give them back.
 */
import type { ArgumentSpec, CommandSpec, OptionSpec } from './command-spec.ts';

const targets: ArgumentSpec = {
  name: 'target',
  required: true,
  variadic: true,
  summary: 'devices, or groups: 01:00.0, a group number, or vtd0/0000:01:00.0',
  completes: 'target',
};

/** --again names them otherwise. */
const targetsOrAgain: ArgumentSpec = { ...targets, required: false };

const claim: ArgumentSpec = { name: 'claim', required: true, summary: 'c1, c2, ...: see claims', completes: [] };

const STATE: OptionSpec = {
  flags: '--state <dir>',
  summary: 'where the journal is kept (default: /var/lib/isogroups)',
  completes: 'path',
};
const DRY_RUN: OptionSpec = { flags: '--dry-run', summary: 'print what would be done, and do nothing' };
const YES: OptionSpec = { flags: '--yes', summary: 'do not ask' };

const PLAN_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--again <claim>',
    summary:
      'the devices of an earlier claim, as after a restart: found by their slots, and refused if they are others',
  },
  {
    flags: '--driver <name>',
    summary: 'instead of the variant of VFIO that is made for the device, or vfio-pci',
    completes: ['vfio-pci', 'pci-stub'],
  },
  {
    flags: '--with <device>',
    summary: 'may come along; "all": whoever has to',
    completes: 'device',
    repeatable: true,
  },
  { flags: '--lose <item>', summary: 'the host may lose this one thing, as the plan names it', repeatable: true },
  { flags: '--for <name>', summary: 'for whom, as claims shows it' },
  {
    flags: '--confirm-within <time>',
    summary: 'given back by itself unless "isogroups confirm" comes in time: 60s, 5m',
  },
  STATE,
];

export const HANDING_OVER: readonly CommandSpec[] = [
  {
    name: 'plan',
    summary: 'what it would take to hand devices over: every write in order, what the host loses, what refuses',
    description: [
      "The unit is the whole group: the kernel's, and the policy's. Members that were not named have to be accepted with --with. Bridges, and members without a driver, are left alone.",
      'Nothing is changed. Takes what claim takes: the same line, with "plan" instead, shows what it would do.',
      'Of a snapshot: what it would take there, as far as the snapshot tells. What the host would lose is not known then.',
    ],
    arguments: [targetsOrAgain],
    options: [
      ...PLAN_OPTIONS,
      { ...DRY_RUN, summary: 'as claim takes it: a plan never does anything' },
      { ...YES, summary: 'as claim takes it: a plan never asks' },
    ],
    exitCodes: { 0: 'it can be carried out', 1: 'something refuses, or is not known' },
    examples: [
      'isogroups plan 01:00.0',
      'isogroups plan 01:00.0 --with 01:00.1',
      'isogroups plan 14 --with all --json',
      'isogroups plan 01:00.0 --machine snapshot.tar.gz',
    ],
    load: () => import('./commands/plan.ts'),
  },
  {
    name: 'claim',
    summary: 'takes devices from the host, with all of their group, or nothing at all',
    description: [
      'Carries out the plan, looks after each write whether it did what it should, and brings everything back if one did not. A journal, on disk before each write, says at any time how every device comes home.',
      'A write that does not return is abandoned where it hangs, and the rest is made safe.',
    ],
    arguments: [targetsOrAgain],
    options: [...PLAN_OPTIONS, DRY_RUN, YES],
    exitCodes: { 0: 'the devices are handed over', 1: 'refused, or failed and brought back' },
    examples: [
      'isogroups claim 01:00.0 --with all --for vm7 --yes',
      'isogroups claim 01:00.0 --confirm-within 60s',
      'isogroups claim 01:00.0 --lose mount:/srv',
    ],
    load: () => import('./commands/claim.ts'),
  },
  {
    name: 'release',
    summary: 'gives a claim back: drivers, overrides, virtual functions and interface names as they were',
    description: ['What cannot be made as it was is named. Refused while somebody has the devices open.'],
    arguments: [claim],
    options: [
      {
        flags: '--if-unconfirmed',
        summary:
          'waits for the end of --confirm-within, tries until the devices are back, and leaves a confirmed claim alone',
      },
      STATE,
      DRY_RUN,
      YES,
    ],
    exitCodes: { 0: 'the devices are back', 1: 'refused, or not all of them are' },
    examples: ['isogroups release c1', 'isogroups release c1 --dry-run'],
    load: () => import('./commands/release.ts'),
  },
  {
    name: 'claims',
    summary: 'who holds what, since when, under which policy, and what has changed since',
    description: ['Without --all only the claims that stand.'],
    arguments: [],
    options: [{ flags: '-a, --all', summary: 'those that have ended too' }, STATE],
    exitCodes: { 0: 'all is as it was when they were made', 1: 'something has changed, or was interrupted' },
    examples: ['isogroups claims', 'isogroups claims --all --json'],
    load: () => import('./commands/claims.ts'),
  },
  {
    name: 'recover',
    summary: 'after a crash: brings home what was under way, and says what it found stuck',
    description: [
      'A claim that was interrupted is undone, a release completed. Claims of an earlier boot have ended with it; claims that were not confirmed in time are given back. It may be run at any time, and again.',
    ],
    arguments: [],
    options: [
      { flags: '--give-up <claim>', summary: 'ends it even if some device does not come home; its journal says which' },
      STATE,
      DRY_RUN,
      YES,
    ],
    exitCodes: { 0: 'nothing is under way any more', 1: 'something is not home yet' },
    examples: ['isogroups recover --yes', 'isogroups recover --dry-run'],
    load: () => import('./commands/recover.ts'),
  },
  {
    name: 'confirm',
    summary: 'keeps a claim that was made with --confirm-within',
    description: [],
    arguments: [claim],
    options: [STATE, DRY_RUN],
    exitCodes: { 0: 'confirmed', 1: 'there is no such claim, or not any more' },
    examples: ['isogroups confirm c1'],
    load: () => import('./commands/confirm.ts'),
  },
  {
    name: 'doctor',
    summary: 'who holds a device, and what taking it away waits for',
    description: [
      'Programs that have its files open or mapped, clients of the graphics card, uses of its module, what of the host hangs on it, writes that the journal knows to be stuck; and of tasks that are taking it away, where in the kernel they wait and for what.',
      'Without root it sees the processes of its user only, and says how many it could not look into.',
    ],
    arguments: [{ name: 'device', required: true, summary: 'a device', completes: 'device' }],
    options: [STATE],
    exitCodes: { 0: 'nothing holds it', 1: 'something does, or that is not decided' },
    examples: ['sudo isogroups doctor 01:00.0', 'isogroups doctor 01:00.0 --json'],
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'emit',
    summary: 'the text that other tools take: options of QEMU, elements of libvirt, rules of udev, ...',
    description: [
      'Functions of one slot are kept together in the guest, as their drivers expect. Remarks stand before the text as comments.',
      'Nothing is changed; the devices need not be claimed yet.',
    ],
    arguments: [
      {
        name: 'tool',
        required: true,
        summary: 'qemu, libvirt, cloud-hypervisor, udev or driverctl',
        completes: ['qemu', 'libvirt', 'cloud-hypervisor', 'udev', 'driverctl'],
      },
      { ...targets, summary: 'claims (c1), devices or groups' },
    ],
    options: [
      { flags: '--user <name>', summary: 'udev: who may open the files of VFIO (default: the group kvm)' },
      { flags: '--guest-bus <number>', summary: "libvirt: the guest's bus for the first slot (default: 8)" },
      STATE,
    ],
    examples: [
      'isogroups emit qemu c1',
      'isogroups emit libvirt 01:00.0 01:00.1',
      'isogroups emit udev 14 --user alice > /etc/udev/rules.d/05-isogroups.rules',
    ],
    load: () => import('./commands/emit.ts'),
  },
];
