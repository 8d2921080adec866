/**
 * @module Acts on the live Linux host: takes whole groups away from it and gives them back.
 */
export {};
