/**
 * @module What is mounted, from /proc/<pid>/mountinfo.
 */

export interface Mount {
  /** `259:2`; `0:27` where the file system has no device of its own. */
  readonly number: string;
  readonly mountPoint: string;
  readonly type: string;
  /** `/dev/nvme0n1p2`, `rpool/ROOT/debian`, `10.0.0.1:/export` */
  readonly source: string;
  /** Options of the mount and of the file system. */
  readonly options: readonly string[];
}

/** Lines that do not look like it are left out: the kernel writes no others. */
export function parseMountTable(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line): Mount[] => {
    const words = line.split(' ');
    // Optional fields stand before the dash.
    const dash = words.indexOf('-', 6);
    const [number, , mountPoint, options] = words.slice(2, 6);
    const [type, source, more] = dash === -1 ? [] : words.slice(dash + 1);
    if (number === undefined || mountPoint === undefined || type === undefined || source === undefined) return [];
    return [
      {
        number,
        mountPoint: fromOctal(mountPoint),
        type,
        source: fromOctal(source),
        options: [...(options?.split(',') ?? []), ...(more?.split(',') ?? [])].map(fromOctal),
      },
    ];
  });
}

/** Blanks, tabs, line ends and backslashes in names: `\040`. Also in /proc/swaps and /etc/fstab. */
export function fromOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
