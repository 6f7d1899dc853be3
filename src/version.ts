/** The version of this program, part of every result's provenance; a test compares it to package.json. */
export const version = '0.1.0';
