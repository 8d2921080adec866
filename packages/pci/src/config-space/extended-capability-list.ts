/**
 * @module The extended capability list (PCIe 6.0, 7.6): a chain of 12-bit pointers from byte 256 on.
 */
import type { DiagnosticLog } from '../bytes/diagnostic-log.ts';
import { hex } from '../bytes/text.ts';
import { type Fact, isUnknown, type Unknown, unknown } from '../facts/fact.ts';
import { type CapabilityKind, type CapabilityList, emptyList, findCapability } from './capability-list.ts';
import { beyondEnd, CONVENTIONAL_SIZE, type ConfigReader, EXTENDED_SIZE } from './config-reader.ts';
import { EXPRESS } from './express.ts';

const PCI_X: CapabilityKind = { id: 0x07, name: 'PCI-X', size: 8 };
/** PCI-X status bits of mode 2: the function runs at 266 or 533 MHz. */
const PCI_X_MODE_2 = 0xc000_0000;
const HOST_BRIDGE = 0x0600;

/** Linux follows no more links than eight-byte capabilities would fit. */
const MOST_LINKS = (EXTENDED_SIZE - CONVENTIONAL_SIZE) / 8;

export function readExtendedCapabilityList(
  config: ConfigReader,
  standard: CapabilityList,
  log: DiagnosticLog,
): CapabilityList {
  const exists = hasExtendedSpace(config, standard, log);
  if (isUnknown(exists)) return emptyList(EXTENDED_SIZE, exists);
  if (!exists) return emptyList(EXTENDED_SIZE);

  const offsets = new Map<number, number>();
  const visited = new Set<number>();
  const ended = (others: null | Unknown): CapabilityList => ({ offsets, others, end: EXTENDED_SIZE });

  let at = CONVENTIONAL_SIZE;
  for (let links = 0; links < MOST_LINKS; links++) {
    visited.add(at);
    const header = config.u32(at);
    if (isUnknown(header)) return ended(header);
    if (header === 0xffff_ffff) {
      if (at !== CONVENTIONAL_SIZE) {
        log.warning('extended capability list runs into bytes of all ones; it ends here', at);
        return ended(null);
      }
      // Linux looks here when it finds the function, and takes its space for 256 bytes long if this is what it sees.
      // We were given more bytes than that: so the function answered then, and does not now.
      log.warning('extended configuration space reads all ones', at);
      return ended(unknown('extended configuration space reads all ones', 'wake the function and read it again'));
    }
    const id = header & 0xffff;
    // Id 0 is a place holder (in the first place it also says that the list is empty).
    if (id !== 0 && !offsets.has(id)) offsets.set(id, at);
    const next = (header >>> 20) & 0xffc;
    if (next === 0) return ended(null);
    if (next < CONVENTIONAL_SIZE) {
      log.warning(`extended capability pointer ${hex(next)} lies below byte 256; the list ends here`, at);
      return ended(null);
    }
    if (visited.has(next)) {
      log.warning(`extended capability list loops back to ${hex(next)}; it ends here`, at);
      return ended(null);
    }
    at = next;
  }
  log.warning(`extended capability list is longer than ${MOST_LINKS}; the rest is not used`, at);
  return ended(null);
}

/**
 * Whether there is anything from byte 256 on (pci_cfg_space_size): with PCI Express and with PCI-X mode 2. Of a host
 * bridge, which often has neither capability, Linux tries it out: then what we were given says what it found.
 */
function hasExtendedSpace(config: ConfigReader, standard: CapabilityList, log: DiagnosticLog): Fact<boolean> {
  const express = standard.offsets.get(EXPRESS.id);
  if (express !== undefined) return true;
  const classWord = config.u16(0x0a);
  if (isUnknown(classWord)) return classWord;
  if (classWord === HOST_BRIDGE) {
    return config.length < CONVENTIONAL_SIZE ? beyondEnd(config.length) : config.length > CONVENTIONAL_SIZE;
  }
  if (standard.others !== null) return standard.others;
  const pciX = findCapability(standard, PCI_X, log);
  if (pciX === null || isUnknown(pciX)) return pciX ?? false;
  const status = config.u32(pciX + 4);
  return isUnknown(status) ? status : (status & PCI_X_MODE_2) !== 0;
}
