/** The points of a map: two parameters on two axes, computed from coarse to fine. */
import type { BackendName } from '../../backend/registry.js';
import type { DeviceParameters, Truncation } from '../../model/parameters.js';
import { POTENTIAL_PARAMETERS } from '../../model/potentialParameters.js';
import {
  OBSERVABLE_NAMES,
  type ObservableName,
  observableRecord,
  type observableRecords,
} from '../../simulate/observableRecords.js';
import { DRAWN } from '../content/observables.js';
import type { NumericParameter } from '../content/ranges.js';

export interface Axis {
  readonly name: NumericParameter;
  readonly from: number;
  readonly to: number;
  readonly spacing: 'linear' | 'logarithmic';
}

export interface MapRequest {
  readonly parameters: DeviceParameters;
  readonly truncation: Truncation;
  readonly backend: BackendName;
  readonly x: Axis;
  readonly y: Axis;
  /** Points along each axis; the first and the last lie on its ends. */
  readonly size: number;
  /** What is computed beside what every map has; null for nothing. */
  readonly extra: ObservableName | null;
}

/** An observable whose record gives it a place on the map. */
export type MapObservable = {
  readonly [N in keyof typeof observableRecords]: (typeof observableRecords)[N] extends {
    readonly map: string;
  }
    ? N
    : never;
}[keyof typeof observableRecords];

function isOnMap(name: ObservableName): name is MapObservable {
  return observableRecord(name).map !== undefined;
}

/** The numbers of every point, in this order; then the larger population at an edge, and what is asked for beside. */
export const MAP_OBSERVABLES = OBSERVABLE_NAMES.filter(isOnMap);
export const EDGE = MAP_OBSERVABLES.length;
const EXTRA = EDGE + 1;
export const MAP_WIDTH = EXTRA + 1;

/** All that a map may show. */
export const MAP_SHOWN: readonly ObservableName[] = [
  ...MAP_OBSERVABLES,
  ...DRAWN.filter((name) => !isOnMap(name)),
];

/** What a map of it computes beside what every map has. */
export const extraOf = (shown: ObservableName): ObservableName | null =>
  isOnMap(shown) ? null : shown;

/** Where an observable is among the numbers of a point. */
export const slotOf = (name: ObservableName): number =>
  isOnMap(name) ? MAP_OBSERVABLES.indexOf(name) : EXTRA;

/** The value at a share of an axis, from 0 to 1, to twelve digits: 0.052 and not 0.052000000000000005. */
export function along({ from, to, spacing }: Omit<Axis, 'name'>, share: number): number {
  const value = spacing === 'linear' ? from + (to - from) * share : from * (to / from) ** share;
  return Number(value.toPrecision(12));
}

/** What a map of so many points spans: half a cell more on both sides, for every point is the middle of its cell. */
export function spanned({ from, to, spacing }: Axis, size: number): readonly [number, number] {
  const half = 0.5 / (size - 1);
  return spacing === 'linear'
    ? [from - half * (to - from), to + half * (to - from)]
    : [from * (from / to) ** half, to * (to / from) ** half];
}

/** The values of both axes at a place: column i and row j, which counts from below, are at j·size + i. */
export function coordinates({ x, y, size }: MapRequest, place: number): readonly [number, number] {
  const i = place % size;
  return [along(x, i / (size - 1)), along(y, (place - i) / size / (size - 1))];
}

/** The device at a place. */
export function pointOf(request: MapRequest, place: number): DeviceParameters {
  const [x, y] = coordinates(request, place);
  return { ...request.parameters, [request.x.name]: x, [request.y.name]: y };
}

/** One number of the point at a place; NaN where it has none. */
export const valueAt = (values: Float64Array, place: number, name: ObservableName): number =>
  values[place * MAP_WIDTH + slotOf(name)];

/** Whether the devices have a potential, but for one where an axis begins or ends: each is then solved in layers. */
export const reachesPotential = (
  parameters: DeviceParameters,
  axes: readonly Pick<Axis, 'name'>[],
): boolean =>
  POTENTIAL_PARAMETERS.some(
    (name) => parameters[name] !== 0 || axes.some((axis) => axis.name === name),
  );

/** Points along each axis at most where there is a potential. */
export const MOST_IN_POTENTIAL = 100;

/** The stride of the first points that are computed. */
export const COARSEST = 16;

export interface Task {
  /** Columns and rows of one point stand for a square of this side until finer ones come. */
  readonly stride: number;
  /** j·size + i of each point. */
  readonly places: Uint32Array;
}

/**
 * Every point once, those on the coarsest grid first.
 * @param most points of the next task
 */
export function* tasks(size: number, most: () => number): Generator<Task> {
  for (let stride = COARSEST; stride >= 1; stride /= 2) {
    let places: number[] = [];
    let end = most();
    for (let j = 0; j < size; j += stride) {
      for (let i = 0; i < size; i += stride) {
        const coarser = 2 * stride;
        if (stride < COARSEST && i % coarser === 0 && j % coarser === 0) continue;
        places.push(j * size + i);
        if (places.length < end) continue;
        yield { stride, places: Uint32Array.from(places) };
        places = [];
        end = most();
      }
    }
    if (places.length > 0) yield { stride, places: Uint32Array.from(places) };
  }
}
