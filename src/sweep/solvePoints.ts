/** Points of a sweep, each on a window that holds it, by a backend and, where that fails, in float64 on the CPU. */
import { groupBy } from '../maps.js';
import { CUTOFF_DEFAULT, type DeviceParameters } from '../model/parameters.js';
import { hasPotential } from '../model/potentialParameters.js';
import { rotorWindow, type Window } from '../operators/window.js';
import { loadCodeFor } from '../simulate/loadObservables.js';
import { cutoffOn } from '../simulate/millSector.js';
import { observableRecord, variableName } from '../simulate/observableRecords.js';
import { windowVerdict } from '../simulate/rotorTails.js';
import { startWindow } from '../simulate/solveSteady.js';
import { firstWindow, widerWindow } from '../simulate/windowSearch.js';
import { NoSteadyStateError } from '../solve/verdict.js';
import { validityOf } from '../thermo/deviceValidity.js';
import { VALIDITY_VERDICTS } from '../thermo/validity.js';
import { BATCH_PARAMETERS, rowsAt } from './batchParameters.js';
import {
  type Batch,
  type BatchResult,
  type BatchSolver,
  batchPoint,
  PRECISION_PATHS,
} from './batchSolver.js';
import { emptyResult, type HostResult, takePoint } from './hostBatch.js';
import {
  conditionVariable,
  hasFluctuations,
  hasOwnCutoff,
  NO_VALUE,
  planConditions,
  STATUSES,
  type Status,
} from './layout.js';
import { type Plan, planHasPotential, writePoint } from './plan.js';
import type { ChunkValues } from './store.js';

/** What computes, and what has the last word on points that it could not solve. */
export interface Solvers {
  readonly first: BatchSolver;
  /** Null where `first` is the CPU itself. */
  readonly fallback: BatchSolver | null;
}

export interface SolvedPoints {
  readonly values: ChunkValues;
  /** Why points failed, and why a whole batch went to the fallback. */
  readonly messages: readonly string[];
}

/** Everything known of each point, as it becomes known. */
class Table {
  readonly found: HostResult;
  /** 1 where the window holds the rotor. */
  readonly isHeld: Uint8Array;
  readonly lmin: Int32Array;
  readonly lmax: Int32Array;
  readonly path: Int8Array;
  readonly fluctuationsPath: Int8Array;

  constructor(
    readonly count: number,
    readonly columns: number,
  ) {
    this.found = emptyResult(count, columns);
    this.isHeld = new Uint8Array(count);
    this.lmin = new Int32Array(count);
    this.lmax = new Int32Array(count);
    this.path = new Int8Array(count);
    this.fluctuationsPath = new Int8Array(count);
  }

  /** Takes over what a result says of place `p` of its batch. */
  take(at: number, window: Window, result: BatchResult, p: number): void {
    const { columns, found } = this;
    takePoint(found, at, result, p);
    if (result.failures.has(p)) {
      found.values.fill(Number.NaN, at * columns, (at + 1) * columns);
    }
    this.lmin[at] = window.lmin;
    this.lmax[at] = window.lmax;
    this.path[at] = PRECISION_PATHS.indexOf(result.path);
    const counted = result.counted?.[p] === 1 ? result.path : 'cpu_f64';
    this.fluctuationsPath[at] = PRECISION_PATHS.indexOf(counted);
  }

  status(at: number, { tolerance }: Plan): Status {
    const { failures, relativeResidual, faint } = this.found;
    const failure = failures.get(at);
    if (failure !== undefined) return `failed_${failure.reason}`;
    if (!(relativeResidual[at] <= tolerance)) return 'residual_above_tolerance';
    if (this.isHeld[at] === 0) return 'window_not_converged';
    return faint[at] === 0 ? 'solved' : 'flows_underflow';
  }
}

/** The parameters of points, row by row. */
function parametersOf(plan: Plan, points: ArrayLike<number>): Float64Array {
  const width = BATCH_PARAMETERS.length;
  const parameters = new Float64Array(points.length * width);
  for (let i = 0; i < points.length; i++) writePoint(plan, points[i], parameters, i * width);
  return parameters;
}

function batchOf(
  { fixed }: Plan,
  parameters: Float64Array,
  places: readonly number[],
  windows: readonly Window[],
): Batch {
  const chosen = rowsAt(parameters, places);
  const isGiven = !Number.isNaN(chosen[BATCH_PARAMETERS.indexOf('cutoff')]);
  return {
    model: fixed.model,
    cutoff: isGiven ? 'given' : fixed.cutoff === 'max-bohr' ? 'max-bohr' : CUTOFF_DEFAULT,
    count: places.length,
    parameters: chosen,
    size: windows[places[0]].size,
    lmin: Int32Array.from(places, (at) => windows[at].lmin),
  };
}

/** Places by the size of their windows, at most so many in one group. */
function groups(
  places: readonly number[],
  windows: readonly Window[],
  capacity: (size: number) => number,
): number[][] {
  const bySize = groupBy(places, (at) => windows[at].size);
  return [...bySize].flatMap(([size, group]) => {
    const most = capacity(size);
    const parts = Math.ceil(group.length / most);
    return Array.from({ length: parts }, (_, k) => group.slice(k * most, (k + 1) * most));
  });
}

