/**
 * @module The commands of `isogroups` and the options that all of them share.
 */
import type { CommandSpec, OptionSpec } from './command-spec.ts';
import { HANDING_OVER } from './handing-over-commands.ts';

export const GLOBAL_OPTIONS: readonly OptionSpec[] = Object.freeze([
  {
    flags: '--machine <where>',
    summary:
      'a root directory, snapshot.tar.gz or text of lspci instead of this machine; - reads standard input; "sim: ..." describes one',
    completes: 'path',
  },
  {
    flags: '--policy <name>',
    summary: 'which interferences are accepted: strict (none), default, lab',
    completes: ['strict', 'default', 'lab'],
  },
  {
    flags: '--accept <kind[@place]>',
    summary: 'accept one more: peer-to-peer@00:1c.0, interrupts, isolation_allow=nop2p,nomsi',
    repeatable: true,
  },
  { flags: '--kernel <series>', summary: "replay the rules of this kernel (6.1, 7.1, …) instead of the machine's own" },
  { flags: '--json', summary: 'print the answer as JSON, see the schema' },
  { flags: '--no-color', summary: 'no colours; NO_COLOR does the same' },
  { flags: '--verbose', summary: 'print all that was wrong with the input' },
] as const);

export const EXIT_CODES: Readonly<Record<number, string>> = Object.freeze({
  0: 'yes, or done',
  1: 'no',
  2: 'bad usage',
  3: 'the machine cannot be read',
});

const device = { name: 'device', required: true, completes: 'device' } as const;

