/**
 * @module The version of the command. The bundler puts in what package.json says.
 */
declare const ISOGROUPS_VERSION: string | undefined;

export const VERSION: string = typeof ISOGROUPS_VERSION === 'string' ? ISOGROUPS_VERSION : '0.0.0-source';
