import { describe, expect, it } from 'vitest';
import { table } from './table.ts';

describe('table', () => {
  const rows = [
    ['01:00.0', 'a name that is rather long for its column', 'nvme'],
    ['1:0', 'short', 'xhci_hcd'],
  ];

  it('makes columns as wide as their longest cell', () => {
    expect(table([{}, {}, {}], rows, { width: 100 }).split('\n')).toEqual([
      '01:00.0  a name that is rather long for its column  nvme',
      '1:0      short                                      xhci_hcd',
    ]);
  });

  it('wraps the column that may, and loses no word', () => {
    const text = table([{}, { fit: 'wrap' }, {}], rows, { width: 40, indent: 2 });
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(40);
    expect(text.split(/\s+/).sort()).toEqual(['', ...rows.flat().join(' ').split(' ')].sort());
    expect(text.split('\n')[1]).toBe(`${' '.repeat(11)}rather long for its`);
  });

  it('cuts only the column that says so', () => {
    const text = table([{}, { fit: 'cut' }, {}], rows, { width: 40 });
    expect(text.split('\n')).toEqual([
      '01:00.0  a name that is rathe…  nvme',
      '1:0      short                  xhci_hcd',
    ]);
  });

  it('keeps to a given width, so that tables stand in line', () => {
    expect(table([{ width: 10 }, {}], [['a', 'b']], { width: 80 })).toBe('a           b');
  });

  it('aligns to the right and prints headers', () => {
    expect(table([{ header: 'no', align: 'right' }, { header: 'x' }], [['7', 'y']], { width: 80 })).toBe(
      'no  x\n 7  y',
    );
  });
});
