/** What `qmill trajectories` prints. */
import { ERROR_BARS, type Estimate } from '../simulate/moments.js';
import { Trajectories } from '../simulate/trajectories.js';
import type { TrajectoryMeans } from '../simulate/trajectoryPool.js';
import { describeValidity, validityOf } from '../thermo/validity.js';
import type { RunOptions } from './options.js';

/** What computed. */
export interface Computed {
  readonly name: string;
  readonly adapter: string | null;
  readonly precision: 'f32' | 'f64';
  /** Null on a device. */
  readonly threads: number | null;
}

const MEANING =
  'error: the standard error, and one trajectory more than were run, as far off as the device allows on the levels ' +
  'that were seen and one beyond, for what is rare and did not happen; more than so many of them off is at most the ' +
  'given share of means';

/** The object that `qmill trajectories --json` prints. */
export function trajectoriesReport(
  { parameters, truncation: { edgeTolerance } }: RunOptions,
  { count: wanted, seed }: { readonly count: number; readonly seed: number },
  given: Readonly<Record<string, unknown>>,
  backend: Computed,
  { request, moments, edgeLow, edgeHigh }: TrajectoryMeans,
  seconds: number,
) {
  const { model, cutoff: _, ...rest } = parameters;
  const { lmin, lmax } = request;
  const trajectories = new Trajectories(request);
  const { device, closedForm } = trajectories;
  const { count } = moments[0];
  return {
    model,
    parameters: rest,
    ...(device.cutoff === null ? {} : { cutoff: device.cutoff }),
    initial: {
      ...(given.qubits === undefined ? { qubit1: 'thermal', qubit2: 'thermal' } : {}),
      rotor: 0,
      ...given,
    },
    seed,
    count,
    complete: count === wanted,
    truncation: {
      lmin,
      lmax,
      edgeLow,
      edgeHigh,
      converged: edgeLow <= edgeTolerance && edgeHigh <= edgeTolerance,
    },
    validity: validityOf(parameters, device.system.window),
    backend,
    solver: {
      space: 'state vectors',
      method: closedForm ? 'trajectories, closed form' : 'trajectories, Taylor series',
      seconds,
    },
    errorBars: { ...ERROR_BARS, meaning: MEANING },
    snapshots: trajectories.snapshots(moments),
  };
}

type Report = ReturnType<typeof trajectoriesReport>;

const show = ({ mean, error }: Estimate): string =>
  `${mean.toPrecision(6)} ± ${error === null ? '?' : error.toExponential(1)}`;

/** The same for people. */
export function describe(r: Report): string {
  const t = r.truncation;
  const lines: (readonly [string, string])[] = [
    ['model', 'cutoff' in r ? `${r.model}, Ω = ${r.cutoff}` : r.model],
    [
      'parameters',
      Object.entries(r.parameters)
        .map(([k, v]) => `${k}=${v}`)
        .join(' '),
    ],
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
  for (const s of r.snapshots) {
    lines.push(
      ['', ''],
      ['t', String(s.t)],
      ['heat  Q1', show(s.heat.Q1)],
      ['      Q2', show(s.heat.Q2)],
      ['      Qr', show(s.heat.Qr)],
      ['exchanged until t 1', show(s.exchanged.Q1)],
      ['                  2', show(s.exchanged.Q2)],
      ['               load', show(s.exchanged.Qr)],
      ['⟨L_z⟩', show(s.rotor.Lz)],
      ['⟨L_z²⟩', show(s.rotor.Lz2)],
      ['qubit populations', `${s.qubits.populations.map(show).join('  ')}  (00 01 10 11)`],
    );
  }
  return `${lines.map(([name, value]) => `${name.padEnd(20)}${value}`.trimEnd()).join('\n')}\n`;
}
