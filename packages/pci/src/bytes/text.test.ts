import { describe, expect, it } from 'vitest';
import { ascii, concat, u8 } from '../encode/bytes.ts';
import { hex, nulAt, textAt } from './text.ts';

describe('textAt', () => {
  it('ends at NUL, at the given end, and at the end of the bytes', () => {
    const bytes = ascii('ab\0cd');
    expect(textAt(bytes, 0, 5)).toBe('ab');
    expect(textAt(bytes, 3, 4)).toBe('c');
    expect(textAt(bytes, 3, 99)).toBe('cd');
    expect(textAt(bytes, 99, 120)).toBe('');
  });

  it('shows what could steer a terminal as an escape', () => {
    expect(textAt(concat(ascii('a'), u8(0x1b), ascii('[2J'), u8(0xff)), 0, 99)).toBe('a\\x1b[2J\\xff');
  });
});

it('nulAt gives the end where there is no NUL', () => {
  expect(nulAt(ascii('ab\0'), 0, 3)).toBe(2);
  expect(nulAt(ascii('abc'), 0, 99)).toBe(3);
});

it('hex takes numbers and bigints', () => {
  expect([hex(31), hex(2n ** 63n)]).toEqual(['0x1f', '0x8000000000000000']);
});
