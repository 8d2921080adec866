/**
 * @module Pointing devices at a domain, all of them or none, and away from it.
 */
import type { Device } from '../device.ts';
import { IoError } from '../errors.ts';
import type { Domain } from './domain.ts';

/** A device that an IOMMU did not let go of. Its DMA may still be translated by the domain: keep it from the bus. */
export interface StuckDevice {
  readonly device: Device;
  readonly cause: unknown;
}

/** What a refused attachment leaves behind. */
export interface Refusal {
  readonly device: Device;
  readonly cause: unknown;
  /** Of those attached before it, the ones that could not be detached again. */
  readonly stuck: readonly StuckDevice[];
}

/** Which domain translates a device, going by the calls that its IOMMU carried out. */
const translating = new WeakMap<Device, Domain>();

/** False from the moment at which another domain has it. */
export function isTranslatedBy(domain: Domain, device: Device): boolean {
  return translating.get(device) === domain;
}

/** Attaches devices in their order. When one is refused, those before it are detached again in reverse order. */
export function attachAll(domain: Domain, devices: readonly Device[]): Refusal | undefined {
  for (const [k, device] of devices.entries()) {
    try {
      domain.ops.attach(domain, device);
      translating.set(device, domain);
    } catch (cause) {
      return { device, cause, stuck: detachAll(domain, devices.slice(0, k)) };
    }
  }
  return undefined;
}

/** Detaches devices in reverse order, all that can be. */
export function detachAll(domain: Domain, devices: readonly Device[]): readonly StuckDevice[] {
  const stuck: StuckDevice[] = [];
  for (const device of devices.toReversed()) {
    try {
      domain.ops.detach(domain, device);
      translating.delete(device);
    } catch (cause) {
      stuck.push({ device, cause });
    }
  }
  return stuck;
}

export function refusalError(domain: Domain, { device, cause, stuck }: Refusal): IoError {
  return new IoError({
    says: `${domain.ops.name} refused to attach ${device.name} to domain ${domain.name}${alsoStuck(stuck)}`,
    next: stuck.length === 0 ? 'see the cause; nothing was attached' : 'see the cause; keep those off the bus',
    operands: { domain, device, stuck },
    cause,
  });
}

/** The error of a release that was carried out, but for these devices. */
export function stuckError(domain: Domain, stuck: readonly StuckDevice[]): IoError {
  return new IoError({
    says: `released from domain ${domain.name}${alsoStuck(stuck)}`,
    next: 'keep these devices off the bus, or release the domain altogether, which takes out its mappings',
    operands: { domain, stuck },
    cause: stuck[0]?.cause,
  });
}

function alsoStuck(stuck: readonly StuckDevice[]): string {
  return stuck.length === 0 ? '' : `, and did not let go of ${stuck.map((s) => s.device.name).join(', ')}`;
}
