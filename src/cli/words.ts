/** Numbers in words. */

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** A size to three digits: 1.23 GB. */
export function bytesInWords(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${Number((bytes / 1e3 ** power).toPrecision(3))} ${UNITS[power]}`;
}
