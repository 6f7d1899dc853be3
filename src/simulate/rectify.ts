/** One device in both directions: its steady states before and after the baths' temperatures are swapped. */
import { masterEquationOf } from '../model/masterEquations/registry.js';
import { type DeviceParameters, ParameterError, type Truncation } from '../model/parameters.js';
import { validityOf } from '../thermo/deviceValidity.js';
import {
  type AngularDefinition,
  angularRectification,
  heatRectification,
  type Rectification,
} from '../thermo/rectification.js';
import type { Validity } from '../thermo/validity.js';
import { requireNoPotential } from './millSector.js';
import { windowVerdict } from './rotorTails.js';
import { sharedCutoff } from './sharedCutoff.js';
import { steadyState } from './steady.js';
import { SteadyReading } from './steadyReading.js';
import type { SteadyState } from './steadyState.js';
import { verdictOf } from './verdict.js';

/** What rectification needs of one direction. */
export interface Direction {
  readonly Q1: number;
  readonly Q2: number;
  readonly Lz: number;
  readonly lmin: number;
  readonly lmax: number;
  /** The larger population of the two edges. */
  readonly edge: number;
  /** Whether it is below the tolerance, and the steady state the device's. */
  readonly converged: boolean;
  /** What is wrong with the window or the steady state, each with its cause. */
  readonly problems: readonly string[];
  readonly residual: number;
  readonly cutoff: number | null;
  /** Where the master equation itself stands. */
  readonly validity: Validity;
}

export interface DirectionPair {
  readonly forward: Direction;
  /** With β_1 and β_2 exchanged and everything else the same. */
  readonly swapped: Direction;
}

const swapTemperatures = (p: DeviceParameters): DeviceParameters => ({
  ...p,
  beta1: p.beta2,
  beta2: p.beta1,
});

function direction(state: SteadyState, { edgeTolerance }: Truncation): Direction {
  const { device, residual } = state;
  const { window } = device.system;
  const reading = new SteadyReading(state);
  const { Q1, Q2 } = reading.heat;
  const edge = Math.max(...reading.edges);
  const { converged, problems } = verdictOf(reading, 'f64');
  const held = windowVerdict(device.parameters, window, reading.edges, edgeTolerance);
  return {
    Q1,
    Q2,
    Lz: reading.Lz,
    lmin: window.lmin,
    lmax: window.lmax,
    edge,
    converged: held.converged && converged,
    problems: [...held.problems, ...problems],
    residual,
    cutoff: device.cutoff,
    validity: validityOf(device.parameters, window),
  };
}

/**
 * The parameters with Ω as a number. `max-bohr` depends on the window, and the window on the direction and
 * on what a search varies; swapping shall change the temperatures alone, so Ω is settled here, on the
 * window that holds both directions.
 * @throws {ParameterError} in a potential
 */
export function withCutoffSettled(
  parameters: DeviceParameters,
  truncation: Truncation,
): DeviceParameters {
  requireNoPotential(parameters, 'rectification');
  if (masterEquationOf(parameters).cutoff === null || typeof parameters.cutoff === 'number')
    return parameters;
  const directions = [parameters, swapTemperatures(parameters)];
  return { ...parameters, cutoff: sharedCutoff(directions, truncation) };
}

/**
 * Both directions.
 * @throws {ParameterError} at equal temperatures, where both are the same and R = 0/0 for γ = λ = 0, and
 * for λ = 0, of which J is a multiple.
 */
export function bothDirections(
  parameters: DeviceParameters,
  truncation: Truncation,
): DirectionPair {
  const { beta1, beta2, lambda } = parameters;
  if (beta1 === beta2) {
    throw new ParameterError(
      'beta2',
      beta2,
      'different from beta1: swapping equal temperatures changes nothing, and R would be 0/0',
    );
  }
  if (lambda === 0) {
    throw new ParameterError('lambda', lambda, 'different from 0: J is counted in λg²');
  }
  return {
    forward: direction(steadyState(parameters, truncation), truncation),
    swapped: direction(steadyState(swapTemperatures(parameters), truncation), truncation),
  };
}

/** R and J of the heat that the hot bath gives, Eqs. (38)–(40). The hot bath is at qubit 2 when β_2 < β_1. */
export function heat(
  { forward, swapped }: DirectionPair,
  { beta1, beta2, lambda, g }: DeviceParameters,
): Rectification {
  return beta2 < beta1
    ? heatRectification(forward.Q2, swapped.Q1, { lambda, g })
    : heatRectification(forward.Q1, swapped.Q2, { lambda, g });
}

/** R_angular and J_angular, Eqs. (42) and (43). */
export const angular = (
  { forward, swapped }: DirectionPair,
  definition: AngularDefinition,
): Rectification => angularRectification(forward.Lz, swapped.Lz, definition);
