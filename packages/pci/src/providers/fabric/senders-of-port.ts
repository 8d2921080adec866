/**
 * @module Who can send through a port that does not redirect: the port and what is below it. Where it lets only completions
 * or translated requests pass, what is behind a bridge to conventional PCI sends neither; and of translated requests not
 * what a port further below blocks.
 */
import type { Span } from '@isogroups/core';
import type { AcsFinding } from '../../kernel/acs-rule.ts';
import { blocksTranslated } from '../blocks-translated.ts';
import { below, type ProviderInput, single, without } from '../provider.ts';
import { passing } from './redirection.ts';

export function sendersOfPort(input: ProviderInput, port: number, finding: AcsFinding): readonly Span[] {
  const all = [single(port), ...below(input.topology, port)];
  const most = passing(input.topology, port, finding);
  if (most === 'requests') return all;
  return without(all, hiddenBelow(input, port, most === 'translated'));
}

/** What is below the bridges that keep such traffic from the port. Outer bridges come first, and hold the inner ones. */
function hiddenBelow({ topology, aliases }: ProviderInput, port: number, translatedOnly: boolean): readonly Span[] {
  const found: Span[] = [];
  for (let i = topology.belowFrom[port] as number; i < (topology.belowTo[port] as number); i++) {
    if ((found.at(-1)?.to ?? 0) > i) continue;
    const kind = aliases.bridgeAlias(i);
    const isConventional = kind === 'secondary-bus' || kind === 'own-id';
    if (isConventional || (translatedOnly && blocksTranslated(topology, i))) found.push(...below(topology, i));
  }
  return found;
}
