/** The observables that a plan of a sweep asks for, by name. */
import { nearest, ParameterError, UnknownKeyError } from '../model/parameters.js';
import { NAMED_OBSERVABLES, type ObservableName } from '../simulate/observableRecords.js';

/** The groups of `steady --json`: `heat` stands for all that begins with `heat.`. */
const GROUPS = [
  ...new Set(NAMED_OBSERVABLES.filter((name) => name.includes('.')).map((n) => n.split('.')[0])),
];

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
    const members = NAMED_OBSERVABLES.filter((n) => n === name || n.startsWith(`${name}.`));
    if (name === 'qubits.populations') members.push(...observableNames(['qubits']));
    if (members.length === 0) {
      throw new UnknownKeyError(name, nearest(name, [...NAMED_OBSERVABLES, ...GROUPS]));
    }
    for (const member of members) chosen.add(member);
  }
  return NAMED_OBSERVABLES.filter((name) => chosen.has(name));
}
