/**
 * @module The language of machines, from text to description. The grammar is in docs/language-of-machines.md.
 */
import type {
  Description,
  FunctionDescription,
  IommuDescription,
  LinuxDescription,
  RootBusDescription,
  Slot,
} from './description.ts';
import { DescriptionError, placeIn } from './description-error.ts';
import { findFault } from './find-fault.ts';
import { NAME, OPTION_VALUE, type Parsing, slots } from './parse-slot.ts';
import { createScanner, type Scanner } from './scanner.ts';

const BUS = /[0-9a-f]{4}:[0-9a-f]{2}/iy;
const KERNEL_WORD = /[^\s\]]+/y;
const IOMMUS: readonly string[] = ['vtd', 'amdvi', 'none'];

/** @throws DescriptionError with the place and what was expected there. */
export function parseDescription(text: string): Description {
  const scan = createScanner(text);
  const places = new Map<FunctionDescription | RootBusDescription, number>();
  const description = machine({ scan, places, functions: 0 });
  const fault = findFault(description);
  if (fault !== undefined) {
    const at = fault.at === undefined ? undefined : places.get(fault.at);
    throw new DescriptionError(fault.says, at === undefined ? undefined : placeIn(text, at));
  }
  return description;
}

const NO_IOMMU: IommuDescription = Object.freeze({ kind: 'none', interruptRemapping: false, off: false });
const NO_WORDS: LinuxDescription = Object.freeze({ release: undefined, words: Object.freeze([]) });

interface RootDraft {
  readonly segment: number;
  readonly bus: number;
  readonly slots: Slot[];
  readonly at: number;
}

function machine(parsing: Parsing): Description {
  const { scan } = parsing;
  let iommu: IommuDescription | undefined;
  let linux: LinuxDescription | undefined;
  let express = true;
  const roots: RootDraft[] = [];
  do {
    const at = scan.offset();
    if (scan.take('@')) {
      roots.push(rootBus(scan, at));
      continue;
    }
    if (scan.atEnd() || scan.peek(/;/y) !== undefined) continue;
    const word = scan.peek(NAME) ?? '';
    if (IOMMUS.includes(word)) {
      if (iommu !== undefined) scan.fail('the machine has its IOMMU already', at);
      iommu = iommuItem(scan);
    } else if (word === 'linux') {
      if (linux !== undefined) scan.fail('the machine has its kernel already', at);
      linux = linuxItem(scan);
    } else if (word === 'conventional') {
      scan.match(NAME);
      express = false;
    } else {
      if (roots.length === 0) roots.push({ segment: 0, bus: 0, slots: [], at });
      roots.at(-1)?.slots.push(...slots(parsing, 0));
    }
  } while (scan.take(';'));
  if (!scan.atEnd()) scan.expected('";" or the end');
  return Object.freeze({
    kind: 'description',
    iommu: iommu ?? NO_IOMMU,
    linux: linux ?? NO_WORDS,
    express,
    roots: Object.freeze(
      roots.map(({ at, segment, bus, slots }) => {
        const root = Object.freeze({ segment, bus, slots: Object.freeze(slots) });
        parsing.places.set(root, at);
        return root;
      }),
    ),
  });
}

function rootBus(scan: Scanner, at: number): RootDraft {
  const found = scan.match(BUS);
  if (found === undefined) return scan.expected('a segment and a bus, such as 0000:40');
  const [segment, bus] = found.split(':') as [string, string];
  return { segment: Number.parseInt(segment, 16), bus: Number.parseInt(bus, 16), slots: [], at };
}

function iommuItem(scan: Scanner): IommuDescription {
  const kind = scan.match(NAME) as IommuDescription['kind'];
  let interruptRemapping = kind !== 'none';
  let off = false;
  if (scan.take('[')) {
    do {
      const at = scan.offset();
      const word = scan.match(OPTION_VALUE);
      if (word === 'intremap=off') interruptRemapping = false;
      else if (word === 'off' && kind !== 'none') off = true;
      else scan.expected('intremap=off or off', at);
      scan.take(',');
    } while (!scan.take(']'));
  }
  return Object.freeze({ kind, interruptRemapping: interruptRemapping && !off, off });
}

function linuxItem(scan: Scanner): LinuxDescription {
  scan.match(NAME);
  if (!scan.take('[')) return scan.expected('"[" with a release, such as linux[6.12 iommu=pt]');
  let release: string | undefined;
  const words: string[] = [];
  while (!scan.take(']')) {
    const word = scan.match(KERNEL_WORD);
    if (word === undefined) return scan.expected('"]"');
    if (release === undefined && words.length === 0 && /^\d/.test(word)) release = word;
    else words.push(word);
  }
  return Object.freeze({ release, words: Object.freeze(words) });
}
