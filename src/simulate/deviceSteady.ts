/** Steady states that a GPU solved in the zero-charge sector, as states with every observable. */

import type { SectorSolutions, Verdict } from '../backend/batches.js';
import { lindbladian } from '../generator/lindbladian.js';
import { densityMatrixOf } from '../lindblad/sectorDensityMatrix.js';
import { device } from '../model/device.js';
import type { DeviceParameters, Truncation } from '../model/parameters.js';
import { rotorWindow } from '../operators/window.js';
import { NonUniqueSteadyStateError } from '../solve/conservingElimination.js';
import { channelRates } from '../thermo/rates.js';
import { millStateOf } from './millSector.js';
import { sectorObservables } from './sectorObservables.js';
import type { SectorPoint } from './sectorPoints.js';
import type { SectorSolver } from './sectorSolver.js';
import type { SteadyState } from './steadyState.js';
import { firstWindow, widerWindow } from './windowSearch.js';

/** Below it a population has lost digits at the end of float32's range. */
const SMALLEST_POPULATION = 1e-28;
/** The elimination protects populations; elements of a state lose as much as coherences do. */
const OF_COHERENCES = 2;
/** So many times what its range cuts off a population has the digits that are asked of it. */
const DIGITS = 1e9;

/** Why the GPU has no answer for a point. */
export const DEVICE_FAILURES: Readonly<Record<Exclude<Verdict, 'solved'>, string>> = {
  closed:
    'some populations never reach the others, so that the steady state may not be unique; ' +
    'the cpu backend tells',
  'off-centre': 'the populations span more decades than float32 has; use the cpu backend',
  faint: 'the flows are smaller than float32’s exponents reach; use the cpu backend',
};

/** Why a point's flows are left to the CPU. */
export const TOO_FEW_DIGITS =
  'the flows are small differences of larger ones, and lose more digits than the precision allows; ' +
  'use the cpu backend';

/**
 * The device's numbers, 6 for each level, with trace 1: by ket and bra, and the level of the ket less the window's
 * lowest. Eigenstates are numbered as the bare states that they are for the larger part.
 */
function elementsOf(numbers: Float64Array) {
  const size = numbers.length / 6;
  let total = 0;
  for (let l = 0; l < size; l++) for (let u = 2; u < 6; u++) total += numbers[6 * l + u];
  const table = (u: number) =>
    Float64Array.from({ length: size }, (_, l) => numbers[6 * l + u] / total);
  const [re, im, above, lower, both, none] = [0, 1, 2, 3, 4, 5].map(table);
  // What the device counts by the level below the pair, here by its upper one.
  const raised = (values: Float64Array, first: number) =>
    Float64Array.from(values, (_, l) => (l === 0 ? first : values[l - 1]));
  const upper = raised(above, above[size - 1]);
  const populations = [none, lower, upper, both];
  return (ket: number, bra: number, part: 're' | 'im'): Float64Array => {
    if (ket === bra) return populations[ket];
    const values = part === 're' ? re : im;
    const sign = part === 'im' && ket === 1 ? -1 : 1;
    return (ket === 2 ? raised(values, 0) : values).map((x) => sign * x);
  };
}

/**
 * One point of a solution that was asked for its states. Heat and work are the device's own sums, which in
 * float32 keep digits that the elements of ρ have not; the residual is taken in float64.
 * @param p its place
 * @param observed what its sums tell
 */
export function deviceState(
  point: SectorPoint,
  solutions: SectorSolutions,
  p: number,
  observed = sectorObservables(point, solutions, p),
): SteadyState {
  const { states, levels } = solutions;
  const { lost, flows, Lz, LzError } = observed;
  if (states === null) throw new Error('the solution has no states');
  const { parameters, lmin } = point;
  const built = device(parameters, rotorWindow(lmin, lmin + levels - 1));
  const { window } = built.system;
  const elements = elementsOf(states.subarray(6 * levels * p, 6 * levels * (p + 1)));
  const found = millStateOf(parameters, window, elements, {
    relative: OF_COHERENCES * lost.relative,
    absolute: lost.absolute,
  });
  const rho = densityMatrixOf(built.system.states, found.classes, found.elements);
  return {
    device: built,
    rho,
    get rates() {
      return channelRates(lindbladian(built.system, 'sector'), rho);
    },
    residual: found.residual,
    magnitude: found.scale,
    flowEstimates: flows,
    mean: (quantity) =>
      quantity === 'level' ? { value: Lz, error: LzError } : found.mean(quantity),
    elements: found.elements,
    faintest: Math.max(SMALLEST_POPULATION, DIGITS * lost.absolute),
  };
}

/**
 * One device's steady state, on the window asked for or on one that grows as on the CPU.
 * @throws {NonUniqueSteadyStateError} where it may not be unique, or is beyond float32's range
 */
export async function steadyStateOnDevice(
  solver: SectorSolver,
  parameters: DeviceParameters,
  truncation: Truncation,
): Promise<SteadyState> {
  let window = firstWindow(truncation);
  for (;;) {
    const point = { parameters, lmin: window.lmin };
    const solutions = await solver.solve([point], window.size, { states: true });
    const [verdict] = solutions.verdicts;
    if (verdict !== 'solved') throw new NonUniqueSteadyStateError(DEVICE_FAILURES[verdict]);
    const found = sectorObservables(point, solutions, 0);
    const edges = [found.edgeLow, found.edgeHigh] as const;
    const wider = widerWindow(truncation, window, edges, parameters);
    if (wider === null) return deviceState(point, solutions, 0, found);
    window = wider;
  }
}
