/** The numbers of a steady state that a sweep can record, by their names in the JSON of `qmill steady`. */
import { nearest, ParameterError, UnknownKeyError } from '../model/parameters.js';
import type { SteadyReading } from '../simulate/steadyReading.js';
import type { Operation, Performance } from '../thermo/operation.js';

/** The codes of `operation`, Table I. */
export const OPERATIONS: readonly Operation[] = ['other', 'engine', 'refrigerator', 'accelerator'];

export interface Observable {
  readonly unit: string;
  readonly description: string;
  /** NaN where it is undefined. */
  readonly read: (state: SteadyReading) => number;
}

const flow = (description: string, read: Observable['read']): Observable => ({
  unit: 'energy/time',
  description,
  read,
});
const energy = (description: string, read: Observable['read']): Observable => ({
  unit: 'energy',
  description,
  read,
});
const pure = (description: string, read: Observable['read'], unit = '1'): Observable => ({
  unit,
  description,
  read,
});

const performing = (
  description: string,
  read: (performance: Performance) => number | null,
): Observable => pure(description, (s) => read(s.performance) ?? Number.NaN);

const known = {
  'heat.Q1': flow('heat flow from bath 1, Eqs. (18), (19), (29)', (s) => s.heat.Q1),
  'heat.Q2': flow('heat flow from bath 2, Eqs. (18), (19), (29)', (s) => s.heat.Q2),
  'heat.Qr': flow('heat flow from the load, Eq. (21)', (s) => s.heat.Qr),
  'work.WQ': flow('power of the local baths, Eq. (23); 0 in the global model', (s) => s.work.WQ),
  'work.Wr': flow('power of the local load, Eq. (25)', (s) => s.work.Wr),
  'work.V': flow('the same of the rotor potential', (s) => s.work.V),
  'work.interaction': flow(
    'what the baths do to the interaction: work.WQ in the local model, heat in the global one',
    (s) => s.work.interaction,
  ),
  firstLaw: flow('residual of the first law, Eqs. (26), (28)', (s) => s.laws.residual),
  'rotor.Lz': pure('mean angular momentum', (s) => s.Lz, 'hbar'),
  'rotor.Lz2': pure('mean squared angular momentum', (s) => s.finiteLz2 ?? Number.NaN, 'hbar^2'),
  'rotor.cos': pure('mean cosine of the angle', (s) => s.cos),
  'rotor.sin': pure('mean sine of the angle', (s) => s.sin),
  'qubits.p00': pure('population of |00>', (s) => s.qubitPopulations[0]),
  'qubits.p01': pure('population of |01>', (s) => s.qubitPopulations[1]),
  'qubits.p10': pure('population of |10>', (s) => s.qubitPopulations[2]),
  'qubits.p11': pure('population of |11>', (s) => s.qubitPopulations[3]),
  'power.kinetic': flow('change of the kinetic energy, Eq. (30)', (s) => s.power.kinetic),
  'power.intrinsic': flow('intrinsic power, Eq. (32)', (s) => s.power.intrinsic),
  'power.backAction': flow('back-action heat, Eq. (33)', (s) => s.power.backAction),
  'power.net': flow('net power, Eq. (34)', (s) => s.power.net),
  'ergotropy.total': energy('ergotropy of the system, Eq. (35)', (s) => s.ergotropy.total),
  'ergotropy.qubits': energy('ergotropy of the two qubits, Eq. (35)', (s) => s.ergotropy.qubits),
  'ergotropy.rotor': energy('ergotropy of the rotor, Eq. (35)', (s) => s.ergotropy.rotor),
  operation: performing('what the device does, Table I', (p) => OPERATIONS.indexOf(p.operation)),
  efficiency: performing('efficiency of an engine, Eq. (36)', (p) => p.efficiency),
  carnotEfficiency: performing('its Carnot bound', (p) => p.carnotEfficiency),
  cop: performing('coefficient of performance of a refrigerator, Eq. (37)', (p) => p.cop),
  carnotCop: performing('Carnot bound of a heat pump, the COP_C of the paper', (p) => p.carnotCop),
  refrigeratorBound: performing('Carnot bound of a refrigerator', (p) => p.refrigeratorBound),
  boundExceeded: performing(
    '1 where efficiency or COP is above its bound of two baths, the load being a third one',
    (p) => Number(p.boundExceeded),
  ),
} satisfies Record<string, Observable>;

export type ObservableName = keyof typeof known;
export const OBSERVABLES: Readonly<Record<ObservableName, Observable>> = known;
export const OBSERVABLE_NAMES = Object.keys(known) as readonly ObservableName[];

/** The groups of `steady --json`: `heat` stands for all that begins with `heat.`. */
const GROUPS = [
  ...new Set(OBSERVABLE_NAMES.filter((name) => name.includes('.')).map((n) => n.split('.')[0])),
];

/**
 * Names of observables and groups of them as observables, in the order of the table above.
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
    const members = OBSERVABLE_NAMES.filter((n) => n === name || n.startsWith(`${name}.`));
    if (name === 'qubits.populations') members.push(...observableNames(['qubits']));
    if (members.length === 0) {
      throw new UnknownKeyError(name, nearest(name, [...OBSERVABLE_NAMES, ...GROUPS]));
    }
    for (const member of members) chosen.add(member);
  }
  return OBSERVABLE_NAMES.filter((name) => chosen.has(name));
}

/** An observable's name as that of a variable in a data set: `heat.Q1` is `heat_Q1`. */
export const variableName = (name: ObservableName): string => name.replace('.', '_');
