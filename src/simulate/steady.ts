/** One device's steady state with every observable: the whole way from parameters to numbers. */

import type { Precision } from '../backend/backend.js';
import { lindbladian } from '../generator/lindbladian.js';
import { densityMatrixOf } from '../lindblad/sectorDensityMatrix.js';
import type { SectorState } from '../lindblad/solvedSector.js';
import { type Device, device } from '../model/device.js';
import { type DeviceParameters, ParameterError, type Truncation } from '../model/parameters.js';
import type { Window } from '../operators/window.js';
import { NonUniqueSteadyStateError } from '../solve/conservingElimination.js';
import { OutOfRangeError } from '../solve/verdict.js';
import { type DensityMatrix, hermiticityError, trace } from '../state/densityMatrix.js';
import { embedded } from '../state/embed.js';
import { validityOf } from '../thermo/deviceValidity.js';
import type { HeatFlows } from '../thermo/heat.js';
import { type ChannelRates, channelRates } from '../thermo/rates.js';
import type { Validity } from '../thermo/validity.js';
import { memoryOfNow } from '../zeros.js';
import { isWithoutSector, millSteadyState } from './millSector.js';
import type { Observables } from './observableRecords.js';
import { observe } from './observe.js';
import { outOfRange } from './rateSpan.js';
import { windowVerdict } from './rotorTails.js';
import { type FlowErrors, type SmallestEigenvalue, SteadyReading } from './steadyReading.js';
import type { SteadyState } from './steadyState.js';
import { type Verdict, verdictOf } from './verdict.js';
import { firstWindow, widerWindow } from './windowSearch.js';

/** The numbers of a steady state; flows are energy per time, positive into the system. */
export interface SteadyObservables extends Omit<Observables, 'rotor' | 'qubits'> {
  readonly truncation: {
    readonly lmin: number;
    readonly lmax: number;
    /** Populations of the lowest and the highest level of the window. */
    readonly edgeLow: number;
    readonly edgeHigh: number;
    /** Whether both are below the tolerance, and so what lies beyond them of every moment that is printed. */
    readonly converged: boolean;
    /** What is not, each in words. */
    readonly problems: readonly string[];
  };
  /** Where the master equation itself stands. */
  readonly validity: Validity;
  readonly residual: number;
  readonly verdict: Verdict;
  /** |Tr ρ − 1| and the largest |ρ − ρ†|. */
  readonly traceError: number;
  readonly hermiticityError: number;
  readonly smallestEigenvalue: SmallestEigenvalue;
  /** What may have been lost of each flow, absolutely; null where the solver has no estimates. */
  readonly flowErrors: FlowErrors | null;
  /** Ω of the global model; null in the local one. */
  readonly cutoff: number | null;
  readonly rotor: Observables['rotor'] & { readonly populations: readonly number[] };
  readonly qubits: Observables['qubits'] & { readonly populations: readonly number[] };
}

export interface ReadingOptions {
  /** As SteadyReading has it. */
  readonly largestOrder?: number | undefined;
  /** Of the answer; f64 by default. */
  readonly precision?: Precision;
}

/**
 * The steady state in the zero-charge sector on a given window.
 * @param enough the relative error of a flow from which on more digits are computed; 1e-11 by default
 * @throws {NonUniqueSteadyStateError}
 * @throws {OutOfRangeError} with the cause, where float64 does not hold the device's rates
 * @throws {ParameterError} for a device without such a sector
 */
export function steadyStateOn(
  parameters: DeviceParameters,
  window: Window,
  enough?: number,
): SteadyState {
  const built = device(parameters, window);
  try {
    return new SolvedInSector(
      built,
      millSteadyState(parameters, window, { values: built.values, enough }),
    );
  } catch (error) {
    if (isWithoutSector(error)) {
      throw new ParameterError('space', 'sector', `another for this device: ${error.message}`);
    }
    const cause = error instanceof NonUniqueSteadyStateError ? outOfRange(built) : null;
    throw cause === null ? error : new OutOfRangeError(`no steady state was found: ${cause}`);
  }
}

