/** Sequences of collisions, their thermodynamics, and the state that they leave as it is. */
import { apply } from '../generator/apply.js';
import { type CollisionOptions, type Oscillators, oscillators } from '../model/collision.js';
import { device } from '../model/device.js';
import { angularMomentum, angularMomentumSquared } from '../model/hamiltonian.js';
import { type DeviceParameters, ParameterError, type Truncation } from '../model/parameters.js';
import { exchange } from '../model/qubits.js';
import { operator, sum } from '../operators/operator.js';
import { rotorWindow, type Window } from '../operators/window.js';
import {
  type DensityMatrix,
  expectation,
  qubitPopulations,
  rotorEdges,
} from '../state/densityMatrix.js';
import { embedded } from '../state/embed.js';
import type { InitialState } from '../state/initialState.js';
import { initialDensityMatrix } from '../state/initialState.js';
import { eigenvalues } from '../state/spectrum.js';
import { type SectorCollision, sectorCollision } from './collisionMaps.js';
import { startWindow } from './evolve.js';
import { widerWindow } from './windowSearch.js';

/** One collision. Heat, work and dU are per time: what the collision brings in, over τ. */
export interface CollisionRecord {
  readonly step: number;
  /** The time at its end. */
  readonly t: number;
  /** −Tr[H_{B,i} Δρ]/τ, Eq. (18). */
  readonly Q1: number;
  readonly Q2: number;
  /** What the load brings into H_{S,0}, Eq. (21); 0 without load. */
  readonly Qr: number;
  /** Tr[(H_S + H_B) Δρ]/τ, Eq. (22). */
  readonly WQ: number;
  /** What the load brings into H_{S,I}, Eq. (25); 0 without load. */
  readonly Wr: number;
  /** ΔTr[H_S ρ]/τ. */
  readonly dU: number;
  /** dU minus all heat and work. */
  readonly firstLaw: number;
  /** (ΔS − β1 Q1 τ − β2 Q2 τ)/τ ≥ 0 of the collision alone, without the load that follows it. */
  readonly entropyProduction: number;
  /** Of the state at its end: the populations of "up", ⟨L_z⟩, ⟨L_z²⟩, and ⟨σ1⁺σ2⁻e^{iφ}⟩. */
  readonly n1: number;
  readonly n2: number;
  readonly Lz: number;
  readonly Lz2: number;
  readonly coherence: number;
  readonly coherence_imag: number;
}

/** S = −Tr[ρ ln ρ]. */
export function entropy(rho: DensityMatrix): number {
  let total = 0;
  for (const p of eigenvalues(rho)) if (p > 0) total -= p * Math.log(p);
  return total;
}

export const minus = (a: DensityMatrix, b: DensityMatrix): DensityMatrix => ({
  space: a.space,
  elements: a.elements.map((value, i) => value - b.elements[i]),
});

/** One collision of a state in the zero-charge sector, then the load: the state after, and the record. */
export function collideOnce(
  maps: SectorCollision,
  rho: DensityMatrix,
  step: number,
): { readonly rho: DensityMatrix; readonly record: CollisionRecord } {
  const { device: built, collision, load, tau } = maps;
  const { energies, system, parameters } = built;
  const { window } = system;
  const after = { space: rho.space, elements: apply(collision, rho.elements) };
  const end = load === null ? after : { ...after, elements: apply(load, after.elements) };
  const byLoad = minus(end, after);
  const free = sum(window, energies.qubit1, energies.qubit2, energies.kinetic);
  const Q1 = expectation(rho, maps.heat1).re / tau;
  const Q2 = expectation(rho, maps.heat2).re / tau;
  const WQ = expectation(rho, maps.work).re / tau;
  const Qr = load === null ? 0 : expectation(byLoad, free).re / tau;
  const Wr = load === null ? 0 : expectation(byLoad, energies.interaction).re / tau;
  const dU = expectation(minus(end, rho), system.hamiltonian).re / tau;
  const [, p01, p10, p11] = qubitPopulations(end);
  const coherence = expectation(end, operator(window, exchange, { shift: 1 }));
  const record = {
    step,
    t: step * tau,
    Q1,
    Q2,
    Qr,
    WQ,
    Wr,
    dU,
    firstLaw: dU - (Q1 + Q2 + Qr + WQ + Wr),
    entropyProduction:
      (entropy(after) - entropy(rho)) / tau - parameters.beta1 * Q1 - parameters.beta2 * Q2,
    n1: p10 + p11,
    n2: p01 + p11,
    Lz: expectation(end, angularMomentum(window)).re,
    Lz2: expectation(end, angularMomentumSquared(window)).re,
    coherence: coherence.re,
    coherence_imag: coherence.im,
  };
  return { rho: end, record };
}

