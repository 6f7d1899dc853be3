/** What `qmill fluctuations` prints: one object for programs, lines for people. */
import type { BathFluctuations, Fluctuations } from '../fluctuations/fluctuations.js';
import type { Estimate } from '../lindblad/estimate.js';
import { machineModel } from '../machine/description/models.js';
import { masterEquationOf } from '../model/masterEquations/registry.js';
import { windowEdges } from '../simulate/edgeProblems.js';
import { sectorVerdict } from '../simulate/sectorVerdict.js';
import { type About, headOf } from './about.js';
import type { ChosenMachine } from './chosenMachine.js';
import {
  describeDynamics,
  dynamicsProblems,
  dynamicsReport,
  type Names,
  record,
} from './dynamicsReport.js';
import { inColumns, parametersInWords, shown, windowInWords, withError } from './words.js';

const MILL: Readonly<Record<string, Names>> = {
  bath1: { current: 'N1', short: 'N1', heat: 'Q1' },
  bath2: { current: 'N2', short: 'N2', heat: 'Q2' },
  load: { current: 'loadAngularMomentum', short: 'L', heat: 'Qr' },
};

const millNames = (bath: string): Names => MILL[bath];
const plainNames = (bath: string): Names => ({ current: bath, short: bath, heat: bath });

type Counted = BathFluctuations & { readonly quanta: NonNullable<BathFluctuations['quanta']> };
type Warm = BathFluctuations & { readonly heat: NonNullable<BathFluctuations['heat']> };

const counted = ({ baths }: Fluctuations) =>
  baths.filter((bath): bath is Counted => bath.quanta !== null);
const warm = ({ baths }: Fluctuations) => baths.filter((bath): bath is Warm => bath.heat !== null);

/** Whether more than mean and noise is known of its heat. */
const hasHigher = ({ heat }: Warm): boolean => heat.cumulants.length > 2;

