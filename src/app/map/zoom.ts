/** Parts of a map's axes: what zooming, panning and brushing choose. */
import { type Axis, along } from './grid.js';

export type Range = Pick<Axis, 'from' | 'to'>;

/** Where on the axis a share of the picture's side is: the picture is half a cell larger at both ends. */
export const onAxis = (share: number, size: number): number => (share * size - 0.5) / (size - 1);

/**
 * An axis from one share of it to another, which may lie beyond its ends.
 * @param isAllowed an end that is not stays where it is
 * @returns null where that is no range
 */
export function partOf(
  axis: Axis,
  [first, last]: readonly [number, number],
  isAllowed: (value: number) => boolean,
): Range | null {
  const end = (share: number, kept: number) => {
    const value = Number(along(axis, share).toPrecision(6));
    return isAllowed(value) ? value : kept;
  };
  const range = { from: end(first, axis.from), to: end(last, axis.to) };
  return range.from < range.to ? range : null;
}

/** The shares that a zoom keeps. @param factor below 1 to see less, above 1 to see more */
export const zoomed = (centre: number, factor: number): readonly [number, number] => [
  centre - factor * centre,
  centre + factor * (1 - centre),
];

export const panned = (by: number): readonly [number, number] => [-by, 1 - by];