export const COMMANDS: readonly CommandSpec[] = Object.freeze([
  {
    name: 'list',
    summary: 'the isolation groups, what is in them, and which can be handed over (the default)',
    description: [
      'Prints the groups under the policy: members, names, drivers, whether a group is assignable and, if not, what stands in the way.',
      "Where the kernel's groups differ, a sentence says which devices can reach each other, and where.",
    ],
    arguments: [],
    options: [{ flags: '-a, --all', summary: 'groups of nothing but bridges one by one' }],
    examples: ['isogroups', 'isogroups --policy strict', 'isogroups --machine box.tar.gz --json'],
    load: () => import('./commands/list.ts'),
  },
  {
    name: 'show',
    summary: 'all that bears on a device or a group',
    description: [
      'Requester ids, ACS of every port up to the root, the IOMMU unit, interrupt remapping, ATS and PASID, reserved regions, resets, NUMA node, SR-IOV, driver.',
    ],
    arguments: [
      {
        name: 'target',
        required: true,
        summary: '01:00.0, 0000:01:00.0, a group number, or vtd0/0000:01:00.0',
        completes: 'target',
      },
    ],
    options: [],
    examples: ['isogroups show 01:00.0', 'isogroups show 14', 'isogroups show vtd0/0000:01:00.0'],
    overrides: true,
    load: () => import('./commands/show.ts'),
  },
  {
    name: 'why',
    summary: 'how one device can disturb another, step by step, or why it cannot',
    description: [
      'Prints the shortest chain of interference between two devices: place, evidence and remedy of each step; or says that there is none, and which ports guarantee it.',
    ],
    arguments: [
      { ...device, name: 'a', summary: 'a device' },
      { ...device, name: 'b', summary: 'another device, or "host"' },
    ],
    options: [],
    exitCodes: { 0: 'there is a chain', 1: 'there is none' },
    examples: ['isogroups why 01:00.0 02:00.0', 'isogroups why 01:00.0 host'],
    load: () => import('./commands/why.ts'),
  },
  {
    name: 'why-not',
    summary: 'whether a device can be handed over now, and what would have to happen first',
    description: [
      'Names who blocks (device and driver) and who does not, what comes along under the policy, what the host would lose, and the commands that would fix it, in their order.',
      'An error text of QEMU, libvirt, DPDK or the kernel can be given instead, in quotes or on standard input ("group 8 is not viable ..."): the answer says what it means and whether the facts of this machine show it.',
    ],
    arguments: [
      {
        name: 'target',
        required: false,
        summary: 'a device, a group, or an error text; without it, an error text on standard input',
        completes: 'target',
      },
    ],
    options: [],
    exitCodes: { 0: 'it can be handed over', 1: 'it cannot, or that is not decided' },
    examples: [
      'isogroups why-not 01:00.0',
      'isogroups why-not 14 --policy lab',
      'isogroups why-not < error.txt',
      "isogroups why-not 'vfio 0000:01:00.0: group 8 is not viable'",
    ],
    load: () => import('./commands/why-not.ts'),
  },
  {
    name: 'verify',
    summary: "the kernel's rules replayed against the groups that the kernel really made",
    description: [
      'Every difference comes with its reason: the rule and its witness, a register that was changed after the groups were made, a fact that could not be read. Group numbers are reported beside it and do not decide.',
      'The status is 3 where the source does not tell the groups of the kernel.',
    ],
    arguments: [],
    options: [],
    exitCodes: { 0: 'the partition is equal', 1: 'it is not' },
    examples: ['isogroups verify', 'isogroups verify --machine box.tar.gz --kernel 7.1'],
    load: () => import('./commands/verify.ts'),
  },
  {
    name: 'prove',
    summary: 'every packet that the devices can send, against the groups',
    description: [
      'Sends, on a model made from the registers of the machine, one packet of every sort that a device can send - under its own and every other requester id, to the memory of the host and of each group, to the registers of each device, to the interrupts; marked as translated or not - and compares where they end with the groups under the policy.',
      'Sound: no packet gets out of its group, apart from what the policy accepts. Tight: packets show every interference, at the place that it names: each device that acts disturbs something, everything in reach is disturbed. An escape is printed hop by hop.',
      'The model is worked out without the interferences: where the two differ, one of them is wrong. What both take for granted, and completions that no port redirects (Relaxed Ordering), are in docs/design-choices.md.',
    ],
    arguments: [],
    options: [
      {
        flags: '--groups <whose>',
        summary: "graph (the default), or kernel: put the kernel's own groups to the proof",
        completes: ['graph', 'kernel'],
      },
    ],
    exitCodes: { 0: 'proven', 1: 'a packet gets out, or an interference is not shown' },
    examples: ['isogroups prove', 'isogroups prove --policy strict', 'isogroups prove --groups kernel'],
    load: () => import('./commands/prove.ts'),
  },
  {
    name: 'attack',
    summary: 'the way of one packet, hop by hop, to where it ends or who stops it',
    description: [
      'The device sends one read (to the doorbell: a write) on a model made from the registers of the machine, in which every group under the policy has a domain of its own.',
    ],
    arguments: [
      { ...device, summary: 'who sends' },
      {
        name: 'target',
        required: true,
        summary: 'a device, memory (of the host), "memory of <device or group>", doorbell, or an address (0x...)',
        completes: 'target',
      },
    ],
    options: [
      { flags: '--as <id>', summary: 'under this requester id (03:00.0) instead of its own', completes: 'device' },
      { flags: '--translated', summary: 'marked as translated (ATS)' },
      { flags: '--completion', summary: 'a completion that nobody asked for instead of a read' },
    ],
    exitCodes: { 0: 'it gets there', 1: 'it does not' },
    examples: [
      'isogroups attack 03:00.0 04:00.0',
      'isogroups attack 03:00.0 memory --translated',
      "isogroups attack 03:00.0 'memory of 04:00.0' --as 04:00.0",
    ],
    load: () => import('./commands/attack.ts'),
  },
  {
    name: 'simulate',
    summary: 'a machine from a description: its devices, addresses, groups, and a snapshot of it',
    description: [
      'The description is a text in the language of machines (docs/language-of-machines.md): an IOMMU, ports with their ACS bits, switches, bridges, devices. "vtd; rp[acs] -> nvme; rp -> {gpu, audio}" is a machine.',
      'Every command takes such a machine instead of a file: --machine "sim: vtd; rp -> nvme".',
    ],
    arguments: [{ name: 'description', required: true, summary: 'the machine, quoted', completes: [], variadic: true }],
    options: [
      { flags: '-o, --output <file>', summary: 'write a snapshot that --machine reads anywhere', completes: 'path' },
      { flags: '--force', summary: 'replace the file if it is there' },
    ],
    examples: [
      "isogroups simulate 'vtd; rp[acs] -> switch(dsp[acs] -> nvme, dsp -> nic)'",
      "isogroups simulate 'amdvi; rp -> bridge -> 2*sound' -o old.tar.gz",
      "isogroups prove --machine 'sim: vtd; rp[acs=on-UF] -> {gpu, audio}'",
    ],
    load: () => import('./commands/simulate.ts'),
  },
  {
    name: 'capture',
    summary: 'a snapshot of this machine that --machine reads anywhere',
    description: [
      'Takes the files that tell of isolation from /sys and /proc, and the kernel log. Run without root it takes what it may read and says what is missing.',
      'With --machine it takes another root directory. - as the file is standard output.',
    ],
    arguments: [],
    options: [
      {
        flags: '-o, --output <file>',
        summary: 'where to write it (default: isogroups-<host>-<date>.tar.gz)',
        completes: 'path',
      },
      { flags: '--redact', summary: 'leave out serial numbers, MAC addresses and the host name' },
      { flags: '--force', summary: 'replace the file if it is there' },
    ],
    examples: [
      'sudo isogroups capture -o box.tar.gz',
      'isogroups capture --redact',
      'ssh box sudo isogroups capture -o - > box.tar.gz',
    ],
    load: () => import('./commands/capture.ts'),
  },
  {
    name: 'diff',
    summary: 'two machines, snapshots or boots: what came, went, merged, split, and why',
    description: [
      'Each of the two is named as for --machine. Devices are matched by the slots that they are in and by what they are, not by bus numbers; other addresses and group numbers alone are no difference.',
    ],
    arguments: [
      { name: 'a', required: true, summary: 'the earlier', completes: 'path' },
      { name: 'b', required: true, summary: 'the later', completes: 'path' },
    ],
    options: [],
    exitCodes: { 0: 'no difference', 1: 'they differ' },
    examples: ['isogroups diff before.tar.gz after.tar.gz', 'isogroups diff before.tar.gz /'],
    load: () => import('./commands/diff.ts'),
  },
  ...HANDING_OVER,
  {
    name: 'completion',
    summary: 'completion for a shell',
    description: [
      'Prints a script: source it, or put it where the shell looks. It asks "isogroups completion devices" and "isogroups completion targets" for the words of the machine.',
    ],
    arguments: [
      {
        name: 'shell',
        required: true,
        summary: 'bash, zsh or fish; or devices, targets',
        completes: ['bash', 'zsh', 'fish'],
      },
    ],
    options: [],
    examples: [
      'source <(isogroups completion bash)',
      'isogroups completion zsh > ~/.zfunc/_isogroups',
      'isogroups completion fish > ~/.config/fish/completions/isogroups.fish',
    ],
    load: () => import('./commands/completion.ts'),
  },
  {
    name: 'man',
    summary: 'the manual page',
    description: ['Prints it as roff.'],
    arguments: [],
    options: [],
    examples: ['isogroups man | man -l -'],
    load: () => import('./commands/man.ts'),
  },
] satisfies CommandSpec[]);
