import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { simulate } from '../machine/simulate.ts';
import { DescriptionError } from './description-error.ts';
import { KINDS } from './kinds.ts';
import { OPTION_WORDS } from './options.ts';
import { parseDescription } from './parse-description.ts';
import { printDescription } from './print-description.ts';

const manual = readFileSync(
  fileURLToPath(new URL('../../../../docs/language-of-machines.md', import.meta.url)),
  'utf8',
);

const blocks = (kind: string): readonly string[] =>
  [...manual.matchAll(new RegExp(`\`\`\`${kind}\\n([\\s\\S]*?)\`\`\``, 'g'))].map((m) => (m[1] as string).trimEnd());

describe('the manual of the language', () => {
  it.each(blocks('machine'))('shows machines that can be built: %s', (text) => {
    expect(simulate(text).functions.length).toBeGreaterThan(1);
    const description = parseDescription(text);
    expect(parseDescription(printDescription(description))).toEqual(description);
  });

  it('shows an error as it is', () => {
    const [text = ''] = blocks('error');
    expect(() => simulate(text)).toThrow(DescriptionError);
    const after = manual.slice(manual.indexOf('```error'));
    const shown = /```error[\s\S]*?```\n```\n([\s\S]*?)\n```/.exec(after)?.[1];
    expect(() => simulate(text)).toThrow(shown);
  });

  it('lists all kinds and all options', () => {
    for (const { word, says } of KINDS) expect(manual).toContain(`| \`${word}\` | ${says} |`);
    for (const { word, says, value } of OPTION_WORDS) expect(manual).toContain(`| \`${word}\` | ${says} | ${value} |`);
  });
});

/** Text with a mark before the place that the error is to name. */
const FAULTS: readonly (readonly [text: string, says: string])[] = [
  ['vtd; ^amdvi', 'the machine has its IOMMU already'],
  ['linux[6.1]; ^linux[6.2]', 'the machine has its kernel already'],
  ['linux ^; rp', 'expected "[" with a release'],
  ['linux[6.1^', 'expected "]", found the end'],
  ['vtd[^intremap=on]', 'expected intremap=off or off, found "intremap"'],
  ['rp ^rp', 'expected ";" or the end, found "rp"'],
  ['rp -> ^', 'expected a function, such as rp or nvme, found the end'],
  ['^frob', 'expected one of rp, switch'],
  ['a:^frob', 'expected one of rp, switch'],
  ['rp[^foo]', 'expected one of acs, ats'],
  [
    'rp[acs=^SV+XX]',
    '"acs" takes on (also without a value), off, all, bits such as SV+RR or on-UF, or a number such as 0x1d, not "SV+XX"',
  ],
  ['nvme[^id]', '"id" takes two times four hexadecimal digits: 1b4b:9230, and nothing follows'],
  ['nvme[ats ^ats]', '"ats" stands here twice'],
  ['nvme[bar=^24K]', '"bar" takes none, or powers of two'],
  ['rp -> nic[vfs=^4/2]', '"vfs" takes'],
  ['{gpu, audio^', 'expected "," or "}", found the end'],
  ['bridge -> (sound ^; sound)', 'expected "," or ")"'],
  ['^0*nvme', 'at least one is needed'],
  ['^33*nvme', 'a bus has at most 32 devices'],
  ['bridge -> (32*sound, ^sound)', 'a bus has at most 32 devices'],
  ['rp -> switch(^32*dsp -> switch(32*dsp -> switch(32*dsp -> switch(32*dsp))))', 'more than 1000000 functions'],
  ['3 ^nvme', 'expected "*" behind the number'],
  ['foobus -> (^', 'the name of a device of that bus'],
  ['@^00', 'expected a segment and a bus, such as 0000:40'],
  ['@0000:00; rp; ^@0000:00', 'this root bus has been named before'],
  ['rp -> ^rp', '"rp" cannot be on a PCI Express link: it goes on a root bus'],
  ['rp -> switch(^switch)', '"switch" cannot be on the inside of a switch'],
  ['bridge -> ^dsp', '"dsp" cannot be on a conventional bus: it goes on the inside of a switch'],
  ['conventional; ^rp', '"rp" cannot be on a conventional bus'],
  ['rp -> (nvme, ^nvme)', 'leads to one device'],
  ['^nvme -> nvme', '"nvme" leads nowhere'],
  ['a:rp -> ^a:nvme', 'the name "a" is used twice'],
  ['foobus -> a; ^a:nvme', 'the name "a" is used twice'],
  ['2*^a:nvme', 'the name "a" is used twice'],
  ['nvme[at=1.0]; ^nvme[at=1.0]', 'another function of the bus has this device and function number'],
  ['{nvme[at=1.0], ^nvme[at=2.0]}', 'functions in { } have one device number'],
  ['rp -> ^nvme[at=1.0]', 'the device on a PCI Express link has number 0'],
  ['bridge -> ^sound[acs]', 'a conventional function has no "acs"'],
  ['^rp[vfs=2]', 'only endpoints have virtual functions'],
  ['^nvme[ari]', '"ari" is for ports'],
  ['^nvme[spare=2]', '"spare" is for ports and bridges'],
  ['vtd; rp -> ^nvme[unit=1]', '"unit" is for functions on a root bus'],
  ['^nvme[unit=1]', 'the machine has no IOMMU, so no "unit" either'],
  ['^nvme[rmrr]', 'the machine has no IOMMU, so no "rmrr" either'],
  ['vtd; vmd(rp -> ^nvme[rmrr])', 'no table of the firmware can name what is behind a VMD'],
  ['vmd(^vmd)', 'there is no VMD behind a VMD'],
];

describe('a text that is no machine', () => {
  it.each(FAULTS)('%s', (marked, says) => {
    const column = marked.indexOf('^') + 1;
    const text = marked.replace('^', '');
    let thrown: unknown;
    try {
      parseDescription(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(DescriptionError);
    const error = thrown as DescriptionError;
    expect(error.says).toContain(says);
    expect(error.place).toMatchObject({ line: 1, column });
  });

  it('is shown with its line and a caret', () => {
    expect(() => parseDescription('vtd;\n\trp -> frob;\nnvme')).toThrow(
      /at line 2, column 8:\n {3}rp -> frob;\n {9}\^$/,
    );
  });

  it('of endless depth ends in an error, not in the stack', () => {
    expect(() => parseDescription('bridge -> '.repeat(100_000))).toThrow('nothing is deeper');
  });

  it('can be data, and is refused all the same', () => {
    const { roots, ...rest } = parseDescription('rp -> nvme');
    const [root] = roots;
    const broken = { ...rest, roots: [root, root] as never };
    expect(() => simulate(broken)).toThrow(DescriptionError);
    expect(() => simulate({ ...rest, roots: [] })).toThrow('the machine has no bus');
  });

  it('has more busses than there are numbers', () => {
    expect(() => simulate('16*rp -> switch(16*dsp -> nvme)')).toThrow('the root bus 0000:00 has no bus number left');
    expect(() => simulate('@0000:00; rp -> nvme; rp; @0000:02; nvme')).toThrow(
      '0000:00 has no bus number left: 1 to 1',
    );
  });
});
