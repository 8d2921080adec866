import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kernelWords, parameterName, parseBoolean } from './kernel-words.ts';

const pairs = (text: string): (string | undefined)[][] => kernelWords(text).map(({ name, value }) => [name, value]);

describe('kernelWords', () => {
  it('splits at white space and at the first =', () => {
    expect(pairs(' quiet  pci=noats,config_acs=1@pci:0:0\troot=UUID=1 \n')).toEqual([
      ['quiet', undefined],
      ['pci', 'noats,config_acs=1@pci:0:0'],
      ['root', 'UUID=1'],
    ]);
  });

  it('keeps the place of each word', () => {
    expect(kernelWords('a  "b c"=d').map(({ text, offset }) => [text, offset])).toEqual([
      ['a', 0],
      ['"b c"=d', 3],
    ]);
  });

  it('lets quotes protect white space, and takes off those around a word or a value', () => {
    expect(pairs('x="a b" "y=c d" z=e"f g"h "q r"')).toEqual([
      ['x', 'a b'],
      ['y', 'c d'],
      ['z', 'e"f g"h'],
      ['q r', undefined],
    ]);
    expect(pairs('open="to the end')).toEqual([['open', 'to the end']]);
    expect(pairs('"')).toEqual([['', undefined]]);
  });

  it('ends at --, which is not a value', () => {
    expect(pairs('a=1 -- iommu=off')).toEqual([['a', '1']]);
    expect(pairs('--=1 b --c')).toEqual([
      ['--', '1'],
      ['b', undefined],
      ['--c', undefined],
    ]);
  });

  it('ends at a NUL', () => {
    expect(pairs('a=1\0 iommu=off')).toEqual([['a', '1']]);
  });

  it('takes a word that begins with = as a whole', () => {
    expect(pairs('=x')).toEqual([['=x', undefined]]);
  });

  it('gives back words that stand in the text, in order and apart', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        let end = 0;
        for (const word of kernelWords(text)) {
          expect(word.offset).toBeGreaterThanOrEqual(end);
          expect(text.slice(word.offset, word.offset + word.text.length)).toBe(word.text);
          end = word.offset + word.text.length;
        }
      }),
    );
  });
});

it('parameter names do not tell dashes from underscores', () => {
  expect(parameterName('arm-smmu.disable_bypass')).toBe('arm_smmu.disable_bypass');
});

it('parseBoolean goes by the first letters', () => {
  for (const yes of ['y', 'Yes', '1', 'true', 'on', 'ON']) expect(parseBoolean(yes)).toBe(true);
  for (const no of ['n', 'No', '0', 'false', 'off', 'oF']) expect(parseBoolean(no)).toBe(false);
  for (const neither of ['', 'o', 'ox', '2', 'maybe']) expect(parseBoolean(neither)).toBeUndefined();
});
