/** The scan behind Figs. 2 and 3: steady states of the local model against β_2/β_1. */
import { type DeviceParameters, deviceParameters, truncation } from '../model/parameters.js';
import { type SteadyObservables, steadyObservables, steadyState } from '../simulate/steady.js';
import type { Operation } from '../thermo/operation.js';
import { type Changes, withChanges } from './changes.js';
import { boundary } from './search.js';

/** Fig. 2's caption; I is not given there and is 1 here. β_2 varies. */
export const figure2Parameters: DeviceParameters = deviceParameters({
  model: 'local',
  beta1: 0.1,
  betaR: 0.09,
  B1: 4,
  B2: 10,
  g: 1,
  chi: 0,
  lambda: 0.1,
  gamma: 5e-5,
  I: 1,
});

/** The range the paper scans: β_2 < β_r, hence β_2/β_1 < 0.9. */
const RATIO_RANGE = { from: 0.005, to: 0.9 } as const;

export interface ScanPoint {
  readonly ratio: number;
  readonly observables: SteadyObservables;
}

export interface Regime {
  readonly operation: Operation;
  readonly from: number;
  readonly to: number;
}

export interface TemperatureScan {
  readonly parameters: DeviceParameters;
  readonly points: readonly ScanPoint[];
  /** Adjoining ranges of β_2/β_1, their ends found by bisection. */
  readonly regimes: readonly Regime[];
}

/** The steady state at one β_2/β_1. */
export function atRatio(ratio: number, base = figure2Parameters): SteadyObservables {
  const window = truncation();
  const parameters = { ...base, beta2: ratio * base.beta1 };
  return steadyObservables(steadyState(parameters, window), window);
}

/**
 * The scan with the given number of equally spaced ratios.
 * @param report called after each point with the number done
 */
export function temperatureScan(
  count: number,
  report?: (done: number) => void,
  changes: Changes = {},
): TemperatureScan {
  const parameters = withChanges(figure2Parameters, changes);
  const { from, to } = RATIO_RANGE;
  const points: ScanPoint[] = [];
  for (let i = 0; i < count; i++) {
    const ratio = from + ((to - from) * i) / (count - 1);
    points.push({ ratio, observables: atRatio(ratio, parameters) });
    report?.(i + 1);
  }
  return { parameters, points, regimes: regimesOf(points, parameters) };
}

function regimesOf(points: readonly ScanPoint[], parameters: DeviceParameters): Regime[] {
  const regimes: Regime[] = [];
  let from = points[0].ratio;
  for (let i = 1; i < points.length; i++) {
    const { operation } = points[i - 1].observables;
    if (points[i].observables.operation === operation) continue;
    const to = boundary(
      (ratio) => atRatio(ratio, parameters).operation === operation,
      points[i - 1].ratio,
      points[i].ratio,
    );
    regimes.push({ operation, from, to });
    from = to;
  }
  const last = points[points.length - 1];
  regimes.push({ operation: last.observables.operation, from, to: last.ratio });
  return regimes;
}
