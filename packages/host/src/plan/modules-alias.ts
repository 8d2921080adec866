/**
 * @module Which variant of the VFIO driver is made for a device: lines `alias vfio_pci:v…d…sv…sd…bc…sc…i… module` of
 * modules.alias, which depmod makes from the `vfio_pci` driver-override tables of the modules.
 */

export interface ModuleAlias {
  /** The pattern as a device's modalias reads: `v000015B3d0000101Esv*sd*bc*sc*i*`. */
  readonly pattern: string;
  readonly module: string;
}

const LINE = /^alias vfio_pci:(\S+) (\S+)$/gm;

export function parseVfioAliases(text: string): readonly ModuleAlias[] {
  return Array.from(text.matchAll(LINE), ([, pattern, module]) => ({
    pattern: pattern as string,
    module: module as string,
  }));
}

/**
 * The most specific one that matches: fewest wildcards, as depmod's own reader and libvirt choose. Of equals the first.
 *
 * @param modalias As the kernel has it: `pci:v00008086d00001521sv00008086sd00000001bc02sc00i00`.
 */
export function bestVfioModule(aliases: readonly ModuleAlias[], modalias: string): string | undefined {
  const device = modalias.replace(/^pci:/, '');
  let best: ModuleAlias | undefined;
  for (const alias of aliases) {
    if (!matches(alias.pattern, device)) continue;
    if (best === undefined || wildcards(alias.pattern) < wildcards(best.pattern)) best = alias;
  }
  return best?.module;
}

const wildcards = (pattern: string): number => pattern.split('*').length - 1;

/** Only `*` is special in what depmod writes for PCI. Matches piece by piece: a hostile file costs no more than its length. */
function matches(pattern: string, text: string): boolean {
  const pieces = pattern.split('*');
  const first = pieces[0] as string;
  if (pieces.length === 1) return pattern === text;
  if (!text.startsWith(first)) return false;
  const last = pieces[pieces.length - 1] as string;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - at >= last.length && text.endsWith(last);
}
