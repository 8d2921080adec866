/**
 * @module Completion for zsh.
 */
import type { CompletionModel, Offer, OptionModel } from './completion-model.ts';

export function zshScript({ globals, commands }: CompletionModel): string {
  return `#compdef isogroups
# zsh completion for isogroups; put it into a directory of $fpath as _isogroups, or source it
_isogroups_words() {
  local -a found machine
  local where=\${opt_args[--machine]:-$_isogroups_machine}
  [[ -n $where ]] && machine=(--machine \${(Q)where})
  found=(\${(f)"$(isogroups $machine completion $1 2>/dev/null | sed -e 's/\\\\/\\\\\\\\/g' -e 's/:/\\\\:/g' -e 's/\\t/:/')"})
  _describe -t $1 $1 found
}
_isogroups_commands() {
  local -a found=(
${commands.map((c) => `    ${quoted(`${c.name}:${c.summary}`)}`).join('\n')}
  )
  _describe -t commands command found
}
_isogroups() {
  local context state state_descr line curcontext=$curcontext
  typeset -A opt_args
  local -a globals=(
${globals
  .flatMap(optionSpecs)
  .map((s) => `    ${s}`)
  .join('\n')}
  )
  _arguments -C -S $globals '1: :_isogroups_commands' '*:: :->arguments' && return
  [[ $state == arguments ]] || return
  local _isogroups_machine=\${opt_args[--machine]}
  case $words[1] in
${commands.map(commandCase).join('\n')}
  esac
}
# Sourced: register it. Autoloaded from $fpath: run it.
if [[ $funcstack[1] == _isogroups ]]; then _isogroups "$@"; else compdef _isogroups isogroups; fi
`;
}

function commandCase(command: CompletionModel['commands'][number]): string {
  const specs = [
    ...command.options.flatMap(optionSpecs),
    ...command.arguments.map((a, k) => quoted(`${a.variadic ? '*' : k + 1}:${escaped(a.name)}:${action(a.offer)}`)),
  ];
  const more = specs.map((s) => ` \\\n        ${s}`).join('');
  return `    ${command.name})\n      _arguments -S $globals${more}\n      ;;`;
}

/** `'--policy=[which …]:name:(strict default lab)'`; short and long exclude each other. */
function optionSpecs({ short, long, summary, value }: OptionModel): readonly string[] {
  const text = `[${escaped(summary)}]`;
  const takes = value === undefined ? '' : `:${escaped(value.name)}:${action(value.offer)}`;
  const equals = value === undefined ? '' : '=';
  const spec = (flag: string, exclude: string): string => quoted(`${exclude}${flag}${text}${takes}`);
  if (short === undefined) return [spec(`${long}${equals}`, '')];
  const both = `(${short} ${long})`;
  return [spec(short, both), spec(`${long}${equals}`, both)];
}

function action(offer: Offer): string {
  if (offer === 'nothing') return ' ';
  if (offer === 'path') return '_files';
  if (offer === 'device') return '{_isogroups_words devices}';
  if (offer === 'target') return '{_isogroups_words targets}';
  return `(${offer.join(' ')})`;
}

function escaped(text: string): string {
  return text.replace(/[\\[\]:]/g, '\\$&');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
