import { formatAddress, isUnknown } from '@isogroups/pci';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at, messages, parse } from './testing/parse-sample.ts';
import { SAMPLE_LISTING } from './testing/sample-listing.ts';

describe('text that is cut or spoilt', () => {
  it('of which nothing is left gives an empty machine and says what to run', () => {
    for (const text of ['', '\n \n', 'no devices here\n']) {
      const machine = parse(text);
      expect(machine.functions).toEqual([]);
      expect(machine.diagnostics).toMatchObject([{ severity: 'error', file: 'lspci text' }]);
      expect(messages(machine)[0]).toContain('run "lspci -vvnn" as root');
    }
  });

  it('in another format is told as what it is', () => {
    expect(messages(parse('-[0000:00]-+-00.0\n           +-01.0-[01]----00.0\n'))[0]).toContain('lspci -t');
    expect(messages(parse('00:00.0 "Host bridge" "Alder Works" "Timer" -r03\n'))[0]).toContain('lspci -m,');
    expect(messages(parse('Slot:\t00:00.0\nClass:\tHost bridge\n'))[0]).toContain('lspci -vmm');
    expect(messages(parse('/sys/kernel/iommu_groups/3/devices/0000:00:01.0\n'))[0]).toContain('iommu_groups');
  });

  it('names the line', () => {
    const machine = parse(
      [
        '00:00.0 Host bridge [0600]: Device [10a0:0010]',
        '\tFlags: fast devsel',
        '\tBus: primary=zz',
        '\tCapabilities: nonsense',
        '',
        '01:00.0 is what I mean',
        '',
      ].join('\n'),
    );
    expect(messages(machine)).toEqual([
      expect.stringMatching(/^lspci text, line 6: begins with an address/),
      expect.stringMatching(/^lspci text, line 4: not a capability/),
      expect.stringMatching(/^lspci text, line 3: bus numbers that make no sense/),
    ]);
    expect(isUnknown(machine.functions[0]?.acs)).toBe(true);
  });

  it('that says it leaves something out does not tell what is absent', () => {
    const acs = /\tCapabilities: \[140 v1\][\s\S]*?(?=\tKernel driver in use: pcieport)/;
    expect(at(parse(SAMPLE_LISTING.replace(acs, '')), '0000:00:01.0').acs).toBeNull();
    for (const mark of ['[...]', '...', '<snip>', '[snip]', '…']) {
      const machine = parse(SAMPLE_LISTING.replace(acs, `${mark}\n`));
      expect(isUnknown(at(machine, '0000:00:01.0').acs)).toBe(true);
      expect(at(machine, '0000:00:01.0').host.driver).toBe('pcieport');
    }
  });

  /** Facts of `part` that are known and not those of `whole`. */
  function contradictions(part: unknown, whole: unknown, path: string): string[] {
    if (isUnknown(part) || part === whole) return [];
    if (typeof part !== 'object' || part === null || typeof whole !== 'object' || whole === null) return [path];
    return Object.entries(part).flatMap(([key, value]) =>
      contradictions(value, (whole as Record<string, unknown>)[key], `${path}.${key}`),
    );
  }

  it('never tells what the whole text would not tell', () => {
    const whole = parse(SAMPLE_LISTING);
    for (let end = 0; end < SAMPLE_LISTING.length; end += 7) {
      for (const f of parse(SAMPLE_LISTING.slice(0, end)).functions) {
        const name = formatAddress(f);
        const { parent: _, physicalFunction: __, host, ...facts } = f;
        const { description: ___, ...rest } = host;
        const found = contradictions({ ...facts, host: rest }, at(whole, name), name);
        if (found.length > 0) expect({ end, found }).toEqual({ end, found: [] });
      }
    }
  });

  it('never throws', () => {
    const lines = SAMPLE_LISTING.split('\n');
    const line = fc.oneof(
      fc.constantFrom(...lines),
      fc.constantFrom(...lines).chain((l) => fc.nat(l.length).map((n) => l.slice(n))),
      fc.constantFrom(
        'IOMMU Group 3:',
        '00:1c.0/00.0 X: y',
        '00: ff ff',
        'ff0: 00',
        '\tBus: primary=01, secondary=01, subordinate=00',
        '&#x110000;',
        '[...]',
      ),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), fc.constantFrom('\n', '\r\n', '\r', '\n\n'), (parts, glue) => {
        const machine = parse(parts.join(glue));
        expect(machine.functions.length > 0 || machine.diagnostics.length > 0).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('takes time in proportion to its length', () => {
    const hostile = [
      'a'.repeat(500_000),
      `00:00.0 X: ${'(prog-if '.repeat(100_000)}`,
      `00:00.0 X: y\n\tControl: z\n\tCapabilities: [40] MSI: ${'Enable'.repeat(100_000)}`,
      `00:00.0 X: y\n${'\tMemory at 0\n'.repeat(30_000)}`,
      `00:00.0 X: y\n\tFlags: a\n\tCapabilities: [40] Express ${'DevCtl2: ARIFwd '.repeat(50_000)}`,
      `00:00.0 X: y\n\tFlags: a\n${'\tCapabilities: [140] Access\n'.repeat(20_000)}`,
      '00:00.0 X: y\n'.repeat(10_000),
    ];
    const start = performance.now();
    for (const text of hostile) parse(text);
    // A quadratic step would take minutes.
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});
