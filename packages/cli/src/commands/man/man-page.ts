/**
 * @module The manual page, from the table of commands and a little prose.
 */
import { INTERFERENCE_KINDS, KIND_FACTS, POLICIES } from '@isogroups/core';
import type { ArgumentSpec, CommandSpec, OptionSpec } from '../../command-spec.ts';
import { bold, code, display, italic, item, paragraphs, section, subsection } from './roff.ts';

export interface Program {
  readonly version: string;
  readonly commands: readonly CommandSpec[];
  readonly globals: readonly OptionSpec[];
  readonly exitCodes: Readonly<Record<number, string>>;
}

/** Roff for man(7). The same program gives the same text: there is no date in it. */
export function manPage({ version, commands, globals, exitCodes }: Program): string {
  const lines = [
    '.\\" Made by "isogroups man" from the table of commands; do not edit.',
    `.TH ISOGROUPS 1 "" "isogroups ${code(version)}" "User Commands"`,
    ...section('Name', 'isogroups \\- compute and explain the isolation groups of a machine'),
    ...section(
      'Synopsis',
      `${bold('isogroups')} [${italic('options')}] [${italic('command')}] [${italic('arguments')}]`,
    ),
    ...section('Description', ...paragraphs(DESCRIPTION).slice(1)),
    ...section('Commands', ...commands.flatMap(commandText)),
    ...section(
      'Options',
      'All commands take these, before or behind their name.',
      ...globals.flatMap(optionText),
      ...OWN,
    ),
    ...section('Interferences', ...paragraphs(INTERFERENCES).slice(1), ...INTERFERENCE_KINDS.flatMap(kindText)),
    ...section('Policies', ...Object.values(POLICIES).flatMap(policyText)),
    ...section(
      'Exit status',
      ...Object.entries(exitCodes).flatMap(([n, meaning]) => item(bold(n), `${capital(meaning)}.`)),
    ),
    ...section('Environment', ...ENVIRONMENT.flatMap(([name, text]) => item(bold(name), text))),
    ...section('Files', ...FILES.flatMap(([name, text]) => item(italic(name), text))),
    ...section('Examples', ...EXAMPLES.flatMap(([text, line]) => [...paragraphs([text]), ...display([line])])),
    ...section(
      'See also',
      `${seeAlso('lspci', 8)}, ${seeAlso('setpci', 8)}, ${seeAlso('qemu', 1)}, ${seeAlso('virsh', 1)}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

const DESCRIPTION = [
  'A device that does DMA can reach memory. Before it is handed to a virtual machine or to a driver in user space, somebody has to answer which other devices come with it, what it can still reach, and who uses it now. isogroups reads the hardware and the tables of the firmware, computes the groups, and says why each is what it is.',
  "Two things are computed and kept apart. The isolation groups are what is really isolated under a policy. The kernel's groups are what Linux makes of the same machine, by an exact replay of its rules; VFIO hands out only those. Where the two differ, isogroups says which devices can reach each other, and where.",
  'Without a command it lists the groups. It reads only, never writes to the machine, and needs root only to read all of configuration space and the tables.',
];

const INTERFERENCES = [
  'An interference is a way in which one device can disturb another, or the host, without the IOMMU being able to stop it. Groups are what is joined by interferences that the policy does not accept; a group can be handed over when none joins it to the host.',
];

const OWN = [
  ...item(`${bold('-h')}, ${bold('--help')}`, 'Print help, or that of a command.'),
  ...item(`${bold('-V')}, ${bold('--version')}`, 'Print the version.'),
];

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ['NO_COLOR', 'No colours, whatever its value.'],
  ['COLUMNS', 'Width of the text where no terminal tells it; 80 without it.'],
];

const FILES: readonly (readonly [string, string])[] = [
  ['/sys/bus/pci/devices', 'The functions of this machine and their configuration space.'],
  ['/sys/firmware/acpi/tables', 'DMAR, IVRS, IORT, VIOT and MCFG; readable by root.'],
  ['/sys/kernel/iommu_groups', 'The groups that the kernel made.'],
  ['/usr/share/misc/pci.ids', 'Names of devices, where it is newer than the names that are shipped.'],
];

const EXAMPLES: readonly (readonly [string, string])[] = [
  ['The groups of this machine:', 'isogroups'],
  ['Why two devices are in one group:', 'isogroups why 01:00.0 01:00.1'],
  ['What an error of QEMU means here:', 'qemu-system-x86_64 ... 2>&1 | isogroups why-not'],
  ['The groups of a machine that somebody sent:', 'isogroups --machine box.tar.gz'],
  ['What would change if forged interrupts were accepted:', 'isogroups --accept interrupts'],
];

function commandText(c: CommandSpec): readonly string[] {
  const usage = [bold(c.name), ...c.arguments.map(argumentText)].join(' ');
  const codes = c.exitCodes === undefined ? [] : [`Exit status: 0 ${c.exitCodes[0]}; 1 ${c.exitCodes[1]}.`];
  return [
    ...subsection(`isogroups ${c.name}`),
    usage,
    ...paragraphs([`${capital(c.summary)}.`, ...c.description]),
    ...c.arguments.flatMap((a) => item(italic(a.name), `${capital(a.summary)}.`)),
    ...c.options.flatMap(optionText),
    ...paragraphs(codes),
    ...display(c.examples),
  ];
}

function argumentText({ name, required, variadic }: ArgumentSpec): string {
  const word = variadic === true ? `${italic(name)} ...` : italic(name);
  return required ? word : `[${word}]`;
}

/** `-o, --output <file>`: what is typed is bold, what is put in italic. */
function optionText({ flags, summary, repeatable }: OptionSpec): readonly string[] {
  const tag = flags
    .split(/(<[^>]+>|\[[^\]]+\]$)/)
    .map((part) => {
      if (part.startsWith('<')) return italic(part.slice(1, -1));
      return part.replace(/-[\w-]+/g, (flag) => bold(flag));
    })
    .join('');
  return item(tag, `${capital(summary)}.${repeatable === true ? ' May be given more than once.' : ''}`);
}

function kindText(kind: (typeof INTERFERENCE_KINDS)[number]): readonly string[] {
  const { meaning, accepted, name2012 } = KIND_FACTS[kind];
  const old = name2012 === undefined ? '' : ` In isolation_allow= it is called ${name2012}.`;
  return item(bold(kind), `${meaning}${accepted === 'never' ? ' No policy can accept it.' : ''}${old}`);
}

function policyText({ name, acceptances }: (typeof POLICIES)[keyof typeof POLICIES]): readonly string[] {
  const kinds = acceptances.map((a) => a.kind);
  return item(bold(name), kinds.length === 0 ? 'Accepts nothing.' : `Accepts ${kinds.join(', ')}.`);
}

const seeAlso = (name: string, of: number): string => `${bold(name)}(${of})`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
