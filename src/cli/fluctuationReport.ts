/** What `qmill fluctuations` prints: one object for programs, lines for people. */
import type { BathFluctuations, Fluctuations } from '../fluctuations/fluctuations.js';
import type { Estimate } from '../lindblad/estimate.js';
import type { DescribedMachine } from '../machine/description/describedMachine.js';
import type { Values } from '../machine/tape.js';
import type { DeviceParameters } from '../model/parameters.js';
import { type OpenEnds, WITHOUT_END, windowEdges } from '../simulate/edgeProblems.js';
import { sectorVerdict } from '../simulate/sectorVerdict.js';
import {
  describeDynamics,
  dynamicsProblems,
  dynamicsReport,
  type Names,
} from './dynamicsReport.js';
import { windowText } from './windowText.js';

const MILL: Readonly<Record<string, Names>> = {
  bath1: { current: 'N1', short: 'N1', heat: 'Q1' },
  bath2: { current: 'N2', short: 'N2', heat: 'Q2' },
  load: { current: 'loadAngularMomentum', short: 'L', heat: 'Qr' },
};

const millNames = (bath: string): Names => MILL[bath];
const plainNames = (bath: string): Names => ({ current: bath, short: bath, heat: bath });

const record = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> =>
  Object.fromEntries(entries);

type Counted = BathFluctuations & { readonly quanta: NonNullable<BathFluctuations['quanta']> };
type Warm = BathFluctuations & { readonly heat: NonNullable<BathFluctuations['heat']> };

const counted = ({ baths }: Fluctuations) =>
  baths.filter((bath): bath is Counted => bath.quanta !== null);
const warm = ({ baths }: Fluctuations) => baths.filter((bath): bath is Warm => bath.heat !== null);

/** Whether more than mean and noise is known of its heat. */
const hasHigher = ({ heat }: Warm): boolean => heat.cumulants.length > 2;

/** Numbers of one kind, and their errors under the same names. */
function numbersOf(found: Fluctuations, names: (bath: string) => Names) {
  const noises: [string, Estimate][] = [
    ...counted(found).map(({ name, quanta }): [string, Estimate] => [
      names(name).current,
      quanta.noise,
    ]),
    ...found.covariances.map(({ baths: [a, b], covariance }): [string, Estimate] => [
      `${names(a).short}_${names(b).short}`,
      covariance,
    ]),
  ];
  const groups = {
    currents: counted(found).map(({ name, quanta }): [string, Estimate] => [
      names(name).current,
      quanta.mean,
    ]),
    noise: noises,
    heat: warm(found).map(({ name, heat }): [string, Estimate] => [names(name).heat, heat.mean]),
    heatNoise: warm(found).map(({ name, heat }): [string, Estimate] => [
      names(name).heat,
      heat.noise,
    ]),
  };
  const mapped = (pick: (estimate: Estimate) => number) => ({
    currents: record(groups.currents.map(([key, x]) => [key, pick(x)])),
    noise: record(groups.noise.map(([key, x]) => [key, pick(x)])),
    heat: record(groups.heat.map(([key, x]) => [key, pick(x)])),
    heatNoise: record(groups.heatNoise.map(([key, x]) => [key, pick(x)])),
  });
  const { entropyProduction: entropy, clausius, activity } = found;
  return {
    ...mapped(({ value }) => value),
    entropyProduction: {
      ...record(found.baths.map(({ name, entropyProduction }) => [name, entropyProduction.value])),
      sum: entropy?.value ?? null,
      clausius,
    },
    entropy: { total: found.entropy },
    activity: {
      ...record(found.baths.map((bath) => [bath.name, bath.activity])),
      sum: activity,
    },
    cumulants: record(
      counted(found).map(({ name, quanta }) => [names(name).current, [...quanta.cumulants]]),
    ),
    ...(warm(found).some(hasHigher)
      ? {
          heatCumulants: record(
            warm(found).map(({ name, heat }) => [names(name).heat, [...heat.cumulants]]),
          ),
        }
      : {}),
    errors: {
      ...mapped(({ error }) => error),
      entropyProduction: {
        ...record(
          found.baths.map(({ name, entropyProduction }) => [name, entropyProduction.error]),
        ),
        sum: entropy?.error ?? null,
      },
    },
    notes: found.baths.flatMap(({ name, entropyProduction: { reason } }) =>
      reason === null ? [] : [`entropy production of ${name}: ${reason}`],
    ),
  };
}

const backend = { name: 'cpu', adapter: null, precision: 'f64' as const };

/** Verdict, window and what was asked for at frequencies, fields and times. */
function commonOf(
  found: Fluctuations,
  names: (bath: string) => Names,
  open: OpenEnds,
  edgeTolerance: number,
  begin: number,
) {
  const verdict = sectorVerdict(found, open, edgeTolerance, begin);
  const { dynamics } = found;
  const problems = [...verdict.problems, ...(dynamics === null ? [] : dynamicsProblems(dynamics))];
  return {
    backend,
    solver: { ...verdict, problems, converged: problems.length === 0 },
    truncation: windowEdges(found.window, found.edges, open),
    complete: true,
    ...numbersOf(found, names),
    ...(dynamics === null ? {} : dynamicsReport(dynamics, names)),
  };
}

