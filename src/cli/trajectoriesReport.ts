/** What `qmill trajectories` prints. */
import { ERROR_BARS, type Estimate } from '../simulate/moments.js';
import { OBSERVABLE_NAMES } from '../simulate/observableRecords.js';
import type { Route } from '../simulate/route.js';
import {
  Trajectories,
  type TrajectoryRequest,
  type TrajectorySnapshot,
} from '../simulate/trajectories.js';
import type { TrajectoryMeans } from '../simulate/trajectoryPool.js';
import { heldWindow } from '../simulate/windowSearch.js';
import { validityOf } from '../thermo/deviceValidity.js';
import { describeValidity } from '../thermo/validity.js';
import { deviceHead, initialHead } from './heads.js';
import { fieldOf } from './observedTable.js';
import type { RunOptions } from './options.js';
import { RUN_NAMES, recordOf, runRecords } from './runRecords.js';
import { inColumns, parametersInWords, unitInText } from './words.js';

/** What computed. */
export interface Computed {
  readonly name: string;
  readonly adapter: string | null;
  readonly precision: 'f32' | 'f64';
  /** Null on a device. */
  readonly threads: number | null;
}

export const MEANING =
  'error: the standard error, and one trajectory more than were run, as far off as the device allows on the levels ' +
  'that were seen and one beyond, for what is rare and did not happen; more than so many of them off is at most the ' +
  'given share of means';

/** The object that `qmill trajectories --json` prints. */
export function trajectoriesReport(
  { parameters, truncation: { edgeTolerance } }: RunOptions,
  { count: wanted, seed }: { readonly count: number; readonly seed: number },
  given: Readonly<Record<string, unknown>>,
  backend: Computed,
  { reason, backendReason }: Route,
  means: TrajectoryMeans<TrajectoryRequest>,
  seconds: number,
) {
  const { request, moments } = means;
  const trajectories = new Trajectories(request);
  const { device, method } = trajectories;
  const { count } = moments[0];
  return {
    ...deviceHead(parameters, device.cutoff),
    initial: initialHead(given),
    seed,
    count,
    complete: count === wanted,
    truncation: heldWindow(request, means, edgeTolerance),
    validity: validityOf(parameters, device.system.window),
    backend,
    solver: {
      space: 'state vectors',
      method,
      reason,
      backendReason,
      seconds,
    },
    errorBars: { ...ERROR_BARS, meaning: MEANING },
    snapshots: trajectories.snapshots(moments),
  };
}

/** In the order of a snapshot's list. */
const QUBIT_POPULATIONS = ['p00', 'p01', 'p10', 'p11'] as const;

type Report = ReturnType<typeof trajectoriesReport>;

export const show = ({ mean, error }: Estimate): string =>
  `${mean.toPrecision(6)} ± ${error === null ? '?' : error.toExponential(1)}`;

const isEstimate = (field: unknown): field is Estimate =>
  typeof field === 'object' && field !== null && 'mean' in field;

/** Of a number with its error and unit. */
const WIDTH = 40;

/** Every estimate of a time that has a record, in the order of the records. */
function estimateLines(snapshot: TrajectorySnapshot): (readonly [string, string])[] {
  const { populations } = snapshot.qubits;
  const qubits = Object.fromEntries(populations.map((p, k) => [QUBIT_POPULATIONS[k], p]));
  const row = { ...snapshot, qubits };
  const named = [
    ...OBSERVABLE_NAMES.map((name) => ({ name, ...recordOf(name) })),
    ...RUN_NAMES.map((name) => ({ name, ...runRecords[name] })),
  ];
  return named.flatMap(({ name, unit, description }) => {
    const found = fieldOf(row, name);
    if (!isEstimate(found)) return [];
    const measured = unit === '1' ? show(found) : `${show(found)} ${unitInText(unit)}`;
    return [[name, `${measured.padEnd(WIDTH)} ${description}`] as const];
  });
}

/** The same for people. */
export function describe(r: Report): string {
  const t = r.truncation;
  const lines: (readonly [string, string])[] = [
    ['model', 'cutoff' in r ? `${r.model}, Ω = ${r.cutoff}` : r.model],
    ['parameters', parametersInWords(r.parameters)],
    ['window', `[${t.lmin}, ${t.lmax}], edges at most ${t.edgeLow} ${t.edgeHigh}`],
    ['model holds?', describeValidity(r.validity)],
    ['trajectories', `${r.count} of seed ${r.seed}${r.complete ? '' : ', INTERRUPTED'}`],
    [
      'computed',
      `${r.backend.name} ${r.backend.precision}, ${r.backend.adapter ?? `${r.backend.threads} threads`}, ${r.solver.method}, ${r.solver.seconds.toFixed(2)} s`,
    ],
  ];
  const { bars, falseAlarms } = r.errorBars;
  lines.push([
    'errors ±',
    'the standard error, and one trajectory more for what did not happen: ' +
      `at most ${100 * falseAlarms} % of means are more than ${bars} of them off`,
  ]);
  for (const snapshot of r.snapshots) {
    lines.push(['', ''], ['t', `${snapshot.t} ${runRecords.t.unit}`], ...estimateLines(snapshot));
  }
  return inColumns(lines, 20);
}