/** A steady state that was solved in the sector, with its flows; matrices are made when they are first read. */
export class SolvedInSector implements SteadyState {
  readonly #inMemory = memoryOfNow();
  #rho: DensityMatrix | undefined;
  #rates: ChannelRates | undefined;

  constructor(
    readonly device: Device,
    private readonly found: SectorState,
    /** Populations below this are not known to all digits. */
    readonly faintest?: number,
  ) {}

  get residual(): number {
    return this.found.residual;
  }

  get magnitude(): number {
    return this.found.scale;
  }

  get populationError(): number | null {
    return this.found.populationError;
  }

  get rho(): DensityMatrix {
    const { device, found } = this;
    this.#rho ??= this.#inMemory(() =>
      densityMatrixOf(device.system.states, found.classes, found.elements),
    );
    return this.#rho;
  }

  get rates(): ChannelRates {
    if (this.#rates === undefined) {
      const whole = lindbladian(this.device.system, 'sector');
      this.#rates = channelRates(whole, embedded(this.rho, whole.space));
    }
    return this.#rates;
  }

  readonly flow = (quantity: string, ...channels: string[]) => this.found.flow(quantity, channels);

  readonly mean = (quantity: string) => this.found.mean(quantity);

  get elements() {
    return this.found.elements;
  }
}

interface SearchOptions {
  /** Whether windows grow for moments, and not for populations alone. */
  readonly moments?: boolean;
  /** As `steadyStateOn` has it. */
  readonly enough?: number;
  /** Where the search begins, such as a neighbour's window. */
  readonly near?: Window | null;
}

/**
 * The steady state on the window asked for, or on one that grows until the populations at both edges,
 * and what lies beyond them of the moments of L_z, are below the tolerance, or it is at its largest (the
 * result then says that it is not converged).
 */
export function steadyState(
  parameters: DeviceParameters,
  truncation: Truncation,
  { moments = true, enough, near = null }: SearchOptions = {},
): SteadyState {
  let window = (truncation.lmin === undefined ? near : null) ?? firstWindow(truncation);
  for (;;) {
    const state = steadyStateOn(parameters, window, enough);
    if (truncation.lmin !== undefined) return state;
    const { edges } = new SteadyReading(state);
    const wider = widerWindow(truncation, window, edges, moments ? parameters : null);
    if (wider === null) return state;
    window = wider;
  }
}

/** A list of its own, without the iterator that `Array.from` takes. */
function listOf(values: Float64Array): number[] {
  const list = new Array<number>(values.length);
  for (let i = 0; i < values.length; i++) list[i] = values[i];
  return list;
}

/** The heat flows of a steady state: Eqs. (18) and (21), or (29) in the global model. */
export const bathHeat = (state: SteadyState): HeatFlows => new SteadyReading(state).heat;

/**
 * Every observable of a steady state, Eqs. (18)–(37).
 */
export function steadyObservables(
  state: SteadyState,
  { edgeTolerance }: Truncation,
  { largestOrder, precision = 'f64' }: ReadingOptions = {},
): SteadyObservables {
  const { device: built, rho, residual } = state;
  const { window } = built.system;
  const { lmin, lmax } = window;
  const read = new SteadyReading(state, largestOrder);
  const [edgeLow, edgeHigh] = read.edges;
  const held = windowVerdict(built.parameters, window, read.edges, edgeTolerance);
  // All of it now: what is read later may no longer be there.
  const observed = observe(read, {
    truncation: { lmin, lmax, edgeLow, edgeHigh, ...held },
    cutoff: built.cutoff,
    validity: validityOf(built.parameters, window),
    residual,
    verdict: verdictOf(read, precision),
    traceError: Math.abs(trace(rho) - 1),
    hermiticityError: hermiticityError(rho),
    smallestEigenvalue: read.smallestEigenvalue,
    flowErrors: read.flowErrors,
  });
  const rotor = Object.assign(observed.rotor, { populations: listOf(read.rotorPopulations) });
  const qubits = Object.assign(observed.qubits, { populations: read.qubitPopulations });
  return Object.assign(observed, { rotor, qubits });
}
