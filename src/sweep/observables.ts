/** The observables that a plan of a sweep asks for, by name. */
import { meantBy, ParameterError } from '../model/parameters.js';
import { NAMED_OBSERVABLES, type ObservableName } from '../simulate/observableRecords.js';

/**
 * Names of observables and groups of them as observables, in the order of their records.
 * @throws {UnknownKeyError | ParameterError}
 */
export function observableNames(wanted: readonly string[]): ObservableName[] {
  const chosen = new Set<string>();
  for (const name of wanted) {
    if (name === 'rotor.populations') {
      throw new ParameterError(
        'observables',
        name,
        'numbers: the populations of a level are as many as its window has; `qmill steady` prints them',
      );
    }
    // Those of the groups of `steady --json`.
    const of = name === 'qubits.populations' ? 'qubits' : name;
    for (const member of meantBy(of, NAMED_OBSERVABLES)) chosen.add(member);
  }
  return NAMED_OBSERVABLES.filter((name) => chosen.has(name));
}
