/**
 * @module What is explored: groups of up to three members, two who want them, and all that can go wrong.
 */

import type { KernelState } from '../testing/kernel-state.ts';
import { machineOf, machineWithDriverless, machineWithVirtualFunctions, planFor } from '../testing/scenarios.ts';
import { claimProtocol } from '../transaction/claim-protocol.ts';
import { recoverProtocol, releaseProtocol } from '../transaction/return-protocols.ts';
import type { Program } from './actor.ts';
import type { Exploration } from './explore.ts';
import type { Budget } from './world.ts';

const claimant = (name: string, start: KernelState, asked: string): Program => {
  const plan = planFor(start, asked);
  return { name, start: () => claimProtocol(plan) };
};
const releasing: Program = { name: 'release', start: () => releaseProtocol('c1', 'released') };
const recovering: Program = { name: 'recover', start: () => recoverProtocol(0) };

export const NOTHING: Budget = { kills: 0, faults: 0, unplugs: 0, strangers: 0, reboots: 0 };

/** Two claimants of one group, each having named another member where there is one. */
function twoClaimants(members: number): { readonly start: KernelState; readonly programs: readonly Program[] } {
  const start = machineOf(members);
  const last = start.devices.at(-1)?.address as string;
  return { start, programs: [claimant('first', start, '0000:00:05.0'), claimant('second', start, last)] };
}

export interface NamedExploration extends Exploration {
  readonly name: string;
}

const named = (members: number, what: string): string => `${members} member${members === 1 ? '' : 's'}: ${what}`;

/** All who may come; who is not called is part of it too, so this holds the two of `explorations`. */
export function everybody(members: number, budget: Partial<Budget>): NamedExploration {
  const { start, programs } = twoClaimants(members);
  return {
    name: named(members, 'two claimants, release, recovery'),
    start,
    programs: [...programs, releasing, recovering],
    budget: { ...NOTHING, ...budget },
  };
}

export function explorations(members: number, budget: Partial<Budget>): readonly NamedExploration[] {
  const { start, programs } = twoClaimants(members);
  const goesWrong = { ...NOTHING, ...budget };
  return [
    {
      name: named(members, 'two claimants, recovery'),
      start,
      programs: [...programs, recovering],
      budget: goesWrong,
    },
    {
      name: named(members, 'claim, release, recovery'),
      start,
      programs: [programs[0] as Program, releasing, recovering],
      budget: goesWrong,
    },
  ];
}

/** A member without a driver stays, and may get one. */
export function staying(budget: Partial<Budget>): NamedExploration {
  const start = machineWithDriverless();
  return {
    name: 'a member that stays: claim, release, recovery',
    start,
    programs: [claimant('first', start, '0000:00:05.0'), releasing, recovering],
    budget: { ...NOTHING, strangers: 1, ...budget },
  };
}

export function virtualFunctions(budget: Partial<Budget>): NamedExploration {
  const start = machineWithVirtualFunctions();
  return {
    name: 'virtual functions: claim, release, recovery',
    start,
    programs: [claimant('first', start, '0000:00:06.0'), releasing, recovering],
    budget: { ...NOTHING, ...budget },
  };
}
