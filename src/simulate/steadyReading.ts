/** What can be read off a steady state, Eqs. (18)–(37), each number computed when it is first asked for. */

import type { FluctuatingState } from '../fluctuations/fluctuatingState.js';
import type { Estimate } from '../lindblad/estimate.js';
import { angularMomentum, angularMomentumSquared } from '../model/hamiltonian.js';
import { masterEquationOf } from '../model/masterEquations/registry.js';
import { hasPotential } from '../model/potentialParameters.js';
import { population } from '../model/qubits.js';
import { type OperatorOf, QUBIT_STATES } from '../operators/operator.js';
import { AFFORDABLE_ORDER } from '../state/affordableOrder.js';
import {
  type DensityMatrix,
  expectation,
  qubitPopulations,
  rotorPopulations,
} from '../state/densityMatrix.js';
import { eigenvalueBound } from '../state/positivity.js';
import { qubitState } from '../state/reduce.js';
import { denseOrder, eigenvalues } from '../state/spectrum.js';
import { type Ergotropies, ergotropies } from '../thermo/ergotropy.js';
import {
  errorsOf,
  type FlowEstimates,
  known,
  SteadyFlowEstimates,
} from '../thermo/flowEstimates.js';
import { type HeatFlows, steadyHeat } from '../thermo/heat.js';
import { type Performance, performanceOf } from '../thermo/operation.js';
import { type RotorPower, rotorPower } from '../thermo/power.js';
import { energyRate, type FirstLaw, firstLaw, type WorkFlows, workFlows } from '../thermo/work.js';
import { zeros } from '../zeros.js';
import { fluctuationCode, informationCode, relaxationCode } from './askedCode.js';
import type { KnownFlows } from './knownFlows.js';
import type { MillInformation } from './millInformation.js';
import type { Relaxation } from './relaxation.js';
import { isSecondMomentInfinite } from './rotorTails.js';
import type { SteadyState } from './steadyState.js';

/** A bound where `exact` is false. */
export interface SmallestEigenvalue {
  readonly value: number;
  readonly exact: boolean;
}

/** The same as the flows, each an absolute error. */
export interface FlowErrors {
  readonly heat: HeatFlows;
  readonly work: WorkFlows;
  readonly intrinsic: number;
  /** Of ⟨L_z⟩, which the load makes a flow: Q2 = 2B2γ⟨L_z⟩ in the local model. */
  readonly Lz: number;
}

/** Operators whose mean is known by another way than as Tr[Xρ]. */
const KNOWN_MEANS: ReadonlyMap<OperatorOf, (reading: SteadyReading) => number> = new Map([
  [angularMomentum, (reading: SteadyReading) => reading.Lz],
  [angularMomentumSquared, (reading: SteadyReading) => reading.Lz2],
  ...Array.from(
    { length: QUBIT_STATES },
    (_, s) => [population(s), (reading: SteadyReading) => reading.qubitPopulations[s]] as const,
  ),
]);

/** Numbers of the estimates of work, each read when it is first asked for. */
class SteadyWork implements WorkFlows {
  constructor(
    private readonly estimates: FlowEstimates['work'],
    private readonly isLocal: boolean,
    private readonly read: (estimate: Estimate) => number,
  ) {}

  get WQ(): number {
    return this.isLocal ? this.read(this.estimates.interaction) : 0;
  }

  get Wr(): number {
    return this.read(this.estimates.Wr);
  }

  get V(): number {
    return this.read(this.estimates.V);
  }

  get interaction(): number {
    return this.read(this.estimates.interaction);
  }
}

const heatOf = ({ Q1, Q2, Qr }: FlowEstimates['heat']): HeatFlows => ({
  Q1: Q1.value,
  Q2: Q2.value,
  Qr: Qr.value,
});

const numberIn = ({ value }: Estimate): number => value;
const errorIn = ({ error }: Estimate): number => error;

export class SteadyReading implements KnownFlows {
  /** @param largestOrder the order up to which spectra of dense matrices are computed */
  constructor(
    readonly state: SteadyState,
    private readonly largestOrder = AFFORDABLE_ORDER,
  ) {}

  // Of what every point of a sweep is asked for each has a place of its own.
  #heat: HeatFlows | undefined;
  #work: WorkFlows | undefined;
  #found: FlowEstimates | null | undefined;
  #populations: Float64Array | undefined;
  #level: Estimate | null | undefined;
  #squaredLevel: number | undefined;
  #qubits: DensityMatrix | undefined;
  #qubitPopulations: readonly number[] | undefined;
  #power: RotorPower | undefined;
  #performance: Performance | undefined;
  #ergotropy: Ergotropies | undefined;
  #laws: FirstLaw | undefined;
  #eigenvalues: Float64Array | null | undefined;
  #smallest: SmallestEigenvalue | undefined;
  #flowErrors: FlowErrors | null | undefined;
  #known: Map<string, unknown> | undefined;

