/**
 * @module What holds for the outcome of every parser, whatever it was given.
 */

/** Throws with a message that says what is not as promised. */
export function assert(holds: boolean, what: () => string): asserts holds {
  if (!holds) throw new Error(what());
}

interface DiagnosticLike {
  readonly kind: string;
  readonly severity: string;
  readonly file: string;
  readonly offset?: number;
  readonly message: string;
}

/** Diagnostics name the file, lie inside it, and are for people. */
export function checkDiagnostics(diagnostics: readonly DiagnosticLike[], file: string, length: number): void {
  assert(diagnostics.length <= 100, () => `${diagnostics.length} diagnostics`);
  for (const d of diagnostics) {
    assert(d.kind === 'diagnostic', () => `kind ${d.kind}`);
    assert(d.severity === 'error' || d.severity === 'warning', () => `severity ${d.severity}`);
    assert(d.file === file || d.file.startsWith(`${file}, `), () => `diagnostic names the file ${d.file}`);
    assert(d.message.length > 0 && d.message.length < 2000, () => `message of ${d.message.length} characters`);
    assert(!UNPRINTABLE.test(d.message), () => `unprintable message ${JSON.stringify(d.message)}`);
    if (d.offset !== undefined) {
      assert(
        Number.isInteger(d.offset) && d.offset >= 0 && d.offset <= length,
        () => `offset ${d.offset} of ${length}`,
      );
    }
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * Facts are plain frozen data: no NaN, no fraction, no control characters, all `offset`s inside the input, and no more
 * values than the input can account for (`perByte` each byte), or a small file could take all memory.
 */
export function checkFacts(facts: unknown, length: number, perByte: number = 8): void {
  const most = 200 + length * perByte;
  let values = 0;
  const visit = (value: unknown, key: string): void => {
    values++;
    assert(values <= most, () => `more than ${most} values out of ${length} bytes`);
    switch (typeof value) {
      case 'number':
        assert(Number.isSafeInteger(value), () => `${key} is ${value}`);
        if (key === 'offset') assert(value >= 0 && value <= length, () => `offset ${value} of ${length}`);
        return;
      case 'string':
        assert(!UNPRINTABLE.test(value), () => `${key} is ${JSON.stringify(value)}`);
        return;
      case 'object':
        if (value === null || value instanceof Uint8Array) return;
        assert(Object.isFrozen(value), () => `${key} is not frozen`);
        for (const k in value) visit((value as Record<string, unknown>)[k], Array.isArray(value) ? key : k);
        return;
      default:
        assert(['boolean', 'bigint', 'undefined'].includes(typeof value), () => `${key} is a ${typeof value}`);
    }
  };
  visit(facts, 'facts');
}
