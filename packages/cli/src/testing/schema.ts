/**
 * @module Checks answers against the published schema.
 */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

const schema: { $defs: Record<string, { properties?: { kind?: { const?: string } } }> } = JSON.parse(
  readFileSync(new URL('../../schema/isogroups.schema.json', import.meta.url), 'utf8'),
);
const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
ajv.addSchema(schema, 'isogroups');

/** What is wrong with the JSON that a command printed; empty: nothing. Only the definitions of its own kind are told of. */
export function schemaErrors(stdout: string): readonly string[] {
  const answer: { kind?: unknown; target?: { sort?: string } } = JSON.parse(stdout);
  const whole = ajv.getSchema('isogroups');
  if (whole === undefined) throw new Error('the schema is not there');
  if (whole(answer)) return [];
  const definitions = Object.entries(schema.$defs).filter(([, d]) => d.properties?.kind?.const === answer.kind);
  const candidates = definitions.length === 0 ? [] : definitions;
  const errors = candidates.map(([name]) => {
    const check = ajv.compile({ $ref: `isogroups#/$defs/${name}` });
    check(answer);
    return (check.errors ?? []).map((e) => `${name}: ${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
  });
  // Of several shapes of one kind the one that fits best says most.
  const best = errors.sort((a, b) => a.length - b.length)[0];
  return best ?? [`no definition of kind ${String(answer.kind)}`];
}
