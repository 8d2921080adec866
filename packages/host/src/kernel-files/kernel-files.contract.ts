/**
 * @module What a kernel's files must do, whoever keeps them: run against the fake kernel in `npm test`, and by a plain script
 * against a real one. Each promise starts from a device that is bound to its own driver, and leaves it so.
 */
import assert from 'node:assert/strict';
import { bindStep, clearStep, overrideStep, probeStep, unbindStep } from '../plan/binding-steps.ts';
import type { WriteStep } from '../plan/step.ts';
import { type Binding, readBinding } from '../transaction/observation.ts';
import { overrideFile } from './device-files.ts';
import type { KernelFiles, WriteOutcome } from './kernel-files.ts';

interface ContractSubject {
  readonly files: KernelFiles;
  /** A device that nothing else uses, bound to `driver`, without an override. */
  readonly device: string;
  readonly driver: string;
  /** A driver that is there and takes the device only where an override names it. */
  readonly vfio: string;
}

export interface KernelPromise {
  readonly name: string;
  check(subject: ContractSubject): Promise<void>;
}

const DEADLINE = 20_000;
const OK: WriteOutcome = { kind: 'ok' };

const write = ({ files }: ContractSubject, step: WriteStep): Promise<WriteOutcome> =>
  files.write(step.file, step.text, DEADLINE);
const now = ({ files, device }: ContractSubject): Binding => readBinding(files.look(), device);
const errnoOf = (outcome: WriteOutcome): string => (outcome.kind === 'errno' ? outcome.errno : outcome.kind);

export const KERNEL_PROMISES: readonly KernelPromise[] = [
  {
    name: 'an override is read back, and cleared by a line end',
    async check(on) {
      assert.deepEqual(await write(on, overrideStep(on.device, on.vfio)), OK);
      assert.equal(now(on).override, on.vfio);
      assert.equal(now(on).driver, on.driver);
      assert.deepEqual(await write(on, clearStep(on.device, null)), OK);
      assert.equal(now(on).override, null);
    },
  },
  {
    name: 'a device that is unbound has no driver, and is bound again by name',
    async check(on) {
      assert.deepEqual(await write(on, unbindStep(on.device, on.driver)), OK);
      assert.equal(now(on).driver, null);
      assert.deepEqual(await write(on, bindStep(on.device, on.driver)), OK);
      assert.equal(now(on).driver, on.driver);
    },
  },
  {
    name: 'probing binds the driver of the override, and another cannot take the device',
    async check(on) {
      await write(on, overrideStep(on.device, on.vfio));
      await write(on, unbindStep(on.device, on.driver));
      assert.equal(errnoOf(await write(on, bindStep(on.device, on.driver))), 'ENODEV');
      assert.deepEqual(await write(on, probeStep(on.device, on.vfio)), OK);
      assert.equal(now(on).driver, on.vfio);
      await write(on, unbindStep(on.device, on.vfio));
      await write(on, clearStep(on.device, null));
      assert.deepEqual(await write(on, bindStep(on.device, on.driver)), OK);
    },
  },
  {
    name: 'probing says that it is done, even where no driver takes the device',
    async check(on) {
      await write(on, overrideStep(on.device, 'isogroups-has-no-such-driver'));
      await write(on, unbindStep(on.device, on.driver));
      assert.deepEqual(await write(on, probeStep(on.device, on.vfio)), OK);
      assert.equal(now(on).driver, null);
      await write(on, clearStep(on.device, null));
      assert.deepEqual(await write(on, bindStep(on.device, on.driver)), OK);
    },
  },
  {
    name: 'a driver lets go only of what it has',
    async check(on) {
      assert.equal(errnoOf(await write(on, unbindStep(on.device, on.vfio))), 'ENODEV');
      assert.equal(now(on).driver, on.driver);
    },
  },
  {
    name: 'what is not there is not made',
    async check(on) {
      const gone = overrideFile('ffff:ff:1f.7');
      assert.equal(errnoOf(await on.files.write(gone, on.vfio, DEADLINE)), 'ENOENT');
      assert.equal(errnoOf(await write(on, bindStep(on.device, 'isogroups-has-no-such-driver'))), 'ENOENT');
      assert.equal(errnoOf(await write(on, probeStep('ffff:ff:1f.7', on.vfio))), 'ENODEV');
    },
  },
  {
    name: 'who writes is alive while it writes, and known by more than a number',
    async check({ files }) {
      const writer = await files.writer();
      assert.ok(writer.pid > 0 && writer.started !== '');
      assert.equal(files.isAlive({ ...writer, started: 'another' }), false);
    },
  },
];
