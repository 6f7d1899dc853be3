/** What `qmill steady --machine` prints: one object for programs, lines for people. */

import { populationsByLevel } from '../library/machine.js';
import { machineLadder } from '../library/ofMachines/evolve.js';
import type { SolvedSteady } from '../library/solvedSteady.js';
import type { Mean } from '../simulate/machineState.js';
import type { MachineReading } from '../simulate/machineSteady.js';
import { hermiticityError, trace } from '../state/densityMatrix.js';
import { machineHead } from './heads.js';
import { wasStopped } from './steadyReport.js';
import {
  inColumns,
  parametersInWords,
  shown,
  solvedBy,
  windowInWords,
  withError,
} from './words.js';

/** How a machine was solved, and what is printed of it. */
interface ReportedRun {
  readonly backend: SolvedSteady['backend'];
  readonly backendReason: string;
  /** When the work began, in milliseconds of `performance.now`. */
  readonly begin: number;
  /** What is asked for beside what every state is printed with; null where nothing is. */
  readonly also: Readonly<Record<string, number | null>> | null;
}

/** The object that `qmill steady --machine --json` prints. */
export function machineReport(
  reading: MachineReading,
  { backend, backendReason, begin, also }: ReportedRun,
) {
  const { numbers, solution, flows, ladder, edges, problems } = reading;
  const { described, values, window } = numbers;
  const { stopped: _, preconditionedOnHost: __, refinement, ...solver } = solution.solver;
  return {
    ...machineHead(described, values),
    truncation: {
      lmin: window.lmin,
      lmax: window.lmax,
      edgeLow: edges.below,
      edgeHigh: edges.above,
    },
    backend,
    solver: {
      ...solver,
      refinement,
      converged: problems.length === 0,
      problems,
      reason: solution.reason,
      backendReason,
      residual: solution.residual,
      relativeResidual: reading.relativeResidual,
      traceError: Math.abs(trace(solution.rho) - 1),
      hermiticityError: hermiticityError(solution.rho),
      populationError: solution.uncertain,
      seconds: (performance.now() - begin) / 1000,
    },
    /** False where it was interrupted: of a state on its way. */
    complete: !wasStopped(solution.solver, backend),
    populations: populationsByLevel(reading),
    ladder: machineLadder(ladder),
    energies: reading.energies,
    heat: flows.heat,
    work: flows.work,
    flowErrors: { heat: flows.heatErrors, work: flows.workErrors },
    totalHeat: flows.totalHeat,
    totalWork: flows.totalWork,
    firstLaw: flows.balance,
    entropyProduction: flows.entropyProduction,
    observables: reading.observables,
    ...(also === null ? {} : { also }),
  };
}

export type MachineReport = ReturnType<typeof machineReport>;

const showMean = (mean: Mean): string =>
  typeof mean === 'number'
    ? shown(mean)
    : `${shown(mean.re)} ${mean.im < 0 ? '−' : '+'} ${shown(Math.abs(mean.im))} i`;

type Line = readonly [string, string];

/** Lines of one kind, whose kind stands in the first. */
const group = (kind: string, entries: readonly Line[]): Line[] =>
  entries.map(([name, value], k) => [`${(k === 0 ? kind : '').padEnd(12)}${name}`, value]);

const flowsOf = (
  flows: Readonly<Record<string, number>>,
  errors: Readonly<Record<string, number | null>>,
): Line[] => Object.entries(flows).map(([name, flow]) => [name, withError(flow, errors[name])]);

const entriesOf = (numbers: Readonly<Record<string, number>>): Line[] =>
  Object.entries(numbers).map(([name, value]) => [name, shown(value)]);

function ladderLines({ ladder, truncation }: MachineReport): Line[] {
  if (ladder === null) return [];
  const { symbol, mean, meanSquare, variance } = ladder;
  return [
    ['window', windowInWords(truncation)],
    [`⟨${symbol}⟩`, shown(mean)],
    [`⟨${symbol}²⟩`, shown(meanSquare)],
    [`Var ${symbol}`, shown(variance)],
  ];
}

/** The same for people. */
export function describeMachine(r: MachineReport): string {
  const { solver: s } = r;
  const parameters = parametersInWords(r.parameters);
  const hasWork = Object.values(r.work).some((flow) => flow !== 0);
  const lines: Line[] = [
    ...(r.complete
      ? []
      : ([['INTERRUPTED', 'the numbers below are not those of the steady state']] as Line[])),
    ['machine', r.machine.name],
    ...(r.machine.source === '' ? [] : ([['source', r.machine.source]] as Line[])),
    ...(parameters === '' ? [] : ([['parameters', parameters]] as Line[])),
    ['solved', solvedBy(r)],
    ['', s.reason],
    ['', `backend ${s.backendReason}`],
    [
      'errors',
      `residual ${s.residual.toExponential(1)} (relative ${s.relativeResidual.toExponential(1)}), ` +
        `trace ${s.traceError.toExponential(1)}, Hermiticity ${s.hermiticityError.toExponential(1)}` +
        (s.populationError === null ? '' : `, populations ± ${s.populationError.toExponential(1)}`),
    ],
    ['', ''],
    ...ladderLines(r),
    ...group(
      'populations',
      Object.entries(r.populations).map(
        ([name, levels]): Line => [
          name,
          `${Object.values(levels)
            .map((p) => shown(p))
            .join('  ')}  (${Object.keys(levels).join(' ')})`,
        ],
      ),
    ),
    ...group('energy', entriesOf(r.energies)),
    ...group('heat from', flowsOf(r.heat, r.flowErrors.heat)),
    ...(hasWork ? group('work by', flowsOf(r.work, r.flowErrors.work)) : []),
    ['first law', `${shown(r.firstLaw)} (heat + work)`],
    ...(r.entropyProduction === null
      ? []
      : ([['entropy', `${shown(r.entropyProduction)} (−Σ βQ)`]] as Line[])),
    ...group(
      'observable',
      Object.entries(r.observables).map(([name, mean]): Line => [name, showMean(mean)]),
    ),
    ...Object.entries(r.also ?? {}).map(([name, value]): Line => [name, shown(value)]),
  ];
  return inColumns(lines, 26);
}
