/**
 * @module Completion for bash. Needs nothing but bash 3.2.
 */
import type { CompletionModel, Offer, OptionModel } from './completion-model.ts';

/**
 * Words are cut at blanks only: bash cuts at colons as well, which would cut addresses in two, so what stands before the
 * last break is taken off the answers again.
 */
export function bashScript({ globals, commands }: CompletionModel): string {
  const all = [...globals, ...commands.flatMap((c) => c.options)];
  return `# bash completion for isogroups; source it, or put it into /etc/bash_completion.d
_isogroups_offer() {
  case "$1" in
    path) local IFS=$'\\n'; COMPREPLY=($(compgen -f -- "$cur")); compopt -o filenames 2>/dev/null ;;
    device) COMPREPLY=($(compgen -W "$(_isogroups_words devices)" -- "$cur")) ;;
    target) COMPREPLY=($(compgen -W "$(_isogroups_words targets)" -- "$cur")) ;;
    words) COMPREPLY=($(compgen -W "$2" -- "$cur")) ;;
  esac
}
_isogroups_words() {
  "\${_isogroups_program:-isogroups}" \${machine:+--machine "$machine"} completion "$1" 2>/dev/null | cut -f1
}
_isogroups_value() {
  case "$1" in
${valueCases(all)}
    *) return 1 ;;
  esac
}
_isogroups() {
  local line=\${COMP_LINE:0:COMP_POINT} cur word command='' option='' machine='' argument=0 before IFS=$' \\t\\n'
  local _isogroups_program=$1
  cur=\${line##*[[:space:]]}
  COMPREPLY=()
  local -a words
  read -ra words <<< "\${line%"$cur"}"
  for word in "\${words[@]:1}"; do
    if [[ -n $option ]]; then [[ $option == --machine ]] && machine=$word; option=''; continue; fi
    case "$word" in
      --machine=*) machine=\${word#*=} ;;
      --*=*) ;;
      -*) case "$word" in ${takesValue(all)}) option=$word ;; esac ;;
      *) if [[ -z $command ]]; then command=$word; else argument=$((argument + 1)); fi ;;
    esac
  done
  before=$cur
  if [[ -n $option ]]; then _isogroups_value "$option"
  elif [[ $cur == --*=* ]]; then
    option=\${cur%%=*}; cur=\${cur#*=}
    _isogroups_value "$option" && COMPREPLY=("\${COMPREPLY[@]/#/$option=}")
    cur=$before
  elif [[ $cur == -* ]]; then
    case "$command" in
${commands.map((c) => `      ${c.name}) _isogroups_offer words '${optionWords([...c.options, ...globals])}' ;;`).join('\n')}
      *) _isogroups_offer words '${optionWords(globals)}' ;;
    esac
  elif [[ -z $command ]]; then _isogroups_offer words '${commands.map((c) => c.name).join(' ')}'
  else
    case "$command:$argument" in
${argumentCases(commands)}
    esac
  fi
  local prefix=''
  [[ $COMP_WORDBREAKS == *:* && $before == *:* ]] && prefix=\${before%"\${before##*:}"}
  [[ $COMP_WORDBREAKS == *=* && $before == --*=* && -z $prefix ]] && prefix=\${before%%=*}=
  COMPREPLY=("\${COMPREPLY[@]#"$prefix"}")
}
complete -F _isogroups isogroups
`;
}

function valueCases(options: readonly OptionModel[]): string {
  return options
    .flatMap(({ short, long, value }) => {
      if (value === undefined) return [];
      return [`    ${short === undefined ? long : `${short} | ${long}`}) ${offer(value.offer)} ;;`];
    })
    .join('\n');
}

function takesValue(options: readonly OptionModel[]): string {
  return options
    .filter((o) => o.value !== undefined)
    .flatMap(({ short, long }) => (short === undefined ? [long] : [short, long]))
    .join(' | ');
}

function argumentCases(commands: CompletionModel['commands']): string {
  return commands
    .flatMap((c) => c.arguments.map((a, k) => `      ${c.name}:${a.variadic ? '*' : k}) ${offer(a.offer)} ;;`))
    .join('\n');
}

function offer(what: Offer): string {
  if (what === 'nothing') return ':';
  return typeof what === 'string' ? `_isogroups_offer ${what}` : `_isogroups_offer words '${what.join(' ')}'`;
}

function optionWords(options: readonly OptionModel[]): string {
  return options.map((o) => o.long).join(' ');
}