/** Told the share of the maps of a window that is built. */
export type Building = (share: number, window: Window) => void;

export interface CollisionRequest {
  readonly parameters: DeviceParameters;
  readonly truncation: Truncation;
  readonly options: CollisionOptions;
  /**
   * Of it, only the zero-charge part matters: heat, work and the records' other numbers are expectations of
   * operators that conserve the charges, and no collision mixes sectors.
   */
  readonly initial: InitialState;
  /** The number of collisions. */
  readonly count: number;
  /** Which are recorded: each `every`-th, and the last. */
  readonly every: number;
}

/** Enough to go on from, number for number. */
export interface CollisionCheckpoint {
  readonly lmin: number;
  readonly lmax: number;
  readonly elements: readonly number[];
  readonly step: number;
  readonly records: readonly CollisionRecord[];
  readonly edgeLow: number;
  readonly edgeHigh: number;
}

/**
 * A sequence of collisions, on the window asked for or on one that grows when a collision would bring its
 * edges above the tolerance.
 */
export class CollisionRun {
  readonly records: CollisionRecord[];
  maps: SectorCollision;
  rho: DensityMatrix;
  /** Collisions so far. */
  step: number;
  /** The largest populations that the lowest and the highest level of the window had. */
  edgeLow: number;
  edgeHigh: number;
  private readonly baths: Oscillators;

  /**
   * @param from where the same run had come to
   * @throws {ParameterError} for a device that collisions do not describe, and for an initial state outside
   * of the window asked for
   */
  constructor(
    private readonly request: CollisionRequest,
    private readonly building: Building = () => {},
    from?: CollisionCheckpoint,
  ) {
    this.baths = oscillators(request.parameters, request.options);
    this.maps = this.mapsOn(
      from === undefined ? startWindow(request) : rotorWindow(from.lmin, from.lmax),
    );
    const { space } = this.maps.collision;
    if (from !== undefined && from.elements.length !== 2 * space.size) {
      const allowed = `of ${2 * space.size} elements here`;
      throw new ParameterError('checkpoint', from.elements.length, allowed);
    }
    this.rho =
      from === undefined
        ? initialDensityMatrix(request.initial, space)
        : { space, elements: Float64Array.from(from.elements) };
    const [low, high] = rotorEdges(this.rho);
    this.edgeLow = from?.edgeLow ?? low;
    this.edgeHigh = from?.edgeHigh ?? high;
    this.records = [...(from?.records ?? [])];
    this.step = from?.step ?? 0;
  }

  private mapsOn(window: Window): SectorCollision {
    const { parameters, options } = this.request;
    return sectorCollision(device(parameters, window), this.baths, options.tau, (share) =>
      this.building(share, window),
    );
  }

  get complete(): boolean {
    return this.step >= this.request.count;
  }

  /** One more collision. */
  advance(): void {
    const { truncation, count, every } = this.request;
    const step = this.step + 1;
    for (;;) {
      const { rho, record } = collideOnce(this.maps, this.rho, step);
      const edges = rotorEdges(rho);
      const { window } = this.maps.device.system;
      const wider = widerWindow(truncation, window, edges, null);
      if (wider === null) {
        this.rho = rho;
        this.step = step;
        this.edgeLow = Math.max(this.edgeLow, edges[0]);
        this.edgeHigh = Math.max(this.edgeHigh, edges[1]);
        if (step % every === 0 || step === count) this.records.push(record);
        return;
      }
      this.maps = this.mapsOn(wider);
      this.rho = embedded(this.rho, this.maps.collision.space);
      [this.edgeLow, this.edgeHigh] = [0, 0];
    }
  }

  /** Where it is. */
  checkpoint(): CollisionCheckpoint {
    const { lmin, lmax } = this.maps.device.system.window;
    const { rho, step, records, edgeLow, edgeHigh } = this;
    return { lmin, lmax, elements: Array.from(rho.elements), step, records, edgeLow, edgeHigh };
  }
}
