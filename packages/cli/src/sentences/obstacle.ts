/**
 * @module What keeps a group from being handed over, as a clause with its evidence.
 */
import type { Interference } from '@isogroups/core';
import type { Analysis } from '@isogroups/pci';
import { blame } from './blame.ts';
import { interferenceSentence } from './interference.ts';

export function obstacleSentence(analysis: Analysis, edge: Interference): string {
  const because = blame(analysis, edge.evidence);
  const says = `${edge.undecided === undefined ? '' : 'perhaps '}${interferenceSentence(analysis, edge)}`;
  return because === '' ? says : `${says}: ${because}`;
}
