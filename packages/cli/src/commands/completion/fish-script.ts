/**
 * @module Completion for fish.
 */
import type { CompletionModel, Offer, OptionModel } from './completion-model.ts';

export function fishScript({ globals, commands }: CompletionModel): string {
  const names = commands.map((c) => c.name).join(' ');
  const lines = [
    '# fish completion for isogroups; source it, or put it into ~/.config/fish/completions/isogroups.fish',
    'function __isogroups_words',
    '    set -l words (commandline -opc)',
    '    set -l machine',
    '    for k in (seq 2 (count $words))',
    '        if test "$words[$k]" = --machine; and test $k -lt (count $words)',
    '            set machine --machine $words[(math $k + 1)]',
    '        end',
    '    end',
    '    isogroups $machine completion $argv[1] 2>/dev/null',
    'end',
    '# True when the command is the first word given and stands before exactly so many others.',
    'function __isogroups_argument',
    '    set -l found',
    '    set -l skip 0',
    '    for word in (commandline -opc)[2..]',
    '        if test $skip = 1',
    '            set skip 0',
    `        else if contains -- $word ${withValues([...globals, ...commands.flatMap((c) => c.options)])}`,
    '            set skip 1',
    "        else if not string match -q -- '-*' $word",
    '            set -a found $word',
    '        end',
    '    end',
    '    test "$found[1]" = $argv[1]; and test (count $found) -eq (math $argv[2] + 1)',
    'end',
    'complete -c isogroups -f',
    ...globals.map((o) => optionLine(o, undefined)),
  ];
  for (const c of commands) {
    const seen = `__fish_seen_subcommand_from ${c.name}`;
    lines.push(
      `complete -c isogroups -n ${quoted(`not __fish_seen_subcommand_from ${names}`)} -a ${c.name} -d ${quoted(c.summary)}`,
    );
    lines.push(...c.options.map((o) => optionLine(o, seen)));
    c.arguments.forEach((a, k) => {
      const offers = offered(a.offer);
      if (offers !== '')
        lines.push(
          `complete -c isogroups -n ${quoted(a.variadic ? seen : `__isogroups_argument ${c.name} ${k}`)} ${offers}`,
        );
    });
  }
  return `${lines.join('\n')}\n`;
}

function optionLine({ short, long, summary, value }: OptionModel, condition: string | undefined): string {
  const parts = ['complete -c isogroups'];
  if (condition !== undefined) parts.push(`-n ${quoted(condition)}`);
  if (short !== undefined) parts.push(`-s ${short.slice(1)}`);
  parts.push(`-l ${long.slice(2)}`);
  if (value !== undefined) parts.push(value.offer === 'path' ? '-r' : '-x', offered(value.offer));
  parts.push(`-d ${quoted(summary)}`);
  return parts.filter((p) => p !== '').join(' ');
}

function offered(offer: Offer): string {
  if (offer === 'nothing') return '';
  if (offer === 'path') return '-F';
  if (offer === 'device') return "-a '(__isogroups_words devices)'";
  if (offer === 'target') return "-a '(__isogroups_words targets)'";
  return `-a ${quoted(offer.join(' '))}`;
}

function withValues(options: readonly OptionModel[]): string {
  return options
    .filter((o) => o.value !== undefined)
    .flatMap(({ short, long }) => (short === undefined ? [long] : [short, long]))
    .join(' ');
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
