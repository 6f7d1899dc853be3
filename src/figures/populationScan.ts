/** What Figs. 6 and 7 are drawn from: the rotor's populations at growing times, with and without load. */
import { type DeviceParameters, deviceParameters, truncation } from '../model/parameters.js';
import { steadyObservables, steadyState } from '../simulate/steady.js';
import { type Claim, claimAbout } from './claims.js';
import type { Column } from './dataset.js';
import { evolvedFromRest } from './evolved.js';

/** The levels that the paper draws, and, as it says, all that it keeps in Fig. 6. */
export const DRAWN = { lmin: -5, lmax: 10 } as const;

/** The captions give no times: these show the start, the way, and where it ends. */
export const POPULATION_TIMES = [10, 100, 1000, 3000, 1e4, 3e4, 1e5, 1e6] as const;

const shared = {
  model: 'local',
  beta1: 0.1,
  beta2: 0.02,
  B1: 10,
  B2: 10,
  g: 1,
  chi: 0,
  lambda: 0.1,
  I: 1,
} as const;

/** Fig. 6's caption: no load. */
export const figure6Parameters: DeviceParameters = deviceParameters({ ...shared, gamma: 0 });
/** Fig. 7's caption. */
export const figure7Parameters: DeviceParameters = deviceParameters({
  ...shared,
  gamma: 5e-4,
  betaR: 0.09,
});

/** The populations of a window's levels at each time, and in its steady state. */
export interface PopulationHistory {
  readonly parameters: DeviceParameters;
  readonly lmin: number;
  readonly lmax: number;
  /** By time, then level. */
  readonly populations: readonly (readonly number[])[];
  readonly largestEdge: number;
  /** Null where the window has none that it would not distort. */
  readonly steady: { readonly populations: readonly number[]; readonly residual: number } | null;
}

/** @param report called with the number of times reached */
export async function populationHistory(
  parameters: DeviceParameters,
  window: { readonly lmin: number; readonly lmax: number } | null,
  hasSteadyState: boolean,
  report: (done: number) => void,
): Promise<PopulationHistory> {
  const given = truncation(window ?? {});
  const { snapshots, window: used } = await evolvedFromRest(
    parameters,
    given,
    POPULATION_TIMES,
    report,
  );
  let steady: PopulationHistory['steady'] = null;
  if (hasSteadyState) {
    const { rotor, residual } = steadyObservables(
      steadyState(parameters, truncation({ lmin: used.lmin, lmax: used.lmax })),
      given,
    );
    steady = { populations: rotor.populations, residual };
  }
  return {
    parameters,
    lmin: used.lmin,
    lmax: used.lmax,
    populations: snapshots.map((s) => s.rotor.populations),
    largestEdge: Math.max(...snapshots.flatMap((s) => [s.edgeLow, s.edgeHigh])),
    steady,
  };
}

/** The population of level l, 0 outside of the window. */
export const populationOf = (
  { lmin }: PopulationHistory,
  populations: readonly number[],
  l: number,
): number => populations[l - lmin] ?? 0;

/** A row for each of the times and each of the levels drawn. */
export const drawnRows = (history: PopulationHistory) =>
  POPULATION_TIMES.flatMap((t, k) =>
    Array.from({ length: DRAWN.lmax - DRAWN.lmin + 1 }, (_, i) => {
      const l = DRAWN.lmin + i;
      const of = (populations: readonly number[]) => populationOf(history, populations, l);
      return { t, l, population: of(history.populations[k]), steady: of(steadyOf(history)) };
    }),
  );

export const POPULATION_COLUMNS: readonly Column[] = [
  { name: 't', unit: '1/energy', description: 'time' },
  { name: 'l', unit: 'ħ', description: 'level' },
];

/** Populations of the steady state; none where there is none. */
export const steadyOf = ({ steady }: PopulationHistory): readonly number[] =>
  steady?.populations ?? [];

/** The level of the largest population. */
export const peakOf = ({ lmin }: PopulationHistory, populations: readonly number[]): number =>
  lmin + populations.indexOf(Math.max(...populations));

/** The share of the rotor that is on the levels drawn. */
export function shareDrawn(history: PopulationHistory, populations: readonly number[]): number {
  let share = 0;
  for (let l = DRAWN.lmin; l <= DRAWN.lmax; l++) share += populationOf(history, populations, l);
  return share;
}

/** How near a population has to be. */
const SETTLED = 1e-9;

/** That the last of the times drawn shows the steady state. */
export function steadyStateClaim(figure: string, history: PopulationHistory, what: string): Claim {
  const last = history.populations[history.populations.length - 1];
  const wanted = steadyOf(history);
  const difference = Math.max(...last.map((p, i) => Math.abs(p - wanted[i])));
  return claimAbout(figure, {
    claim: 'the evolution ends in the steady state',
    found: difference,
    meaning: `largest difference of a population${what} at t = 10⁶`,
    tolerance: `below ${SETTLED.toExponential()}`,
    holds: difference < SETTLED,
  });
}
