/** Curves of a device over one of its parameters: what is asked, and where each number of the answer is. */
import type { DeviceParameters, Truncation } from '../../model/parameters.js';
import type { ObservableName } from '../../simulate/observableRecords.js';
import { DRAWN } from '../content/observables.js';
import { type Axis, along } from '../map/grid.js';

/** What may be chosen: all flows as in Fig. 2, or one observable. */
export const CURVES: readonly ['flows', ...ObservableName[]] = ['flows', ...DRAWN];
export type Curves = (typeof CURVES)[number];

const FLOWS = ['heat.Q1', 'heat.Q2', 'heat.Qr', 'work.WQ'] as const;

export const curveNames = (shown: Curves): readonly ObservableName[] =>
  shown === 'flows' ? FLOWS : [shown];

export const CURVE_POINTS = 60;

export interface CurveRequest {
  readonly parameters: DeviceParameters;
  readonly truncation: Truncation;
  readonly axis: Axis;
  /** The last of what each point answers, after these, is the place of its operation. */
  readonly names: readonly ObservableName[];
}

export interface Curve {
  readonly request: CurveRequest;
  /** The points that are there, in rising order. */
  readonly places: Uint32Array;
  /** Number k of point p at p·(names + 1) + k; NaN where it has no value. */
  readonly values: Float64Array;
}

export const abscissa = ({ axis }: CurveRequest, p: number): number =>
  along(axis, p / (CURVE_POINTS - 1));

/** The same curves, wherever the device itself is on them. */
export const curveIdentity = ({ parameters, axis, ...rest }: CurveRequest): string =>
  JSON.stringify({ ...rest, axis, parameters: { ...parameters, [axis.name]: 0 } });

const COARSEST = 8;

/** Every point once, first few that are far apart. @param most points of the next piece */
export function* pieces(most: () => number): Generator<Uint32Array> {
  const last = CURVE_POINTS - 1;
  const far = (p: number): number => {
    let stride = COARSEST;
    while (p !== last && p % stride !== 0) stride /= 2;
    return stride;
  };
  const order = Array.from({ length: CURVE_POINTS }, (_, p) => p).sort((a, b) => far(b) - far(a));
  while (order.length > 0) yield Uint32Array.from(order.splice(0, most()));
}
