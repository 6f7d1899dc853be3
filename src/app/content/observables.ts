/** Which numbers of a device may be drawn over its parameters. */
import { FLUCTUATION_NAMES } from '../../simulate/fluctuationRecords.js';
import {
  OBSERVABLE_NAMES,
  type ObservableName,
  observableRecord,
} from '../../simulate/observableRecords.js';

/** Those that the page has as a number. */
const numbers = OBSERVABLE_NAMES.filter((name) => {
  const { words, isFlag, leftOutOf } = observableRecord(name);
  return leftOutOf?.includes('page') !== true && words === undefined && isFlag === undefined;
});

/** As menus and legends have it. */
export function titleOf(name: ObservableName): string {
  const { name: spelt, symbol } = observableRecord(name);
  // Powers stand for scripts, which an option of a menu does not have.
  return symbol === '' ? spelt : symbol.replace('^', '');
}

/** And noise, uncertainty relations and entropy production, which take one more factorisation each. */
export const DRAWN: readonly ObservableName[] = [...numbers, ...FLUCTUATION_NAMES];

/**
 * Whether an observable has anything to say of such devices: some are 0 without a potential, and what fluctuates is not
 * known of devices with one.
 */
export function isToldOf(name: ObservableName, withPotential: boolean): boolean {
  const { isOfPotential, section } = observableRecord(name);
  return withPotential ? section !== 'Fluctuations' : isOfPotential !== true;
}
