/** The parameters' symbols as plain text, for plots, lists and titles. */
import { type ParameterName, parameterRecords } from '../../model/parameterRecords.js';

/** A name that no parameter has stands for itself. */
export const symbolOf = (name: string): string =>
  name in parameterRecords ? parameterRecords[name as ParameterName].symbol : name;
