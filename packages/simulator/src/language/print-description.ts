/**
 * @module A description as text: what `parseDescription` reads as the same description.
 */
import type { Description, FunctionDescription, FunctionOptions, IommuDescription, Slot } from './description.ts';
import { kindOf } from './kinds.ts';
import { OPTION_WORDS } from './options.ts';

export function printDescription(description: Description): string {
  const { iommu, linux, express, roots } = description;
  const items = [printIommu(iommu)];
  const kernel = [...(linux.release === undefined ? [] : [linux.release]), ...linux.words];
  if (kernel.length > 0) items.push(`linux[${kernel.join(' ')}]`);
  if (!express) items.push('conventional');
  roots.forEach(({ segment, bus, slots }, i) => {
    const isDefault = i === 0 && segment === 0 && bus === 0 && slots.length > 0;
    if (!isDefault) items.push(`@${hex(segment, 4)}:${hex(bus, 2)}`);
    items.push(...printSlots(slots));
  });
  return items.join('; ');
}

const hex = (value: number, width: number): string => value.toString(16).padStart(width, '0');

function printIommu({ kind, interruptRemapping, off }: IommuDescription): string {
  if (kind === 'none') return kind;
  if (off) return `${kind}[off]`;
  return interruptRemapping ? kind : `${kind}[intremap=off]`;
}

/** Equal neighbours become one with a number before it. */
function printSlots(slots: readonly Slot[]): string[] {
  const printed: string[] = [];
  for (let from = 0; from < slots.length; ) {
    const text = printSlot(slots[from] as Slot);
    let to = from + 1;
    while (to < slots.length && (slots[to] === slots[from] || printSlot(slots[to] as Slot) === text)) to++;
    printed.push(to - from === 1 ? text : `${to - from}*${text}`);
    from = to;
  }
  return printed;
}

function printSlot(slot: Slot): string {
  const functions = slot.map(printFunction);
  return functions.length === 1 ? (functions[0] as string) : `{${functions.join(', ')}}`;
}

function printFunction({ kind, name, options, below, children }: FunctionDescription): string {
  const self = `${name === undefined ? '' : `${name}:`}${kind}${printOptions(options)}`;
  if (children.length > 0) return `${self} -> ${children.length === 1 ? children[0] : `(${children.join(', ')})`}`;
  if (below.length === 0) return self;
  const inside = printSlots(below);
  const role = kindOf(kind)?.role;
  if (role === 'switch' || role === 'vmd') return `${self}(${inside.join(', ')})`;
  return `${self} -> ${inside.length === 1 ? inside[0] : `(${inside.join(', ')})`}`;
}

function printOptions(options: FunctionOptions): string {
  const words: string[] = [];
  for (const { word, print } of OPTION_WORDS) {
    const value = print(options);
    if (value !== undefined) words.push(value === '' ? word : `${word}=${value}`);
  }
  return words.length === 0 ? '' : `[${words.join(' ')}]`;
}