/** Numbers of one kind, and their errors under the same names. */
function numbersOf(found: Fluctuations, names: (bath: string) => Names) {
  const quantaOf = (pick: (quanta: Counted['quanta']) => Estimate): [string, Estimate][] =>
    counted(found).map(({ name, quanta }) => [names(name).current, pick(quanta)]);
  const heatOf = (pick: (heat: Warm['heat']) => Estimate): [string, Estimate][] =>
    warm(found).map(({ name, heat }) => [names(name).heat, pick(heat)]);
  const covariances = found.covariances.map(({ baths: [a, b], covariance }): [string, Estimate] => [
    `${names(a).short}_${names(b).short}`,
    covariance,
  ]);
  const groups = {
    currents: quantaOf(({ mean }) => mean),
    noise: [...quantaOf(({ noise }) => noise), ...covariances],
    heat: heatOf(({ mean }) => mean),
    heatNoise: heatOf(({ noise }) => noise),
  };
  const mapped = (pick: (estimate: Estimate) => number) =>
    record(
      Object.entries(groups).map(([group, all]) => [
        group,
        record(all.map(([key, x]) => [key, pick(x)])),
      ]),
    );
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

/** Of a bath of a described machine: where a steady state has work, jumps bring energy of which no part is known by itself. */
function describedNotes({ described }: ChosenMachine, { baths }: Fluctuations): string[] {
  const isWhole = machineModel(described.model).energies === 'whole';
  const hasWork = isWhole && described.energies.some(({ isHeat }) => !isHeat);
  return described.baths.flatMap(({ name, isHeat }) => {
    const isCounted = baths.some((bath) => bath.name === name && bath.heat !== null);
    if (!isCounted || (isHeat && !hasWork)) return [];
    return isWhole
      ? [`heat of ${name}: all of the energy that it brings, heat + work of a steady state`]
      : [
          `heat of ${name}: what it brings into energies that count as heat: work of a steady state`,
        ];
  });
}

/** Between eigenstates the load's heat is another one than that of Eq. (21). */
function heatNotes({ machine, options: { parameters } }: About, found: Fluctuations): string[] {
  if (machine !== null) return describedNotes(machine, found);
  const load = found.baths.find(({ name }) => name === 'load');
  if (!load?.heat || masterEquationOf(parameters).reach === 'own') return [];
  return [
    'heat of load: all of the energy that it brings, heat.Qr + work.Wr + work.V of a steady state',
  ];
}

/** Numbers of each current by the mill's names, or in a group of their own. */
function perCurrent(
  found: Fluctuations,
  isMill: boolean,
  key: string,
  pick: (quanta: Counted['quanta']) => number | null,
) {
  const of = counted(found).map(({ name, quanta }) => [name, pick(quanta)] as const);
  if (!isMill) return { [key]: record(of) };
  return record(of.map(([name, value]) => [`${key}_${MILL[name].short}`, value]));
}

/**
 * The object that `qmill fluctuations --json` prints.
 * @param begin when the work began, in milliseconds of `performance.now`
 */
export function fluctuationReport(
  about: About,
  found: Fluctuations & { readonly cutoff?: number | null },
  begin: number,
) {
  const isMill = about.machine === null;
  const names = isMill ? millNames : plainNames;
  const verdict = sectorVerdict(found, about.open, about.edgeTolerance, begin);
  const { dynamics } = found;
  const { notes, ...numbers } = numbersOf(found, names);
  const problems = [...verdict.problems, ...(dynamics === null ? [] : dynamicsProblems(dynamics))];
  return {
    ...headOf(about, found.cutoff ?? null),
    backend: { name: 'cpu', adapter: null, precision: 'f64' as const },
    solver: { ...verdict, problems, converged: problems.length === 0 },
    truncation: windowEdges(found.window, found.edges, about.open),
    complete: true,
    ...numbers,
    notes: [...notes, ...heatNotes(about, found)],
    ...(dynamics === null ? {} : dynamicsReport(dynamics, names)),
    ...perCurrent(found, isMill, 'fano', ({ fano }) => fano),
    ...perCurrent(found, isMill, 'TUR', ({ uncertainty }) => uncertainty),
    ...perCurrent(found, isMill, 'KUR', ({ kineticUncertainty }) => kineticUncertainty),
  };
}

const showEstimate = ({ value, error }: Estimate): string => withError(value, error);

/** The same for people. */
export function describeFluctuations(
  report: ReturnType<typeof fluctuationReport>,
  found: Fluctuations,
): string {
  const names = 'machine' in report ? plainNames : millNames;
  const { truncation, solver } = report;
  const lines: [string, string][] = [
    ['machine' in report ? report.machine.name : `mill, ${report.model}`, ''],
    ['parameters', parametersInWords(report.parameters)],
    ['window', windowInWords(truncation)],
    [
      'errors',
      `residual ${solver.residual.toExponential(1)} (relative ${solver.relativeResidual.toExponential(1)})`,
    ],
  ];
  for (const { name, quanta, heat, activity, entropyProduction: entropy } of found.baths) {
    lines.push(['', ''], [name, `${shown(activity)} jumps by time`]);
    if (quanta !== null) {
      const { current } = names(name);
      lines.push([`  current ${current}`, showEstimate(quanta.mean)]);
      lines.push(['  noise', showEstimate(quanta.noise)]);
      lines.push(['  Fano', shown(quanta.fano)]);
      lines.push(['  TUR', `${shown(quanta.uncertainty)}  (noise · σ/current², classically ≥ 2)`]);
      lines.push([
        '  KUR',
        `${shown(quanta.kineticUncertainty)}  (noise · jumps/current², classically ≥ 1)`,
      ]);
      quanta.cumulants.slice(2).forEach((c, k) => {
        lines.push([`  cumulant ${k + 3}`, shown(c)]);
      });
    }
    if (heat !== null) {
      lines.push(['  heat', showEstimate(heat.mean)], ['  heat noise', showEstimate(heat.noise)]);
      heat.cumulants.slice(2).forEach((c, k) => {
        lines.push([`  of heat ${k + 3}`, shown(c)]);
      });
    }
    const { value, error } = entropy;
    lines.push([
      '  entropy produced',
      value === null || error === null ? '–' : showEstimate({ value, error }),
    ]);
  }
  lines.push(['', '']);
  for (const { baths, covariance } of found.covariances) {
    const [a, b] = baths.map((bath) => names(bath).short);
    lines.push([`covariance ${a}, ${b}`, showEstimate(covariance)]);
  }
  const { entropyProduction: sum, clausius } = found;
  lines.push(['entropy', `${shown(found.entropy)} (−Tr ρ ln ρ)`]);
  lines.push(['entropy produced', sum === null ? '–' : `${showEstimate(sum)} (Spohn, all baths)`]);
  lines.push(['', `${shown(clausius)} (Clausius, −Σ βQ)`]);
  for (const note of report.notes) lines.push(['note', note]);
  const { dynamics } = found;
  const more = dynamics === null ? [] : describeDynamics(dynamics, names);
  return [inColumns(lines, 30), ...more.map((line) => `${line}\n`)].join('');
}