/** Where the search for a point's window starts, as for a single device. */
function startWindowOf(point: DeviceParameters, { truncation }: Plan): Window {
  if (!hasPotential(point)) return firstWindow();
  try {
    return startWindow(point, truncation);
  } catch (error) {
    // Its solver will find the same, and say so.
    if (error instanceof NoSteadyStateError) return firstWindow();
    throw error;
  }
}

/** Solves the given places, each on the window of the plan or on one that grows until it holds the point. */
async function attempt(
  plan: Plan,
  solver: BatchSolver,
  parameters: Float64Array,
  table: Table,
  all: readonly number[],
): Promise<void> {
  const { observables, truncation } = plan;
  const windows: Window[] = [];
  for (const at of all) windows[at] = firstWindow(truncation);
  if (truncation.lmin === undefined && planHasPotential(plan)) {
    for (const at of all) {
      const point = batchPoint(batchOf(plan, parameters, [at], windows), 0);
      windows[at] = startWindowOf(point, plan);
    }
  }
  let open = all;
  while (open.length > 0) {
    const next: number[] = [];
    const capacity = (size: number) => solver.capacity(size, observables.length);
    const solving = groups(open, windows, capacity).map(async (places) => {
      const chosen = truncation.lmin === undefined ? { truncation } : {};
      const batch = { ...batchOf(plan, parameters, places, windows), ...chosen };
      const result = await solver.solve(batch, observables);
      places.forEach((at, p) => {
        table.take(at, windows[at], result, p);
        if (result.failures.has(p)) return;
        const point = batchPoint(batch, p);
        const edges = [result.edgeLow[p], result.edgeHigh[p]] as const;
        const held = windowVerdict(point, windows[at], edges, truncation.edgeTolerance);
        table.isHeld[at] = Number(held.converged);
        const load = hasPotential(point) ? null : point;
        const wider = widerWindow(truncation, windows[at], edges, load);
        if (wider === null) return;
        windows[at] = wider;
        next.push(at);
      });
    });
    await Promise.all(solving);
    open = next;
  }
}

/**
 * The given points of a plan's grid, solved. A point that fails is marked, with its reason.
 * @throws where the fallback, or a solver that has none, fails as a whole
 */
export async function solvePoints(
  plan: Plan,
  points: ArrayLike<number>,
  { first, fallback }: Solvers,
): Promise<SolvedPoints> {
  await loadCodeFor(plan.observables);
  const parameters = parametersOf(plan, points);
  const table = new Table(points.length, plan.observables.length);
  const messages: string[] = [];
  let places = Array.from({ length: points.length }, (_, at) => at);
  try {
    await attempt(plan, first, parameters, table, places);
  } catch (error) {
    if (fallback === null) throw error;
    messages.push(`${first.name}: ${(error as Error).message}; solved on the CPU instead`);
    for (const at of places) table.found.relativeResidual[at] = Number.NaN;
  }
  if (fallback !== null) {
    places = places.filter((at) => {
      const status = table.status(at, plan);
      return status !== 'solved' && status !== 'window_not_converged';
    });
    await attempt(plan, fallback, parameters, table, places);
  }
  for (const { reason, message } of table.found.failures.values()) {
    messages.push(`${reason}: ${message}`);
  }
  messages.push(...table.found.notes.values());
  return { values: valuesOf(plan, table, parameters), messages };
}

/** What every point's device and window tell by themselves: Ω, and whether the model holds. */
function givenValues(
  plan: Plan,
  { count, lmin, lmax }: Table,
  parameters: Float64Array,
): ChunkValues {
  const windows = Array.from({ length: count }, (_, at) => rotorWindow(lmin[at], lmax[at]));
  const points = windows.map((_, at) => batchPoint(batchOf(plan, parameters, [at], windows), 0));
  const validities = points.map((point, at) => validityOf(point, windows[at]));
  const conditions = planConditions(plan).map((name) => [
    conditionVariable(name),
    Float64Array.from(validities, (validity) => validity[name] ?? NO_VALUE.float64),
  ]);
  return {
    ...(hasOwnCutoff(plan)
      ? {
          cutoff: Float64Array.from(
            points,
            (point, at) => cutoffOn(point, windows[at]) ?? Number.NaN,
          ),
        }
      : {}),
    ...Object.fromEntries(conditions),
    validity: Int8Array.from(validities, ({ verdict }) => VALIDITY_VERDICTS.indexOf(verdict)),
  };
}

function valuesOf(plan: Plan, table: Table, parameters: Float64Array): ChunkValues {
  const { count, columns, lmin, lmax, path, fluctuationsPath } = table;
  const { values: numbers, residual, relativeResidual, edgeLow, edgeHigh } = table.found;
  const column = (c: number) =>
    Float64Array.from({ length: count }, (_, at) => numbers[at * columns + c]);
  const observed = plan.observables.map((name, c) => {
    const values = column(c);
    const { words } = observableRecord(name);
    if (words === undefined) return [variableName(name), values];
    const codes = Int8Array.from(values, (code) => (code in words ? code : NO_VALUE.int8));
    return [variableName(name), codes];
  });
  const status = Int8Array.from({ length: count }, (_, at) =>
    STATUSES.indexOf(table.status(at, plan)),
  );
  return {
    ...Object.fromEntries(observed),
    ...givenValues(plan, table, parameters),
    residual,
    relativeResidual,
    edgeLow,
    edgeHigh,
    lmin,
    lmax,
    path,
    ...(hasFluctuations(plan) ? { fluctuationsPath } : {}),
    status,
  };
}
