/**
 * @module The files that a snapshot has taken so far, and what could not be taken.
 */
import { type Diagnostic, diagnostic } from '@isogroups/pci';
import { DEVICES } from '../sysfs/read-function.ts';
import { isReadFailure, type MachineTree, type ReadFailure } from '../tree/machine-tree.ts';
import type { TreeEntry } from '../tree/memory-tree.ts';
import { formatMissingFiles, MISSING_FILES, type MissingFile } from './missing-files.ts';
import { redactFile } from './redact/redact-file.ts';

export interface Capture {
  /** Sorted by path: the snapshot's files, links and directories, `missing.txt` among them where it is needed. */
  readonly entries: readonly TreeEntry[];
  readonly missing: readonly MissingFile[];
  readonly diagnostics: readonly Diagnostic[];
}

export class Collection {
  readonly tree: MachineTree;
  readonly #redact: boolean;
  readonly #entries = new Map<string, TreeEntry>();
  readonly #missing: MissingFile[] = [];
  readonly #visited = new Set<string>();
  readonly #diagnostics: Diagnostic[] = [];

  constructor(tree: MachineTree, redact: boolean) {
    this.tree = tree;
    this.#redact = redact;
  }

  firstTime(path: string): boolean {
    const isFirst = !this.#visited.has(path);
    this.#visited.add(path);
    return isFirst;
  }

  /** Lists a directory and takes it, so that it is known to be there even if it is empty. */
  list(path: string): readonly string[] | undefined {
    const names = this.tree.list(path);
    if (!isReadFailure(names)) {
      this.directory(path);
      return names;
    }
    this.miss(path, names);
    return undefined;
  }

  /** Lists a directory of which it is of no importance whether it is there. */
  tryList(path: string): readonly string[] {
    const names = this.tree.list(path);
    if (isReadFailure(names)) return [];
    this.directory(path);
    return names;
  }

  directory(path: string): void {
    this.#entries.set(path, { kind: 'directory', path });
  }

  files(directory: string, present: readonly string[], wanted: readonly string[]): void {
    const names = new Set(present);
    for (const name of wanted) if (names.has(name)) this.file(`${directory}/${name}`);
  }

  file(path: string): void {
    const bytes = this.tree.readBytes(path);
    // A link of that name (`module` of a slot) is taken as a link.
    if (!isReadFailure(bytes)) this.content(path, bytes);
    else if (isReadFailure(this.tree.readLink(path))) this.miss(path, bytes);
  }

  content(path: string, bytes: Uint8Array): void {
    this.#entries.set(path, { kind: 'file', path, bytes: this.#redact ? redactFile(path, bytes) : bytes });
    const cut = cutShort(path, bytes);
    if (cut !== undefined) this.#missing.push({ path, reason: 'partial', why: cut });
  }

  links(directory: string, present: readonly string[], wanted: (name: string) => boolean): void {
    for (const name of present) if (wanted(name)) this.link(`${directory}/${name}`);
  }

  /** The link's text, where it is one. */
  link(path: string): string | undefined {
    const target = this.tree.readLink(path);
    if (isReadFailure(target)) {
      if (target.reason !== 'not-a-link') this.miss(path, target);
      return undefined;
    }
    this.#entries.set(path, { kind: 'link', path, target });
    return target;
  }

  miss(path: string, failure: ReadFailure): void {
    if (failure.reason === 'missing') return;
    this.#missing.push({ path, reason: failure.reason, why: failure.message.replace(`${path}: `, '') });
  }

  finish(functions: number): Capture {
    if (functions === 0) {
      this.#diagnostics.push(diagnostic('error', this.tree.label, `no PCI function was found in ${DEVICES}`));
    }
    if (this.#missing.length > 0) {
      const bytes = new TextEncoder().encode(formatMissingFiles(this.#missing));
      this.#entries.set(MISSING_FILES, { kind: 'file', path: MISSING_FILES, bytes });
    }
    const entries = [...this.#entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    return { entries, missing: this.#missing, diagnostics: this.#diagnostics };
  }
}

/** Why a file that could be read does not hold all that it holds for root. */
function cutShort(path: string, bytes: Uint8Array): string | undefined {
  if (path.endsWith('/config') && bytes.length < 256) return `only ${bytes.length} bytes can be read without root`;
  if (path === 'proc/iomem' && !/[1-9a-f]/.test(new TextDecoder().decode(bytes.subarray(0, 17)))) {
    return 'addresses are shown to root only';
  }
  return undefined;
}