/**
 * The object that `qmill fluctuations --json` prints of the paper's machine.
 * @param begin when the work began, in milliseconds of `performance.now`
 */
export function fluctuationReport(
  { model, cutoff: _, ...parameters }: DeviceParameters,
  cutoff: number | null,
  found: Fluctuations,
  edgeTolerance: number,
  begin: number,
) {
  const perBath = (key: string, pick: (quanta: Counted['quanta']) => number | null) =>
    record(counted(found).map(({ name, quanta }) => [`${key}_${MILL[name].short}`, pick(quanta)]));
  return {
    model,
    parameters,
    ...(cutoff === null ? {} : { cutoff }),
    ...commonOf(found, millNames, WITHOUT_END, edgeTolerance, begin),
    ...perBath('fano', ({ fano }) => fano),
    ...perBath('TUR', ({ uncertainty }) => uncertainty),
    ...perBath('KUR', ({ kineticUncertainty }) => kineticUncertainty),
  };
}

/** The same of a machine that a file describes. */
export function machineFluctuationReport(
  { name, file, source, ladder }: DescribedMachine,
  parameters: Values,
  found: Fluctuations,
  edgeTolerance: number,
  begin: number,
) {
  const perBath = (pick: (quanta: Counted['quanta']) => number | null) =>
    record(counted(found).map((bath) => [bath.name, pick(bath.quanta)]));
  return {
    machine: { name, file, source },
    parameters,
    ...commonOf(found, plainNames, ladder.open, edgeTolerance, begin),
    fano: perBath(({ fano }) => fano),
    TUR: perBath(({ uncertainty }) => uncertainty),
    KUR: perBath(({ kineticUncertainty }) => kineticUncertainty),
  };
}

const show = (value: number | null): string =>
  value === null ? '–' : value === 0 ? '0' : value.toPrecision(12);

const showEstimate = ({ value, error }: Estimate): string =>
  error > 1e-11 * Math.abs(value) ? `${show(value)} ± ${error.toExponential(1)}` : show(value);

/** The same for people. */
export function describeFluctuations(
  report: ReturnType<typeof fluctuationReport> | ReturnType<typeof machineFluctuationReport>,
  found: Fluctuations,
): string {
  const names = 'machine' in report ? plainNames : millNames;
  const { truncation: t, solver } = report;
  const lines: [string, string][] = [
    ['machine' in report ? report.machine.name : `mill, ${report.model}`, ''],
    [
      'parameters',
      Object.entries(report.parameters)
        .map(([k, v]) => `${k}=${v}`)
        .join(' '),
    ],
    ['window', windowText(t)],
    [
      'errors',
      `residual ${solver.residual.toExponential(1)} (relative ${solver.relativeResidual.toExponential(1)})`,
    ],
  ];
  for (const { name, quanta, heat, activity, entropyProduction: entropy } of found.baths) {
    lines.push(['', ''], [name, `${show(activity)} jumps by time`]);
    if (quanta !== null) {
      const { current } = names(name);
      lines.push([`  current ${current}`, showEstimate(quanta.mean)]);
      lines.push(['  noise', showEstimate(quanta.noise)]);
      lines.push(['  Fano', show(quanta.fano)]);
      lines.push(['  TUR', `${show(quanta.uncertainty)}  (noise · σ/current², classically ≥ 2)`]);
      lines.push([
        '  KUR',
        `${show(quanta.kineticUncertainty)}  (noise · jumps/current², classically ≥ 1)`,
      ]);
      quanta.cumulants.slice(2).forEach((c, k) => {
        lines.push([`  cumulant ${k + 3}`, show(c)]);
      });
    }
    if (heat !== null) {
      lines.push(['  heat', showEstimate(heat.mean)], ['  heat noise', showEstimate(heat.noise)]);
      heat.cumulants.slice(2).forEach((c, k) => {
        lines.push([`  of heat ${k + 3}`, show(c)]);
      });
    }
    const { value, error, reason } = entropy;
    lines.push([
      '  entropy produced',
      value === null || error === null ? `– (${reason})` : showEstimate({ value, error }),
    ]);
  }
  lines.push(['', '']);
  for (const { baths, covariance } of found.covariances) {
    const [a, b] = baths.map((bath) => names(bath).short);
    lines.push([`covariance ${a}, ${b}`, showEstimate(covariance)]);
  }
  const { entropyProduction: sum, clausius } = found;
  lines.push(['entropy', `${show(found.entropy)} (−Tr ρ ln ρ)`]);
  lines.push(['entropy produced', sum === null ? '–' : `${showEstimate(sum)} (Spohn, all baths)`]);
  lines.push(['', `${show(clausius)} (Clausius, −Σ βQ)`]);
  const { dynamics } = found;
  const text = [
    ...lines.map(([name, value]) => `${name.padEnd(30)}${value}`.trimEnd()),
    ...(dynamics === null ? [] : describeDynamics(dynamics, names)),
  ];
  return `${text.join('\n')}\n`;
}
