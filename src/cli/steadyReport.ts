/** What `qmill steady` prints: one object for programs, lines for people. */

import type { SolvedSteady } from '../library/solvedSteady.js';
import type { DescribedMachine } from '../machine/description/describedMachine.js';
import type { Values } from '../machine/tape.js';
import type { DeviceParameters, Truncation } from '../model/parameters.js';
import { hasPotential } from '../model/potentialParameters.js';
import { ASKED_SECTIONS, SECTIONS, type Section } from '../simulate/observable.js';
import {
  OBSERVABLE_NAMES,
  type ObservableName,
  observableRecord,
} from '../simulate/observableRecords.js';
import { observed, observeNamed } from '../simulate/observe.js';
import type { Route } from '../simulate/route.js';
import { steadyObservables } from '../simulate/steady.js';
import { SteadyReading } from '../simulate/steadyReading.js';
import { isStopped, type SolverReport } from '../simulate/systemSteady.js';
import { NonUniqueSteadyStateError } from '../solve/conservingElimination.js';
import type { NoSteadyStateError } from '../solve/verdict.js';
import { ASKED_ORDER } from '../state/affordableOrder.js';
import { angleDensity } from '../state/angle.js';
import { describeValidity } from '../thermo/validity.js';
import { deviceHead, machineHead } from './heads.js';
import {
  inColumns,
  parametersInWords,
  shown,
  solvedBy,
  unitInText,
  windowInWords,
  withError,
} from './words.js';

/** Whether an answer was interrupted. In float32 nobody looks for another state. */
export const wasStopped = (
  solver: SolverReport,
  { precision }: SolvedSteady['backend'],
): boolean => (precision === 'f64' ? isStopped(solver) : solver.stopped);

/**
 * The object that `qmill steady --json` prints.
 * @param order of the largest spectrum that is computed; angles at how many P(φ) is wanted
 * @param begin when the work began, in milliseconds of `performance.now`
 */
export function steadyReport(
  parameters: DeviceParameters,
  truncation: Truncation,
  { state, backend, solver: found, precision, reason, backendReason }: SolvedSteady,
  begin: number,
  {
    order: largestOrder,
    angles = 0,
    also = [],
  }: {
    readonly order?: number | undefined;
    readonly angles?: number;
    /** What is asked for beside what every state is printed with. */
    readonly also?: readonly ObservableName[];
  } = {},
) {
  const {
    residual,
    verdict,
    traceError,
    hermiticityError,
    smallestEigenvalue,
    cutoff,
    ...observables
  } = steadyObservables(state, truncation, { largestOrder, precision: backend.precision });
  const { stopped: _, preconditionedOnHost: __, ...solver } = found;
  const angle = angles === 0 ? {} : { angle: Array.from(angleDensity(state.rho, angles)) };
  return {
    ...deviceHead(parameters, cutoff),
    backend,
    solver: {
      ...solver,
      converged: solver.converged && verdict.converged,
      problems: verdict.problems,
      precision,
      reason,
      backendReason,
      residual,
      relativeResidual: verdict.relativeResidual,
      traceError,
      hermiticityError,
      smallestEigenvalue,
      seconds: (performance.now() - begin) / 1000,
    },
    /** False where it was interrupted: of a state on its way. */
    complete: !wasStopped(found, backend),
    ...observables,
    rotor: { ...observables.rotor, ...angle },
    ...observeNamed(new SteadyReading(state, largestOrder ?? ASKED_ORDER), also),
  };
}

/** What is said of solving where it has no result. @param begin when it began, as `performance.now` has it */
const unsolvedSolver = (error: NoSteadyStateError, begin: number) => ({
  converged: false,
  unique: error instanceof NonUniqueSteadyStateError ? false : null,
  problems: [error.message],
  seconds: (performance.now() - begin) / 1000,
});

/** The object where there is no steady state to describe: what was asked for, marked, and why. */
export const unsolvedReport = (
  parameters: DeviceParameters,
  { backend, precision }: Pick<Route, 'backend' | 'precision'>,
  error: NoSteadyStateError,
  begin: number,
) => ({
  ...deviceHead(parameters),
  backend: { name: backend, adapter: null, precision },
  solver: unsolvedSolver(error, begin),
  complete: true,
});

/** The same of a machine that a file describes. */
export const unsolvedMachine = (
  described: DescribedMachine,
  values: Values,
  error: NoSteadyStateError,
  begin: number,
) => ({
  ...machineHead(described, values),
  solver: unsolvedSolver(error, begin),
  complete: true,
});

