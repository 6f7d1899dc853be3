/** The numbers that make a point of a sweep. */
import { PARAMETER_NAMES } from '../model/parameterRecords.js';

/** The order of a point's numbers in `Batch.parameters`. */
export const BATCH_PARAMETERS = [...PARAMETER_NAMES, 'cutoff'] as const;

export type BatchParameter = (typeof BATCH_PARAMETERS)[number];

/** The parameters of the points at some places, row by row. */
export function rowsAt(parameters: Float64Array, places: readonly number[]): Float64Array {
  const width = BATCH_PARAMETERS.length;
  const rows = new Float64Array(places.length * width);
  places.forEach((at, p) => {
    rows.set(parameters.subarray(at * width, (at + 1) * width), p * width);
  });
  return rows;
}
