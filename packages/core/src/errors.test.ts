import { expect, it } from 'vitest';
import {
  BusyError,
  ExistsError,
  InvalidError,
  IoError,
  IsolationError,
  NoDeviceError,
  NoMemoryError,
  NotPermittedError,
  NotSupportedError,
  OutOfRangeError,
} from './errors.ts';

it('says the errno, what is wrong and what to do', () => {
  const complaint = { says: 'group a is claimed by "vfio"', next: 'release that claim', operands: { group: 'a' } };
  const error = new BusyError({ ...complaint, cause: 'why' });
  expect(error.message).toBe('EBUSY: group a is claimed by "vfio": release that claim');
  expect(error).toMatchObject({ name: 'BusyError', errno: 'EBUSY', operands: { group: 'a' }, cause: 'why' });
  expect(new BusyError(complaint)).not.toHaveProperty('cause');
});

it.each([
  [BusyError, 'EBUSY'],
  [ExistsError, 'EEXIST'],
  [InvalidError, 'EINVAL'],
  [IoError, 'EIO'],
  [NoDeviceError, 'ENODEV'],
  [NoMemoryError, 'ENOMEM'],
  [NotSupportedError, 'ENOSYS'],
  [NotPermittedError, 'EPERM'],
  [OutOfRangeError, 'ERANGE'],
])('%o is %s', (Class, errno) => {
  const error = new Class({ says: '', next: '', operands: {} });
  expect(error).toBeInstanceOf(IsolationError);
  expect([error.errno, error.name]).toEqual([errno, Class.name]);
});
