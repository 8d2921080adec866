import { describe, expect, it } from 'vitest';
import { unknown } from '../facts/fact.ts';
import { pchIsolation } from './pch-isolation.ts';

const unread = unknown('register 0xf0 was not read', 'run as root');

describe('pchIsolation', () => {
  it('needs a request and an enabled register block', () => {
    expect(pchIsolation(0xfed1c001, true)).toBe(true);
    expect(pchIsolation(0xfed1c000, true)).toBe(false);
    expect(pchIsolation(0xfed1c001, false)).toBe(false);
    // A device that is not there reads as all ones.
    expect(pchIsolation(0xffffffff, true)).toBe(true);
  });

  it('assumes success where the register was not read, and nothing where the request is unknown', () => {
    const doubt = unknown('tables were not read', 'run as root');
    expect(pchIsolation(unread, true)).toBe(true);
    expect(pchIsolation(unread, false)).toBe(false);
    expect(pchIsolation(unread, doubt)).toBe(doubt);
    expect(pchIsolation(0xfed1c000, doubt)).toBe(false);
  });
});
