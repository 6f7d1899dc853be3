/** How many modes of a charge are asked for. */
import { ParameterError } from '../model/parameters.js';

export const DEFAULT_MODES = 6;
export const MOST_MODES = 200;

/** @throws {ParameterError} */
export function checkedModes(count: unknown): number {
  if (typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= MOST_MODES) {
    return count;
  }
  throw new ParameterError('count', count, `an integer from 1 to ${MOST_MODES}`);
}
