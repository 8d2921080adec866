/**
 * @module Rules for udev: who may open the files of VFIO, and which driver a function gets at each start.
 */
import type { AssignedFunction } from './assigned-function.ts';
import type { Emitted } from './emitted.ts';

/** A name that stands for itself in a rule. */
export const isUserName = (text: string): boolean => /^[a-z_][a-z0-9_-]{0,31}$/i.test(text);

/**
 * A function is named by the path of (device.function) from the root and by its ids: bus numbers change with the cards that
 * are plugged in, those do not. Numbers of groups change from start to start; the files of iommufd, which are children of
 * the function, can be named for good.
 *
 * @param user who may open the files; without one, the group `kvm`
 * @throws RangeError for what is no name of a user
 */
export function emitUdev(functions: readonly AssignedFunction[], user: string | undefined): Emitted {
  if (user !== undefined && !isUserName(user)) throw new RangeError(`"${user}" is no name of a user`);
  const may = user === undefined ? 'GROUP="kvm", MODE="0660"' : `OWNER="${user}", MODE="0600"`;
  const groups = [...new Set(functions.flatMap((f) => f.group ?? []))];
  const notes = [
    'the name of the file has to come before that of 80-drivers.rules: 05-isogroups.rules',
    'a driver that is built in, or that the initial ramdisk has, is faster than udev: there, give vfio-pci.ids= or a softdep as well',
    ...(groups.length === 0 ? [] : ['numbers of groups are those of today: after a restart they may be others']),
  ];
  const lines = [
    ...functions.map((f) => `ACTION=="add", SUBSYSTEM=="pci", ${itself(f)}, ATTR{driver_override}="${f.driver}"`),
    ...functions.map((f) => `SUBSYSTEM=="vfio-dev", ${above(f)}, ${may}`),
    ...groups.map((group) => `SUBSYSTEM=="vfio", KERNEL=="${group}", ${may}`),
  ];
  return { text: lines.join('\n'), notes };
}

function itself(f: AssignedFunction): string {
  const place = placeOf(f);
  return [place === undefined ? `KERNEL=="${f.device}"` : `DEVPATH=="${place}"`, ...ids(f, 'ATTR')].join(', ');
}

/** `ATTRS` and `KERNELS` look at a device above as well. */
function above(f: AssignedFunction): string {
  const place = placeOf(f);
  return [place === undefined ? `KERNELS=="${f.device}"` : `DEVPATH=="${place}/vfio-dev/*"`, ...ids(f, 'ATTRS')].join(
    ', ',
  );
}

/**
 * `/devices/pci0000:00/0000:00:01.0/0000:??:00.0`: below the root the numbers of busses are the bridges' to choose. Two
 * question marks and no star, which would match what is deeper as well.
 */
function placeOf({ path }: AssignedFunction): string | undefined {
  const isFunction = (part: string): boolean => /^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/.test(part);
  const parts = path?.split('/');
  const first = parts?.findIndex(isFunction);
  return (
    parts &&
    `/${parts.map((p, i) => (i !== first && isFunction(p) ? p.replace(/:[0-9a-f]{2}:/, ':??:') : p)).join('/')}`
  );
}

function ids({ vendor, model }: AssignedFunction, key: 'ATTR' | 'ATTRS'): readonly string[] {
  const id = (name: string, value: number | undefined): string[] =>
    value === undefined ? [] : [`${key}{${name}}=="0x${value.toString(16).padStart(4, '0')}"`];
  return [...id('vendor', vendor), ...id('device', model)];
}
