/** Derivatives by the numbers of a table, and at which levels they are not 0. */

/** Whether anything is there at all levels, or at the ends alone. */
export type Extent = 'everywhere' | 'ends';

/** The first of the last two levels of a window, or the last one where they do not go by twos. */
export const firstOfLast = (size: number): number => 2 * Math.floor((size - 1) / 2);

/** How far levels reach of a window of so many. */
export const extentOf = (levels: readonly number[], size: number): Extent =>
  levels.every((i) => i < 2 || i >= firstOfLast(size)) ? 'ends' : 'everywhere';

/** Derivatives by a table's numbers. */
export interface TableSlopes {
  readonly slope: Float64Array;
  /** How far each may be off by rounding, of which `ALONG_TABLES` of the magnitude of its terms is yet to come. */
  readonly error: Float64Array;
  readonly extent: Extent;
}
