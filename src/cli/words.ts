/** Numbers and units in words. */

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** A size to three digits: 1.23 GB. */
export function bytesInWords(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${Number((bytes / 1e3 ** power).toPrecision(3))} ${UNITS[power]}`;
}

/** A unit as people read it: `hbar^2` is ħ². */
export const unitInText = (unit: string): string => unit.replace('hbar', 'ħ').replace('^2', '²');
