import { describe, expect, it } from 'vitest';
import { accepts, extendPolicy, isPolicyError, POLICIES, parseAcceptances } from './policy.ts';
import { edge, graphOf } from './testing/arbitrary-graph.ts';

describe('parseAcceptances', () => {
  it.each([
    ['peer-to-peer', [{ kind: 'peer-to-peer' }]],
    ['peer-to-peer@0000:00:1c.0', [{ kind: 'peer-to-peer', where: '0000:00:1c.0' }]],
    ['isolation_allow=nop2p,nomsi', [{ kind: 'peer-to-peer' }, { kind: 'interrupts' }]],
    ['shared-reset, nomsi', [{ kind: 'shared-reset' }, { kind: 'interrupts' }]],
  ])('reads %s', (text, expected) => {
    expect(parseAcceptances(text)).toEqual(expected);
  });

  it.each([
    ['nothing', /no kind of interference/],
    ['', /no kind of interference/],
    ['same-requester', /cannot be accepted/],
    ['untranslated@0000:00:02.0', /cannot be accepted/],
    ['peer-to-peer@', /no place/],
  ])('refuses "%s" and says why', (text, message) => {
    const result = parseAcceptances(text);
    expect(isPolicyError(result) && result.message).toMatch(message);
  });
});

describe('accepts', () => {
  const peers = edge({ kind: 'peer-to-peer', actors: [{ from: 0, to: 2 }], where: { kind: 'port', party: 1 } });
  const graph = graphOf(2, [peers]);
  const strictPlus = (where: string) => extendPolicy(POLICIES.strict, [{ kind: 'peer-to-peer', where }]);

  it('holds at the named place only', () => {
    expect(accepts(strictPlus('0000:00:00.1'), graph)(peers)).toBe(true);
    expect(accepts(strictPlus('00:00.1'), graph)(peers)).toBe(true);
    expect(accepts(strictPlus('0000:00:00.0'), graph)(peers)).toBe(false);
  });

  it('ends after its last day', () => {
    const until = extendPolicy(POLICIES.strict, [{ kind: 'peer-to-peer', until: '2026-12-31' }]);
    expect(accepts(until, graph, '2026-12-31')(peers)).toBe(true);
    expect(accepts(until, graph, '2027-01-01')(peers)).toBe(false);
  });
});
