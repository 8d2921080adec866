/**
 * @module `isogroups completion`: scripts for shells, made from the table of commands, and the words that they ask for.
 */
import { INTERFERENCE_KINDS, KIND_FACTS } from '@isogroups/core';
import { KERNEL_SERIES } from '@isogroups/pci';
import { type Answer, UsageError } from '../command.ts';
import type { CommandArguments } from '../command-spec.ts';
import { COMMANDS, GLOBAL_OPTIONS } from '../command-table.ts';
import type { CommandSession } from '../session.ts';
import { bashScript } from './completion/bash-script.ts';
import { type CompletionModel, completionModel } from './completion/completion-model.ts';
import { fishScript } from './completion/fish-script.ts';
import { deviceWords, targetWords } from './completion/machine-words.ts';
import { zshScript } from './completion/zsh-script.ts';

const SCRIPTS: Readonly<Record<string, (model: CompletionModel) => string>> = Object.freeze({
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
});

export async function run(session: CommandSession, { positional }: CommandArguments): Promise<Answer> {
  const [what = ''] = positional;
  const script = Object.hasOwn(SCRIPTS, what) ? SCRIPTS[what] : undefined;
  if (script !== undefined) {
    const text = script(programModel());
    return { exitCode: 0, data: { kind: 'completion', shell: what, script: text }, text: () => text };
  }
  const words = await wordsOf(session, what);
  return { exitCode: 0, data: { kind: 'completion', words: words.map(asPair) }, text: () => words.join('\n') };
}

/** What the scripts are made from. */
export function programModel(): CompletionModel {
  return completionModel(COMMANDS, GLOBAL_OPTIONS, {
    'kind[@place]': INTERFERENCE_KINDS.filter((kind) => KIND_FACTS[kind].accepted === 'policy'),
    series: KERNEL_SERIES,
  });
}

async function wordsOf(session: CommandSession, what: string): Promise<readonly string[]> {
  if (what === 'devices') return deviceWords(await session.analysis(), await session.names());
  if (what === 'targets') return targetWords(await session.analysis(), await session.names(), await session.groups());
  throw new UsageError(`there is no completion for "${what}"; choose one of ${Object.keys(SCRIPTS).join(', ')}`);
}

function asPair(line: string): { readonly word: string; readonly is: string } {
  const [word = '', is = ''] = line.split('\t');
  return { word, is };
}
