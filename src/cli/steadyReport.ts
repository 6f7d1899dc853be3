/** What `qmill steady` prints: one object for programs, lines for people. */

import type { DeviceParameters, Truncation } from '../model/parameters.js';
import { hasPotential } from '../model/potentialParameters.js';
import type { SolverReport } from '../simulate/solveSteady.js';
import { type SteadyState, steadyObservables } from '../simulate/steady.js';
import { NonUniqueSteadyStateError } from '../solve/conservingElimination.js';
import type { NoSteadyStateError } from '../solve/verdict.js';
import { describeValidity } from '../thermo/validity.js';

export interface BackendReport {
  readonly name: string;
  readonly adapter: string | null;
  /** Of the answer. */
  readonly precision: 'f32' | 'f64';
}

export interface Solved {
  readonly state: SteadyState;
  readonly backend: BackendReport;
  readonly solver: SolverReport;
  /** What computed in which precision, in words. */
  readonly precision: string;
  /** Why this space and method. */
  readonly reason: string;
}

/**
 * The object that `qmill steady --json` prints.
 * @param begin when the work began, in milliseconds of `performance.now`
 */
export function steadyReport(
  parameters: DeviceParameters,
  truncation: Truncation,
  {
    state,
    backend,
    solver: { stopped, preconditionedOnHost: _, ...solver },
    precision,
    reason,
  }: Solved,
  begin: number,
  largestOrder?: number,
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
  const { model, cutoff: __, ...rest } = parameters;
  return {
    model,
    parameters: rest,
    ...(cutoff === null ? {} : { cutoff }),
    backend,
    solver: {
      ...solver,
      converged: solver.converged && verdict.converged,
      problems: verdict.problems,
      precision,
      reason,
      residual,
      relativeResidual: verdict.relativeResidual,
      traceError,
      hermiticityError,
      smallestEigenvalue,
      seconds: (performance.now() - begin) / 1000,
    },
    /** False where it was interrupted: of a state on its way. */
    complete: !stopped,
    ...observables,
  };
}

/** The object where there is no steady state to describe: what was asked for, marked, and why. */
export function unsolvedReport(
  { model, cutoff: _, ...parameters }: DeviceParameters,
  { backend, precision }: { readonly backend: string; readonly precision: 'f32' | 'f64' },
  error: NoSteadyStateError,
  begin: number,
) {
  return {
    model,
    parameters,
    backend: { name: backend === 'auto' ? 'cpu' : backend, adapter: null, precision },
    solver: {
      converged: false,
      unique: error instanceof NonUniqueSteadyStateError ? false : null,
      problems: [error.message],
      seconds: (performance.now() - begin) / 1000,
    },
    complete: true,
  };
}

export type SteadyReport = ReturnType<typeof steadyReport>;

const show = (value: number | null): string =>
  value === null || Number.isNaN(value) ? '–' : value === 0 ? '0' : value.toPrecision(12);

/** A flow, with its error where that is within the digits shown. */
const flow = (value: number, error = 0): string =>
  error > 1e-11 * Math.abs(value) ? `${show(value)} ± ${error.toExponential(1)}` : show(value);

function solvedBy({ solver: s, backend: b }: SteadyReport): string {
  const space = s.dmax === null ? s.space : `${s.space} |δ| ≤ ${s.dmax}`;
  const work = s.iterations === 0 ? '' : `, ${s.iterations} iterations in ${s.passes} passes`;
  return `${b.name} ${b.precision}, ${space}, ${s.method}${work}, ${(1e3 * s.seconds).toFixed(1)} ms`;
}

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

/** The same for people. */
export function describeSteady(r: SteadyReport): string {
  const t = r.truncation;
  const lines: [string, string][] = [
    ...(r.complete
      ? []
      : ([['INTERRUPTED', 'the numbers below are not those of the steady state']] as [
          string,
          string,
        ][])),
    ['model', 'cutoff' in r ? `${r.model}, Ω = ${show(r.cutoff ?? null)}` : r.model],
    [
      'parameters',
      Object.entries(r.parameters)
        .map(([k, v]) => `${k}=${v}`)
        .join(' '),
    ],
    [
      'window',
      `[${t.lmin}, ${t.lmax}], edges ${t.edgeLow.toExponential(1)} ${t.edgeHigh.toExponential(1)}`,
    ],
    ['solved', solvedBy(r)],
    ['', `${r.solver.precision}; ${r.solver.reason}`],
    ['errors', certificate(r)],
    ['model holds?', describeValidity(r.validity)],
    ['', ''],
    ['operation', r.operation],
    ['heat  Q1', flow(r.heat.Q1, r.flowErrors?.heat.Q1)],
    ['      Q2', flow(r.heat.Q2, r.flowErrors?.heat.Q2)],
    ['      Qr', flow(r.heat.Qr, r.flowErrors?.heat.Qr)],
    [
      'work  W^Q',
      r.model === 'local'
        ? flow(r.work.WQ, r.flowErrors?.work.WQ)
        : '0 (no such work in the global model)',
    ],
    ['      W^r', flow(r.work.Wr, r.flowErrors?.work.Wr)],
    ...(hasPotential(r.parameters)
      ? ([['    potential', show(r.work.V)]] as [string, string][])
      : []),
    [
      'first law',
      `${show(r.firstLaw)} (U̇ − heat − work; ${show(r.firstLawWithoutWr)} without W^r)`,
    ],
    ['efficiency', `${show(r.efficiency)} (Carnot ${show(r.carnotEfficiency)})`],
    [
      'COP',
      `${show(r.cop)} (Carnot: refrigerator ${show(r.refrigeratorBound)}, heat pump ${show(r.carnotCop)})`,
    ],
    ...(r.boundExceeded ? [['', exceeded(r)] as [string, string]] : []),
    ['⟨L_z⟩', show(r.rotor.Lz)],
    ['⟨L_z²⟩', r.rotor.Lz2 === null ? infinite(r) : show(r.rotor.Lz2)],
    ['power  kinetic', show(r.power.kinetic)],
    ['       intrinsic', show(r.power.intrinsic)],
    ['       back-action', show(r.power.backAction)],
    ['       net', show(r.power.net)],
    ['ergotropy total', show(r.ergotropy.total)],
    ['          qubits', show(r.ergotropy.qubits)],
    ['          rotor', show(r.ergotropy.rotor)],
    ['qubit populations', `${r.qubits.populations.map(show).join('  ')}  (00 01 10 11)`],
  ];
  return `${lines.map(([name, value]) => `${name.padEnd(20)}${value}`.trimEnd()).join('\n')}\n`;
}
