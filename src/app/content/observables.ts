/** Which numbers of a device may be drawn over its parameters. */
import { FLUCTUATION_NAMES } from '../../simulate/fluctuationRecords.js';
import {
  OBSERVABLE_NAMES,
  type ObservableName,
  observableRecord,
} from '../../simulate/observableRecords.js';

/** Those that the page has as a number, without a potential. */
const numbers = OBSERVABLE_NAMES.filter((name) => {
  const { words, isFlag, leftOutOf, isOfPotential } = observableRecord(name);
  const isShown = leftOutOf?.includes('page') !== true && isOfPotential !== true;
  return isShown && words === undefined && isFlag === undefined;
});

/** And noise, uncertainty relations and entropy production, which take one more factorisation each. */
export const DRAWN: readonly ObservableName[] = [...numbers, ...FLUCTUATION_NAMES];
