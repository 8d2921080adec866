/**
 * @module Two indexes as one: the second is asked only for what the first does not know.
 */
import type { NameIndex } from './name-index.ts';

/** `second` is made at the first miss, at most once; it may come out as `undefined`. */
export function layerNames(first: NameIndex, second: () => NameIndex | undefined): NameIndex {
  let made: { readonly index: NameIndex | undefined } | undefined;
  const fallback = (): NameIndex | undefined => {
    made ??= { index: second() };
    return made.index;
  };
  const ids = (found: readonly number[], ask: (index: NameIndex) => readonly number[]): readonly number[] => {
    if (found.length > 0) return found;
    const other = fallback();
    return other === undefined ? found : ask(other);
  };
  return {
    date: first.date,
    vendor: (id) => first.vendor(id) ?? fallback()?.vendor(id),
    device: (vendor, device) => first.device(vendor, device) ?? fallback()?.device(vendor, device),
    // A board without a name is the rule, not a sign of an old list: not worth reading another one.
    subsystem: (...key) => first.subsystem(...key) ?? made?.index?.subsystem(...key),
    className: (classCode) => first.className(classCode) ?? fallback()?.className(classCode),
    interfaceName: (classCode) => first.interfaceName(classCode) ?? made?.index?.interfaceName(classCode),
    vendorIds: (name) => ids(first.vendorIds(name), (index) => index.vendorIds(name)),
    deviceIds: (vendor, name) => ids(first.deviceIds(vendor, name), (index) => index.deviceIds(vendor, name)),
    subsystemIds: (...key) => ids(first.subsystemIds(...key), (index) => index.subsystemIds(...key)),
    classNumbers: (name) => ids(first.classNumbers(name), (index) => index.classNumbers(name)),
  };
}
