/** Points of a batch that a GPU solved in the zero-charge sector, as states with every observable. */

import type { SectorSolutions } from '../backend/batches.js';
import { lindbladian } from '../generator/lindbladian.js';
import { densityMatrixOf } from '../lindblad/sectorDensityMatrix.js';
import { device } from '../model/device.js';
import { rotorWindow } from '../operators/window.js';
import { channelRates } from '../thermo/rates.js';
import { faintestOf, lostOnDevice } from './deviceRounding.js';
import { millStateOf } from './millSector.js';
import { sectorObservables } from './sectorObservables.js';
import type { SectorPoint } from './sectorPoints.js';
import type { SteadyState } from './steadyState.js';

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
  const found = millStateOf(parameters, window, elements, lostOnDevice(lost, false));
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
    faintest: faintestOf(lost),
  };
}
