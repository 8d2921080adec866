/**
 * @module The groups as sysfs would show them, as data: whoever wants real links makes them.
 */

export interface RegistryTree {
  /** Below the root of the tree, parents first. */
  readonly directories: readonly string[];
  readonly links: readonly TreeLink[];
  readonly files: readonly TreeFile[];
}

export interface TreeLink {
  readonly path: string;
  /** Relative to the directory of `path`, as `ln -s` takes it. */
  readonly target: string;
}

/** Attributes; they can be read only. */
export interface TreeFile {
  readonly path: string;
  readonly text: string;
}
