/** The scan behind Figs. 4 and 5: the global model in both directions, against χ at three hot baths. */
import { type DeviceParameters, deviceParameters, truncation } from '../model/parameters.js';
import {
  angular,
  bothDirections,
  type DirectionPair,
  heat,
  withCutoffSettled,
} from '../simulate/rectify.js';
import { maximum } from '../simulate/search.js';
import { performance as gamma, type Rectification } from '../thermo/rectification.js';
import { type Changes, withChanges } from './changes.js';

/** Fig. 4's caption, and App. A for Ω; I is not given there and is 1 here. χ and β_2 vary. */
export const figure4Parameters: DeviceParameters = deviceParameters({
  model: 'global',
  cutoff: 'max-bohr',
  beta1: 0.1,
  betaR: 0.09,
  B1: 4,
  B2: 10,
  g: 0.5,
  lambda: 0.1,
  gamma: 5e-5,
  I: 1,
});

/** The paper does not give its three hot temperatures. */
export const HOT_BETAS = [0.01, 0.02, 0.05] as const;
const ALPHAS = [0, 0.5, 1] as const;
/** χ = 1 takes qubit 1 off its bath, and the curves move fastest just before. */
const LARGEST_CHI = 0.995;
const chiOf = (share: number): number => 1 - (1 - LARGEST_CHI) ** share;
/** One window, and with it one Ω, for every point: it holds the fastest rotor of the range. */
const WINDOW = truncation({ lmin: -30, lmax: 60 });

export interface RectificationPoint {
  readonly beta2: number;
  readonly chi: number;
  readonly pair: DirectionPair;
  readonly heat: Rectification;
  /** Of the magnitudes of ⟨L_z⟩, which is what Fig. 5 shows; and as Eq. (42) is printed. */
  readonly angular: Rectification;
  readonly angularSigned: Rectification;
}

export interface RectificationOptimum extends RectificationPoint {
  readonly quantity: 'heat' | 'angular';
  readonly alpha: number;
}

export interface RectificationScan {
  readonly parameters: DeviceParameters;
  readonly cutoff: number;
  readonly window: { readonly lmin: number; readonly lmax: number };
  readonly points: readonly RectificationPoint[];
  /** The maxima of Γ_α over χ, one for each quantity, hot bath and α. */
  readonly optima: readonly RectificationOptimum[];
  /** The largest residual and the largest population at an edge of the window. */
  readonly residual: number;
  readonly edge: number;
}

/** Heat's rectification of another device than the figures', on their window. */
export function rectificationAt(changes: Changes): Rectification {
  const parameters = withCutoffSettled(withChanges(figure4Parameters, changes), WINDOW);
  return heat(bothDirections(parameters, WINDOW), parameters);
}

/** @param report called after each point of the curves with the number done */
export function rectificationScan(
  count: number,
  report?: (done: number) => void,
  changes: Changes = {},
): RectificationScan {
  const base = withChanges(figure4Parameters, changes);
  const settled = withCutoffSettled(base, WINDOW);
  const at = (beta2: number, chi: number): RectificationPoint => {
    const parameters = { ...settled, beta2, chi };
    const pair = bothDirections(parameters, WINDOW);
    return {
      beta2,
      chi,
      pair,
      heat: heat(pair, parameters),
      angular: angular(pair, 'magnitude'),
      angularSigned: angular(pair, 'signed'),
    };
  };
  const points: RectificationPoint[] = [];
  for (const beta2 of HOT_BETAS) {
    for (let i = 0; i < count; i++) {
      points.push(at(beta2, chiOf(i / (count - 1))));
      report?.(points.length);
    }
  }
  const optima = (['heat', 'angular'] as const).flatMap((quantity) =>
    HOT_BETAS.flatMap((beta2) =>
      ALPHAS.map((alpha) => {
        // The curve brackets its maximum; the search finds it.
        const curve = points.filter((point) => point.beta2 === beta2);
        const values = curve.map((point) => gamma(point[quantity], alpha));
        const best = values.indexOf(Math.max(...values));
        const chi = maximum(
          (x) => gamma(at(beta2, x)[quantity], alpha),
          curve[Math.max(0, best - 1)].chi,
          curve[Math.min(curve.length - 1, best + 1)].chi,
        );
        return { ...at(beta2, chi), quantity, alpha };
      }),
    ),
  );
  const directions = points.flatMap(({ pair }) => [pair.forward, pair.swapped]);
  return {
    parameters: base,
    cutoff: Number(settled.cutoff),
    window: { lmin: directions[0].lmin, lmax: directions[0].lmax },
    points,
    optima,
    residual: Math.max(...directions.map(({ residual }) => residual)),
    edge: Math.max(...directions.map(({ edge }) => edge)),
  };
}
