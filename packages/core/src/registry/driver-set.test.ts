import { expect, it } from 'vitest';
import { DriverSet } from './driver-set.ts';

const VFIO = { name: 'vfio-pci' };
const NVME = { name: 'nvme' };

it('admits what it has, also when it was asked before it changed', () => {
  const drivers = new DriverSet();
  const answers = (): readonly boolean[] => [VFIO, NVME, NVME, VFIO].map((driver) => drivers.admits(driver));
  expect(answers()).toEqual([false, false, false, false]);
  drivers.add(VFIO);
  expect(answers()).toEqual([true, false, false, true]);
  drivers.delete(VFIO);
  expect(answers()).toEqual([false, false, false, false]);
  drivers.add(NVME).add(VFIO);
  expect(answers()).toEqual([true, true, true, true]);
  drivers.clear();
  expect(answers()).toEqual([false, false, false, false]);
});

it('knows drivers by identity', () => {
  const drivers = new DriverSet(VFIO);
  expect([drivers.admits({ name: 'vfio-pci' }), drivers.admits(VFIO), drivers.admits({ name: '' })]).toEqual([
    false,
    true,
    false,
  ]);
});
