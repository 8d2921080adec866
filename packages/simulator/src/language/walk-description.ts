/**
 * @module All functions of a description, whatever they are below.
 */
import type { FunctionDescription } from './description.ts';

export function* everyFunction(functions: Iterable<FunctionDescription>): Generator<FunctionDescription> {
  const pending = [...functions];
  for (let f = pending.pop(); f !== undefined; f = pending.pop()) {
    yield f;
    for (const slot of f.below) pending.push(...slot);
  }
}

/** The names that somebody gave, those of software devices with them. */
export function* namesIn(functions: Iterable<FunctionDescription>): Generator<string> {
  for (const f of everyFunction(functions)) {
    if (f.name !== undefined) yield f.name;
    yield* f.children;
  }
}
