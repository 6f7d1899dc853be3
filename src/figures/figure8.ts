/** Fig. 8: the rotor's powers and its back-action heat in time, at β_2/β_1 = 0.8. */
import type { DeviceParameters } from '../model/parameters.js';
import { truncation } from '../model/parameters.js';
import type { EvolutionResult } from '../simulate/evolve.js';
import type { Snapshot } from '../simulate/snapshot.js';
import { type Changes, isUnchanged, withChanges } from './changes.js';
import { type Claim, statementsOf } from './claims.js';
import { type Dataset, observableColumns } from './dataset.js';
import { evolvedFromRest } from './evolved.js';
import { DRAWN } from './populationScan.js';
import { figure2Parameters } from './temperatureScan.js';

const RATIO = 0.8;

const figure8Parameters: DeviceParameters = {
  ...figure2Parameters,
  beta2: RATIO * figure2Parameters.beta1,
};

/** The times of the linear axis, and of the logarithmic one; the caption gives none. */
const LINEAR = { to: 1e5, count: 151 } as const;
const LOGARITHMIC = { from: 0.01, to: 1e6, count: 321 } as const;

const linearTimes = Array.from(
  { length: LINEAR.count },
  (_, i) => (LINEAR.to * i) / (LINEAR.count - 1),
);
const logarithmicTimes = Array.from(
  { length: LOGARITHMIC.count },
  (_, i) => LOGARITHMIC.from * (LOGARITHMIC.to / LOGARITHMIC.from) ** (i / (LOGARITHMIC.count - 1)),
);
const allTimes = [...new Set([...linearTimes, ...logarithmicTimes])].sort((a, b) => a - b);
export const FIGURE8_POINTS = allTimes.length;

/** @param report called with the number of times reached */
export const figure8Scan = (
  report: (done: number) => void,
  changes: Changes = {},
): Promise<EvolutionResult> => {
  const { beta1 = figure2Parameters.beta1 } = changes;
  const parameters = isUnchanged(changes)
    ? figure8Parameters
    : withChanges(figure2Parameters, { beta2: RATIO * beta1, ...changes });
  return evolvedFromRest(parameters, truncation(), allTimes, report);
};

/** The paper's device on the window that Figs. 6 and 7 draw. */
export const figure8CutScan = (): Promise<EvolutionResult> =>
  evolvedFromRest(figure8Parameters, truncation(DRAWN), allTimes, () => {});

export const figure8Data = ({ device: { parameters }, snapshots }: EvolutionResult) => ({
  parameters: { ...parameters, 'β₂': parameters.beta2 },
  /** End of the linear axis, and start of the logarithmic one. */
  linearTo: LINEAR.to,
  logarithmicFrom: LOGARITHMIC.from,
  rows: snapshots.map(({ t, power, heat }) => ({ t, ...power, Qr: heat.Qr })),
});

export type Figure8Data = ReturnType<typeof figure8Data>;

export function figure8Dataset(result: EvolutionResult): Dataset {
  return {
    columns: [
      { name: 't', unit: '1/energy', description: 'time' },
      ...observableColumns('power.kinetic', 'power.intrinsic', 'power.backAction', 'power.net'),
      ...observableColumns('heat.Qr'),
    ],
    rows: figure8Data(result).rows,
  };
}

/** A power falls where its changes are below this share of its largest value: rounding is no rise. */
const ROUNDING = 1e-9;

/** The time after the last rise of a quantity, and how much it rises by then from its lowest. */
function lastRise(snapshots: readonly Snapshot[], value: (s: Snapshot) => number): number {
  const values = snapshots.map(value);
  const largest = Math.max(...values.map(Math.abs));
  let last = 0;
  for (let i = 1; i < values.length; i++) {
    if (values[i] > values[i - 1] + ROUNDING * largest) last = snapshots[i].t;
  }
  return last;
}

/**
 * @param cut the same on the window of Figs. 6 and 7, which is too narrow for this device
 */
export function figure8Claims(
  { snapshots }: Pick<EvolutionResult, 'snapshots'>,
  { snapshots: cut }: Pick<EvolutionResult, 'snapshots'>,
): Claim[] {
  const last = snapshots[snapshots.length - 1];
  const largest = (value: (s: Snapshot) => number) => Math.max(...snapshots.map(value));
  const net = snapshots.map((s) => s.power.net);
  const peak = snapshots[net.indexOf(Math.max(...net))].t;
  const kineticRise = lastRise(snapshots, (s) => s.power.kinetic);
  const intrinsicRise = lastRise(snapshots, (s) => s.power.intrinsic);
  // What a linear axis of this length cannot show.
  const unseen = LINEAR.to / 1000;
  const share = (value: (s: Snapshot) => number) => Math.abs(value(last)) / largest(value);
  const remaining = Math.max(
    share((s) => s.power.kinetic),
    share((s) => s.power.net),
  );
  const mismatch = Math.abs(last.power.intrinsic / last.heat.Qr + 1);
  const row = statementsOf('8');
  const early = `at most ${unseen}, the width of a line on the axis`;
  const cutRise = lastRise(cut, (s) => s.power.intrinsic);
  const [cutEnd, end] = [cut, snapshots].map((all) => all[all.length - 1].power.intrinsic);
  return [
    row(
      'the net power quickly reaches a maximum before decreasing',
      peak,
      'time of the largest net power; after it only falls',
      `from ${unseen} to ${LINEAR.to / 2}`,
      peak > unseen && peak < LINEAR.to / 2 && lastRise(snapshots, (s) => s.power.net) <= peak,
    ),
    row(
      'the kinetic power steadily decreases',
      kineticRise,
      'time after which it only falls (before, within the first instants, it oscillates)',
      early,
      kineticRise < unseen,
    ),
    row(
      'the intrinsic power steadily decreases',
      intrinsicRise,
      `time after which it no longer rises: it falls first, then rises to ${end.toExponential(3)}`,
      early,
      intrinsicRise < unseen,
    ),
    row(
      `the same on the window [${DRAWN.lmin}, ${DRAWN.lmax}] that Figs. 6 and 7 draw`,
      cutRise,
      `time after which it no longer rises: there it falls to ${cutEnd.toExponential(3)}`,
      early,
      cutRise < unseen,
    ),
    row(
      'the kinetic and net power tend to zero',
      remaining,
      'the larger of what is left of each at t = 10⁶, relative to its maximum',
      'below 1e-9',
      remaining < 1e-9,
    ),
    row(
      'the intrinsic power tends to −Q_r',
      mismatch,
      'relative difference at t = 10⁶',
      'below 1e-9',
      mismatch < 1e-9,
    ),
  ];
}
