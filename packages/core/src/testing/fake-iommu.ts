/**
 * @module IOMMU operations that keep a log and refuse on demand, and groups made by hand.
 */
import type { Device } from '../device.ts';
import type { AttachableGroup, Domain } from '../domain/domain.ts';
import type { IommuOps } from '../domain/iommu-ops.ts';

export interface FakeIommu extends IommuOps {
  /** `attach a`, `detach a`, … in the order of the calls that were carried out. */
  readonly log: string[];
  /** What happens instead of a call, for `attach a` or `detach a`. */
  readonly instead: Map<string, (domain: Domain) => void>;
}

export function fakeIommu(fields: Partial<IommuOps> = {}): FakeIommu {
  const log: string[] = [];
  const instead = new Map<string, (domain: Domain) => void>();
  const act = (verb: string) => (domain: Domain, device: Device) => {
    const call = `${verb} ${device.name}`;
    instead.get(call)?.(domain);
    log.push(call);
  };
  return {
    name: 'fake0',
    pageSizes: [4096, 2 ** 21, 2 ** 30],
    reserved: [{ start: 0xfee0_0000, length: 0x10_0000, kind: 'msi' }],
    ...fields,
    log,
    instead,
    attach: act('attach'),
    detach: act('detach'),
  };
}

export function refuse(message: string): () => never {
  return () => {
    throw new Error(message);
  };
}

export function deviceNamed(name: string): Device {
  return { name, bus: 'pci', parent: undefined, driver: undefined };
}

export interface HandMadeGroup extends AttachableGroup {
  readonly devices: Device[];
}

export function groupNamed(name: string, iommuOps: IommuOps | undefined, devices: string): HandMadeGroup {
  return { name, iommuOps, devices: [...devices].map(deviceNamed), domain: undefined };
}