  #once<T>(name: string, compute: (state: SteadyState) => T): T {
    this.#known ??= new Map();
    if (!this.#known.has(name)) this.#known.set(name, compute(this.state));
    return this.#known.get(name) as T;
  }

  get #isOwn(): boolean {
    return masterEquationOf(this.state.device.parameters).reach === 'own';
  }

  /** Eqs. (18) and (21), or (29) in the global model. */
  get heat(): HeatFlows {
    if (this.#heat === undefined) {
      const { state } = this;
      const estimates = this.#estimates;
      this.#heat =
        estimates === null ? steadyHeat(state.device, state.rates) : heatOf(estimates.heat);
    }
    return this.#heat;
  }

  get work(): WorkFlows {
    if (this.#work === undefined) {
      const { state } = this;
      this.#work =
        this.#estimates === null ? workFlows(state.device, state.rates) : this.#workBy(numberIn);
    }
    return this.#work;
  }

  /** A number of each estimate of work. */
  #workBy(read: (estimate: Estimate) => number): WorkFlows {
    return new SteadyWork(this.flowEstimates.work, this.#isOwn, read);
  }

  /**
   * Heat, work and intrinsic power with their errors, where the solver has estimates.
   * @throws {RangeError} where it has none
   */
  get flowEstimates(): FlowEstimates {
    const estimates = this.#estimates;
    if (estimates === null) throw new RangeError('flows without estimates');
    return estimates;
  }

  get #estimates(): FlowEstimates | null {
    if (this.#found === undefined) {
      const { flow } = this.state;
      this.#found =
        flow === undefined ? null : new SteadyFlowEstimates(this.#isOwn ? 'free' : 'total', flow);
    }
    return this.#found;
  }

  get laws(): FirstLaw {
    this.#laws ??= firstLaw(this.#energyRate, this.heat, this.work);
    return this.#laws;
  }

  get #energyRate(): number {
    const { state } = this;
    return state.flow === undefined ? energyRate(state.device, state.rates) : 0;
  }

  /** Tr[Xρ] of a Hermitian operator. */
  mean(operator: OperatorOf): number {
    const known = KNOWN_MEANS.get(operator);
    return known === undefined ? this.#expectation(operator) : known(this);
  }

  #expectation(operator: OperatorOf): number {
    const { rho, device } = this.state;
    return expectation(rho, operator(device.system.window)).re;
  }

  get Lz(): number {
    return this.#meanLevel === null ? this.#expectation(angularMomentum) : this.#meanLevel.value;
  }

  /** ⟨L_z⟩ as the solver knows it; null where only the elements of ρ tell. */
  get #meanLevel(): Estimate | null {
    if (this.#level === undefined) this.#level = this.state.mean?.('level') ?? null;
    return this.#level;
  }

  /** Of the window. */
  get Lz2(): number {
    this.#squaredLevel ??= this.#readSquaredLevel();
    return this.#squaredLevel;
  }

  #readSquaredLevel(): number {
    const { lmin } = this.state.device.system.window;
    const populations = this.rotorPopulations;
    let mean = 0;
    for (let i = 0; i < populations.length; i++) mean += (lmin + i) * (lmin + i) * populations[i];
    return mean;
  }

  /** One per level of the window. */
  get rotorPopulations(): Float64Array {
    this.#populations ??= this.#readPopulations();
    return this.#populations;
  }

  #readPopulations(): Float64Array {
    const { state } = this;
    const { elements } = state;
    if (elements === undefined) return rotorPopulations(state.rho);
    if (elements.levels !== undefined) return elements.levels();
    const { window, states } = state.device.system;
    const populations = zeros(window.size);
    for (let s = 0; s < states; s++) {
      const re = elements.read(s, s, 0)?.re;
      if (re === undefined) continue;
      for (let i = 0; i < populations.length; i++) populations[i] += re[i];
    }
    return populations;
  }

  /** Populations of the lowest and the highest level of the window. */
  get edges(): readonly [number, number] {
    const populations = this.rotorPopulations;
    return [populations[0], populations[populations.length - 1]];
  }

  /** The state of both qubits, whatever the rotor does. */
  get qubits(): DensityMatrix {
    this.#qubits ??= qubitState(this.state.rho);
    return this.#qubits;
  }

  /** [p00, p01, p10, p11]. */
  get qubitPopulations(): readonly number[] {
    this.#qubitPopulations ??= qubitPopulations(this.qubits);
    return this.#qubitPopulations;
  }

  get power(): RotorPower {
    this.#power ??= this.#readPower();
    return this.#power;
  }

  #readPower(): RotorPower {
    const { state } = this;
    if (this.#estimates === null) return rotorPower(state.device, state.rates, this.Lz);
    // Nothing changes in a steady state: what the Hamiltonian contributes the dissipators take.
    const intrinsic = this.flowEstimates.intrinsic.value;
    return { kinetic: 0, intrinsic, backAction: -intrinsic, net: 0 };
  }

  /** Ẇ_int, Eq. (32). */
  get intrinsicPower(): number {
    return this.power.intrinsic;
  }

  get ergotropy(): Ergotropies {
    this.#ergotropy ??= this.#readErgotropy();
    return this.#ergotropy;
  }

  #readErgotropy(): Ergotropies {
    const { device, rho } = this.state;
    const found = ergotropies(device, rho, {
      qubits: this.qubits,
      levels: this.rotorPopulations,
      spectrum: this.#spectrum,
      largestOrder: this.largestOrder,
    });
    // Without a finite energy of the rotor there is none to be taken from it.
    if (isSecondMomentInfinite(device.parameters))
      return { ...found, total: Number.NaN, rotor: Number.NaN };
    return found;
  }

  /** Eigenvalues of ρ, or null where they are too many. */
  get #spectrum(): Float64Array | null {
    if (this.#eigenvalues === undefined) {
      const { rho } = this.state;
      this.#eigenvalues = denseOrder(rho) > this.largestOrder ? null : eigenvalues(rho);
    }
    return this.#eigenvalues;
  }

  get smallestEigenvalue(): SmallestEigenvalue {
    this.#smallest ??= this.#readSmallest();
    return this.#smallest;
  }

  #readSmallest(): SmallestEigenvalue {
    const spectrum = this.#spectrum;
    if (spectrum === null) return { value: eigenvalueBound(this.state.rho), exact: false };
    let value = Number.POSITIVE_INFINITY;
    for (let i = 0; i < spectrum.length; i++) value = Math.min(value, spectrum[i]);
    return { value, exact: true };
  }

  /**
   * What fluctuates.
   * @throws {Error} before `loadCodeFor` has loaded the code, and in a potential before `withAsked` has computed it
   */
  get fluctuations(): FluctuatingState {
    return this.#once('fluctuations', ({ device: { parameters, system }, fluctuating }) => {
      if (fluctuating !== undefined) return fluctuating;
      if (fluctuationCode.module === null || hasPotential(parameters))
        throw new Error('fluctuations are not loaded');
      return fluctuationCode.module.millFluctuations(parameters, system.window);
    });
  }

  /**
   * How the state is reached.
   * @throws {Error} as `fluctuations`
   */
  get relaxation(): Relaxation {
    return this.#once('relaxation', ({ device: { parameters, system }, relaxing }) => {
      if (relaxing !== undefined) return relaxing;
      if (relaxationCode.module === null || hasPotential(parameters))
        throw new Error('the gap is not loaded');
      return relaxationCode.module.relaxationInSector(system);
    });
  }

  /**
   * What the parts know of each other.
   * @throws {Error} before `loadCodeFor` has loaded the code
   */
  get information(): MillInformation {
    return this.#once('information', ({ device, rho }) => {
      if (informationCode.module === null) throw new Error('information is not loaded');
      return new informationCode.module.MillInformation(device, rho, this.largestOrder);
    });
  }

  /** What float64, and where it is short of digits double-double, may have lost of each flow; null where it is unknown. */
  get flowErrors(): FlowErrors | null {
    if (this.#flowErrors === undefined) this.#flowErrors = this.#readFlowErrors();
    return this.#flowErrors;
  }

  #readFlowErrors(): FlowErrors | null {
    const level = this.#meanLevel;
    if (this.#estimates === null || level === null) return null;
    const { heat, intrinsic } = this.flowEstimates;
    const { WQ, Wr, V, interaction } = this.#workBy(errorIn);
    return {
      heat: errorsOf(heat),
      work: { WQ, Wr, V, interaction },
      intrinsic: intrinsic.error,
      Lz: level.error,
    };
  }

  /** What the device does, and how well; `other` where the sign of a flow is not known. */
  get performance(): Performance {
    this.#performance ??= this.#readPerformance();
    return this.#performance;
  }

  #readPerformance(): Performance {
    const { parameters } = this.state.device;
    if (this.#estimates === null) return performanceOf(parameters, this.heat, this.work.WQ);
    // A flow that may have either sign tells nothing.
    const { heat } = this.flowEstimates;
    const flows = { Q1: known(heat.Q1), Q2: known(heat.Q2), Qr: heat.Qr.value };
    return performanceOf(parameters, flows, this.#workBy(known).WQ);
  }
}
