/** One device's steady state with every observable: the whole way from parameters to numbers. */
import { lindbladian } from '../generator/lindbladian.js';
import { type Device, device } from '../model/device.js';
import { angularMomentum, angularMomentumSquared } from '../model/hamiltonian.js';
import { type DeviceParameters, ParameterError, type Truncation } from '../model/parameters.js';
import { cosine, sine } from '../model/potential.js';
import { rotorWindow, type Window } from '../model/window.js';
import { sectorSteadyState } from '../solve/sectorSteadyState.js';
import {
  type DensityMatrix,
  expectation,
  hermiticityError,
  norm,
  qubitPopulations,
  rotorPopulations,
  trace,
} from '../state/densityMatrix.js';
import { type Ergotropies, ergotropies } from '../thermo/ergotropy.js';
import { globalHeat, type HeatFlows, localSteadyHeat } from '../thermo/heat.js';
import {
  carnotCop,
  carnotEfficiency,
  coefficientOfPerformance,
  efficiency,
  type Operation,
  operationOf,
} from '../thermo/operation.js';
import { type RotorPower, rotorPower } from '../thermo/power.js';
import { type ChannelRates, channelRates } from '../thermo/rates.js';
import { energyRate, firstLaw, type WorkFlows, workFlows } from '../thermo/work.js';

export interface SteadyState {
  readonly device: Device;
  readonly rho: DensityMatrix;
  readonly rates: ChannelRates;
  /** ‖𝓛ρ‖ (Frobenius norm). */
  readonly residual: number;
}

/** The numbers of a steady state; flows are energy per time, positive into the system. */
export interface SteadyObservables {
  readonly truncation: {
    readonly lmin: number;
    readonly lmax: number;
    /** Populations of the lowest and the highest level of the window. */
    readonly edgeLow: number;
    readonly edgeHigh: number;
    /** Whether both are below the tolerance. */
    readonly converged: boolean;
  };
  readonly residual: number;
  /** |Tr ρ − 1| and the largest |ρ − ρ†|. */
  readonly traceError: number;
  readonly hermiticityError: number;
  readonly heat: HeatFlows;
  readonly work: WorkFlows;
  /** Ω of the global model; null in the local one. */
  readonly cutoff: number | null;
  /** U̇_S minus all heat and work, Eqs. (26) and (28), and the same without the small Ẇ^(r). */
  readonly firstLaw: number;
  readonly firstLawWithoutWr: number;
  readonly rotor: {
    readonly Lz: number;
    readonly Lz2: number;
    readonly cos: number;
    readonly sin: number;
    readonly populations: readonly number[];
  };
  readonly qubits: { readonly populations: readonly number[] };
  readonly power: RotorPower;
  readonly ergotropy: Ergotropies;
  readonly operation: Operation;
  /** η where the device is an engine, else null. */
  readonly efficiency: number | null;
  readonly carnotEfficiency: number;
  /** COP where the device is a refrigerator, else null. */
  readonly cop: number | null;
  /** Null at equal temperatures, where Carnot's bound is infinite. */
  readonly carnotCop: number | null;
}

/** Where a window that has to be found starts, and the most levels it may grow to. */
const FIRST_REACH = 16;
const LARGEST_WINDOW = 4096;

/**
 * The steady state in the zero-charge sector on a given window.
 * @throws {NonUniqueSteadyStateError}
 * @throws {ParameterError} for V ≠ 0, which breaks the symmetry of the sector.
 */
export function steadyStateOn(parameters: DeviceParameters, window: Window): SteadyState {
  if (parameters.V !== 0) {
    throw new ParameterError('V', parameters.V, '0: V cos φ needs the whole space, not solved yet');
  }
  const built = device(parameters, window);
  const generator = lindbladian(built.system, 'sector');
  const { space, total } = generator;
  const rho = { space, elements: sectorSteadyState(total, -window.lmin) };
  const rates = channelRates(generator, rho);
  return { device: built, rho, rates, residual: norm(rates.derivative) };
}

const edges = (populations: Float64Array): [number, number] => [
  populations[0],
  populations[populations.length - 1],
];

/**
 * The steady state on the window asked for, or on one that grows until the populations at both edges
 * are below the tolerance or it is at its largest (the result then says that it is not converged).
 */
export function steadyState(parameters: DeviceParameters, truncation: Truncation): SteadyState {
  const { lmin, lmax, edgeTolerance } = truncation;
  if (lmin !== undefined && lmax !== undefined) {
    return steadyStateOn(parameters, rotorWindow(lmin, lmax));
  }
  let window = rotorWindow(-FIRST_REACH, FIRST_REACH);
  for (;;) {
    const state = steadyStateOn(parameters, window);
    const [low, high] = edges(rotorPopulations(state.rho));
    if (low <= edgeTolerance && high <= edgeTolerance) return state;
    if (window.size >= LARGEST_WINDOW) return state;
    const reach = Math.ceil(window.size / 2);
    const room = LARGEST_WINDOW - window.size;
    const below = low > edgeTolerance ? Math.min(reach, Math.ceil(room / 2)) : 0;
    const above = high > edgeTolerance ? Math.min(reach, room - below) : 0;
    window = rotorWindow(window.lmin - below, window.lmax + above);
  }
}

/** The heat flows of a steady state: Eqs. (18) and (21), or (29) in the global model. */
export const bathHeat = ({ device: built, rates }: SteadyState): HeatFlows =>
  built.parameters.model === 'local' ? localSteadyHeat(built, rates) : globalHeat(built, rates);

/** Every observable of a steady state, Eqs. (18)–(37). */
export function steadyObservables(
  state: SteadyState,
  { edgeTolerance }: Truncation,
): SteadyObservables {
  const { device: built, rho, rates, residual } = state;
  const { parameters, system } = built;
  const { window } = system;
  const isLocal = parameters.model === 'local';
  const heat = bathHeat(state);
  const work = workFlows(built, rates);
  const laws = firstLaw(parameters.model, energyRate(built, rates), heat, work);
  const Lz = expectation(rho, angularMomentum(window)).re;
  const populations = rotorPopulations(rho);
  const [edgeLow, edgeHigh] = edges(populations);
  const operation = operationOf(heat, isLocal ? work.WQ : 0);
  const { beta1, beta2 } = parameters;
  return {
    truncation: {
      lmin: window.lmin,
      lmax: window.lmax,
      edgeLow,
      edgeHigh,
      converged: edgeLow <= edgeTolerance && edgeHigh <= edgeTolerance,
    },
    cutoff: built.cutoff,
    residual,
    traceError: Math.abs(trace(rho) - 1),
    hermiticityError: hermiticityError(rho),
    heat,
    work,
    firstLaw: laws.residual,
    firstLawWithoutWr: laws.withoutWr,
    rotor: {
      Lz,
      Lz2: expectation(rho, angularMomentumSquared(window)).re,
      cos: expectation(rho, cosine(window)).re,
      sin: expectation(rho, sine(window)).re,
      populations: Array.from(populations),
    },
    qubits: { populations: qubitPopulations(rho) },
    power: rotorPower(built, rates, Lz),
    ergotropy: ergotropies(built, rho),
    operation,
    efficiency: operation === 'engine' ? efficiency(heat, work.WQ) : null,
    carnotEfficiency: carnotEfficiency(beta1, beta2),
    cop: operation === 'refrigerator' ? coefficientOfPerformance(heat, work.WQ) : null,
    carnotCop: beta1 === beta2 ? null : carnotCop(beta1, beta2),
  };
}
