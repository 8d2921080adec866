/**
 * @module The policy that an answer was given under.
 */
import type { Policy } from '@isogroups/core';

export function policyData({ name, acceptances }: Policy): Record<string, unknown> {
  return { name, accepts: acceptances.map((a) => (a.where === undefined ? a.kind : `${a.kind}@${a.where}`)) };
}
