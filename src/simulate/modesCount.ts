/** How many modes of a charge, and how many of anything, are asked for. */
import { ParameterError } from '../model/parameters.js';

export const DEFAULT_MODES = 6;
export const MOST_MODES = 200;

/** @throws {ParameterError} */
export const checkedModes = (count: unknown): number => checkedCount('count', count, MOST_MODES);

/** A whole number of what is counted, from 1 on. @throws {ParameterError} */
export function checkedCount(field: string, count: unknown, most: number): number {
  if (typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= most) {
    return count;
  }
  throw new ParameterError(field, count, `an integer from 1 to ${most}`);
}
