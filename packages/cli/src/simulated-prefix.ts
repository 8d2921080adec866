/**
 * @module How `--machine` tells a described machine from a file. Apart, because the command asks it before it loads anything.
 */
export const SIMULATED = 'sim:';
