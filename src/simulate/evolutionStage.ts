/** What one window, and one band, of an evolution is computed by. */

import { cpuBackend } from '../backend/cpu/backend.js';
import type { Generator } from '../generator/generator.js';
import { type Lindbladian, lindbladian } from '../generator/lindbladian.js';
import { type Device, device } from '../model/device.js';
import type { DeviceParameters, Truncation } from '../model/parameters.js';
import { hasPotential } from '../model/potentialParameters.js';
import type { Window } from '../operators/window.js';
import { ChebyshevEvolution } from '../solve/chebyshevEvolution.js';
import { DirectEvolution, hasSmallBlocks } from '../solve/directEvolution.js';
import type { Evolver, Progressed, Tolerances } from '../solve/evolver.js';
import type { InitialState } from '../state/initialState.js';
import { initialDensityMatrix, populatedClasses } from '../state/initialState.js';
import { evolvesInSectors, PROPAGATED, RATIONAL } from './route.js';

export interface EvolutionRequest {
  readonly parameters: DeviceParameters;
  readonly truncation: Truncation;
  readonly initial: InitialState;
  /** In increasing order, not before 0, where the initial state is. */
  readonly times: readonly number[];
  readonly tolerances: Tolerances;
  /** At how many angles P(φ) is wanted. */
  readonly angles: number;
  /** Whether the states at the times are kept. */
  readonly states: boolean;
}

export interface EvolutionMethod {
  readonly space: 'sector' | 'band' | 'full';
  /** Largest |δ| of a band; null where nothing is cut off. */
  readonly dmax: number | null;
  /** The largest magnitude of an element at |δ| = dmax at the times asked for; null where there is none. */
  readonly bandEdge: number | null;
  readonly method: 'rational' | 'chebyshev';
  readonly reason: string;
}

/** How an evolution is to be computed. */
export interface EvolutionChoice {
  readonly space: 'auto' | 'sector' | 'band' | 'full';
  /** Of a band; one that is found where it is absent. */
  readonly dmax?: number | undefined;
  /** Whether sectors in small blocks may be solved directly, on the CPU in float64. */
  readonly direct: boolean;
  /** Populations and elements below this are rounding of the precision, and no reason to grow. */
  readonly noise: number;
  /** Makes an evolver for a generator of any shape, on the machine that is to compute. */
  readonly propagator: (
    generator: Generator,
    elements: Float64Array,
    tolerances: Tolerances,
    from?: Progressed,
  ) => Promise<Evolver>;
}

/** One window's, and one band's, part of an evolution. */
export interface Stage {
  readonly device: Device;
  readonly generator: Lindbladian;
  readonly evolver: Evolver;
  readonly method: Omit<EvolutionMethod, 'bandEdge'>;
}

/** Whatever fits best, on the CPU. */
export const onCpu: EvolutionChoice = {
  space: 'auto',
  direct: true,
  noise: 0,
  propagator: (...args) => ChebyshevEvolution.open(cpuBackend(), ...args),
};

/** @param dmax of a band, where one is taken */
export async function openStage(
  { parameters, initial, tolerances }: EvolutionRequest,
  { space, direct, propagator }: EvolutionChoice,
  window: Window,
  dmax: number,
  from?: Progressed,
): Promise<Stage> {
  const built = device(parameters, window);
  const populated = populatedClasses(initial);
  const start = (generator: Lindbladian) => {
    const { elements } = initialDensityMatrix(initial, generator.space);
    return elements;
  };
  if (evolvesInSectors(parameters, { space })) {
    const generator = lindbladian(built.system, 'sector', populated);
    const solvable = direct && hasSmallBlocks(generator.total);
    const evolver = solvable
      ? new DirectEvolution(generator.total, start(generator), tolerances, from)
      : await propagator(generator.total, start(generator), tolerances, from);
    const method = solvable ? 'rational' : 'chebyshev';
    const reason = solvable ? RATIONAL : `${PROPAGATED}as asked for, on the populated sectors`;
    return {
      device: built,
      generator,
      evolver,
      method: { space: 'sector', dmax: null, method, reason },
    };
  }
  const widest = window.size - 1;
  const reach = Math.max(dmax, ...populated.map(({ delta }) => Math.abs(delta)));
  const whole = space === 'full' || reach >= widest;
  const generator = lindbladian(built.system, whole ? 'sector' : { maxDelta: reach }, populated);
  const evolver = await propagator(generator.total, start(generator), tolerances, from);
  const why = hasPotential(parameters) ? 'V ≠ 0 couples the charge sectors' : 'as asked for';
  const on = whole
    ? 'on all that the generator reaches from the initial state'
    : `on the band |l − l'| ≤ ${reach}`;
  return {
    device: built,
    generator,
    evolver,
    method: {
      space: whole ? 'full' : 'band',
      dmax: whole ? null : reach,
      method: 'chebyshev',
      reason: `${PROPAGATED}${why}, ${on}`,
    },
  };
}