export type SteadyReport = ReturnType<typeof steadyReport>;

function certificate({ solver: s }: SteadyReport): string {
  const e = s.smallestEigenvalue;
  return (
    `residual ${s.residual.toExponential(1)} (relative ${s.relativeResidual.toExponential(1)}), trace ${s.traceError.toExponential(1)}, ` +
    `Hermiticity ${s.hermiticityError.toExponential(1)}, ` +
    (s.errorEstimate === null ? '' : `ρ about ${s.errorEstimate.toExponential(1)}, `) +
    `smallest eigenvalue ${e.exact ? '' : '≥ '}${e.value.toExponential(1)}`
  );
}

/** Why a device can be better than Carnot's bound of two baths. */
const exceeded = ({ heat: { Qr }, parameters: { betaR } }: SteadyReport): string =>
  `above the bound of two baths: the load, a third one at betaR = ${betaR}, ` +
  `${Qr > 0 ? 'gives' : 'takes'} heat`;

const infinite = ({ parameters: { betaR, I } }: SteadyReport): string =>
  `infinite, and so the energy of the rotor: under the load populations fall as ` +
  `|l|^-${(2 + (16 * I) / betaR).toPrecision(3)}, for betaR ≥ 16 I`;

/** What may have been lost of an observable, where that is known. */
function errorOf({ flowErrors }: SteadyReport, name: ObservableName): number | undefined {
  if (flowErrors === null) return undefined;
  if (name === 'power.intrinsic') return flowErrors.intrinsic;
  if (name === 'rotor.Lz') return flowErrors.Lz;
  const [group, member] = name.split('.');
  if (group !== 'heat' && group !== 'work') return undefined;
  const errors: Readonly<Record<string, number>> = { ...flowErrors[group] };
  return errors[member];
}

/** Remarks on single observables, which stand in place of their numbers or below them. */
function remarkOn(r: SteadyReport, name: ObservableName): string | null {
  return name === 'rotor.Lz2' && r.rotor.Lz2 === null ? infinite(r) : null;
}

function observableLine(r: SteadyReport, name: ObservableName): Line[] {
  const { name: title, unit, leftOutOf, isOfPotential } = observableRecord(name);
  if (leftOutOf?.includes('text') === true) return [];
  if (isOfPotential === true && !hasPotential(r.parameters)) return [];
  const value = observed(r, name);
  if (typeof value === 'string') return [[name, value]];
  const remark = remarkOn(r, name);
  if (remark !== null) return [[name, remark]];
  const number = withError(value as number | null, errorOf(r, name));
  const measured = unit === '1' || value === null ? number : `${number} ${unitInText(unit)}`;
  return [[name, `${measured.padEnd(WIDTH)} ${title}`]];
}

function section(r: SteadyReport, title: Section): Line[] {
  const names = OBSERVABLE_NAMES.filter((name) => observableRecord(name).section === title);
  return titled(r, title, names);
}

const titled = (r: SteadyReport, title: Section, names: readonly ObservableName[]): Line[] => [
  ['', ''],
  [title, ''],
  ...names.flatMap((name) => observableLine(r, name)),
];

type Line = readonly [string, string];

/** Of a number with its unit, and of what stands before it. */
const WIDTH = 32;
const LABELS = 20;

/** The same for people. */
export function describeSteady(r: SteadyReport, also: readonly ObservableName[] = []): string {
  const lines: Line[] = [
    ...(r.complete
      ? []
      : [['INTERRUPTED', 'the numbers below are not those of the steady state'] as const]),
    ['model', 'cutoff' in r ? `${r.model}, Ω = ${shown(r.cutoff ?? null)}` : r.model],
    ['parameters', parametersInWords(r.parameters)],
    ['window', windowInWords(r.truncation)],
    ['solved', solvedBy(r)],
    ['', `${r.solver.precision}; ${r.solver.reason}`],
    ['', `backend ${r.solver.backendReason}`],
    ['errors', certificate(r)],
    ['model holds?', describeValidity(r.validity)],
    ...SECTIONS.flatMap((title) => section(r, title)),
    ...ASKED_SECTIONS.flatMap((title) => {
      const asked = also.filter((name) => observableRecord(name).section === title);
      return asked.length === 0 ? [] : titled(r, title, asked);
    }),
    ...(r.boundExceeded ? [['', exceeded(r)] as const] : []),
  ];
  const width = Math.max(LABELS, ...lines.map(([name]) => name.length + 1));
  return inColumns(lines, width);
}
