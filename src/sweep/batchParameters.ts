/** The numbers that make a point of a sweep. */
import { PARAMETER_NAMES } from '../model/parameterRecords.js';

/** The order of a point's numbers in `Batch.parameters`. */
export const BATCH_PARAMETERS = [...PARAMETER_NAMES, 'cutoff'] as const;

export type BatchParameter = (typeof BATCH_PARAMETERS)[number];
