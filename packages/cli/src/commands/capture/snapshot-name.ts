/**
 * @module The name of a snapshot's file where the user gives none.
 */

/** `isogroups-box-2026-11-23.tar.gz`; without the host's name where that is to be kept back. */
export function snapshotName(hostName: string, now: Date, redact: boolean): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const host = redact ? '' : hostName.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '');
  return host === '' ? `isogroups-${day}.tar.gz` : `isogroups-${host}-${day}.tar.gz`;
}
