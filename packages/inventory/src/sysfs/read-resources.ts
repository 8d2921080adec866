/**
 * @module Address ranges of a function, from its `resource` file.
 */
import { diagnostic, type Fact, isUnknown, type Resource, unknown } from '@isogroups/pci';
import type { AttributeDirectory, Reading } from './attributes.ts';

const UNUSED = '0x0000000000000000 0x0000000000000000 0x0000000000000000';
const RANGE = /^(0x[0-9a-f]{1,16}) (0x[0-9a-f]{1,16}) (0x[0-9a-f]{1,16})$/i;

/** One range a line: start, end, flags; lines of zeros are unused. The number of the line says what the range is for. */
export function readResources(reading: Reading, directory: AttributeDirectory): Fact<readonly Resource[]> {
  const text = directory.text('resource');
  if (text === null) return unknown(`${directory.path}/resource: not there`, 'a complete snapshot of the machine');
  if (isUnknown(text)) return text;
  const resources: Resource[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line === UNUSED || line === '') continue;
    const match = RANGE.exec(line);
    if (match === null) {
      const message = `line ${index + 1} is no range of addresses; left out`;
      reading.diagnostics.push(diagnostic('warning', `${directory.path}/resource`, message));
      continue;
    }
    const [, start, end, flags] = match as unknown as [string, string, string, string];
    resources.push(Object.freeze({ index, start: BigInt(start), end: BigInt(end), flags: BigInt(flags) }));
  }
  return Object.freeze(resources);
}
