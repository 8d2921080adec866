/**
 * @module Changes that somebody asked for: the day may have ended since the last one.
 */
import { refresh } from './policies.ts';
import type { RegistryState } from './state.ts';

/** @throws BusyError from inside another change */
export function change<T>(state: RegistryState, what: string, act: () => T): T {
  return state.sections.change(what, onItsDay(state, act));
}

/** As `change`; a provider that is being asked may call it too, and the change that asks completes it. */
export function changeOrAnswer<T>(state: RegistryState, what: string, act: () => T, asAnswer: () => T = act): T {
  return state.sections.changeOrAnswer(what, onItsDay(state, act), asAnswer);
}

function onItsDay<T>(state: RegistryState, act: () => T): () => T {
  return () => {
    refresh(state);
    return act();
  };
}
