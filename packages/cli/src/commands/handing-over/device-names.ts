/**
 * @module How texts about handing over call devices.
 */
import { formatAddress } from '@isogroups/pci';
import { deviceName } from '../../names.ts';
import { shortNames } from '../../sentences/short-names.ts';
import type { CommandSession } from '../../session.ts';

export interface DeviceNames {
  /** `01:00.0` */
  short(device: string): string;
  /** What it is. */
  long(device: string): string;
}

export async function deviceNames(session: CommandSession): Promise<DeviceNames> {
  const analysis = await session.analysis();
  const names = await session.names();
  const functions = new Map(analysis.machine.functions.map((f) => [formatAddress(f), f]));
  return {
    short: shortNames(analysis),
    long: (device) => {
      const f = functions.get(device);
      return f === undefined ? '' : deviceName(names, f);
    },
  };
}
