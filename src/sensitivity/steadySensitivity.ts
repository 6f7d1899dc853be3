/**
 * Derivatives of what is read off a steady state by every parameter at once, by the adjoint.
 *
 * With 𝓛ρ = 0 and z𝓛 = ℓ − (ℓ·ρ)1, a mean ⟨ℓ⟩ changes by  ℓ·dρ = −z·d𝓛ρ. So one solution with the transposed matrix,
 * from the factors of the steady state, and one pass back from 𝓛's coefficients to the parameters give all of them.
 */
import { removeTrace } from '../fluctuations/noiseSpectrum.js';
import { IN_TERM, takeCase } from '../lindblad/adjointEquations.js';
import { conservingProduct } from '../lindblad/conservingProduct.js';
import type { ExactEstimate } from '../lindblad/estimate.js';
import type { Way } from '../lindblad/flowPlan.js';
import type { ElementReader, Functional, Representation } from '../lindblad/functional.js';
import { addGenerator } from '../lindblad/generatorSlopes.js';
import type { HeldState } from '../lindblad/sectorMeans.js';
import { type BoundSector, RELATIVE } from '../lindblad/sectorProgram.js';
import type { BoundMachine, CompiledSector } from '../lindblad/sectorSolution.js';
import type { AdjointSolution, Solution } from '../lindblad/solution.js';
import { type BareState, bareStateOf } from '../lindblad/stateElements.js';
import { meanOf, ROUNDING } from '../lindblad/stateReader.js';
import { SAFETY } from '../machine/scalarSlopes.js';
import type { Values } from '../machine/tape.js';
import { TapeSlopes } from '../machine/tapeSlopes.js';
import { getOrInsert } from '../maps.js';
import type { Window } from '../operators/window.js';
import { ConservingFactors } from '../solve/conservingFactors.js';
import { disturbedNullVector, FEW_DIGITS } from '../solve/determined.js';
import { disturbances } from '../solve/disturbance.js';
import { zeros } from '../zeros.js';
import type { Differential } from './differential.js';
import { LinearReader } from './linearReading.js';

/** The relative error of a number that is good enough for no other way to it to be tried. */
const GOOD = 4e-12;
/** What rounding leaves of a number of a solution, relative to itself. */
const IN_SOLUTION = 16 * Number.EPSILON;

/** The steady state of a device with its factors, and how it changes. */
export class SteadySensitivity {
  readonly sector: BoundSector;
  readonly factors: ConservingFactors;
  readonly rho: Float64Array;
  /** How far each number of it may be off. */
  readonly rhoErrors: Float64Array;
  /** The same as a solution. */
  readonly state: Solution;
  readonly reader: LinearReader;
  readonly residual: number;
  readonly scale: number;
  readonly #shares: Float64Array;
  readonly #eigen: ElementReader;
  readonly #held: HeldState;
  #bare: BareState | undefined;
  /** Which filling of the machine's numbers is this device's. */
  #device: number;

  /**
   * @param bound the compiled machine on a window
   * @param disturbed whether it is looked for what disturbing the equations by rounding does to the state
   * @throws {NonUniqueSteadyStateError}
   */
  constructor(
    readonly bound: BoundMachine,
    private readonly values: Values,
    disturbed: boolean,
  ) {
    const { sector, compiled } = bound;
    this.sector = sector;
    sector.numbers.fill(values);
    this.#device = sector.numbers.device;
    this.factors = ConservingFactors.of((centre) => sector.assemble(centre), sector.startAt());
    const { rho, off } = disturbed ? this.#solved() : { rho: this.factors.nullVector, off: null };
    this.rho = rho;
    this.#shares = sector.shares;
    const { residual, scale, errors, lost, eigen } = bound.judge(rho, true);
    this.residual = residual;
    this.scale = scale;
    this.rhoErrors = errors;
    if (lost > RELATIVE) this.#takeErrors(lost);
    else for (let i = 0; i < errors.length; i++) errors[i] += lost * Math.abs(rho[i]);
    if (off !== null) for (let i = 0; i < errors.length; i++) errors[i] += off[i];
    eigen.forget();
    this.#eigen = eigen;
    this.#held = { x: this.rho, errors, rounding: ROUNDING };
    this.state = { x: this.rho, lost: errors };
    this.reader = new LinearReader(sector, compiled.pairs, this.rho, this.rhoErrors);
  }

  /**
   * The state, in double-double where float64 leaves it few digits, as it is solved where nothing is differentiated; and
   * what it may be off by beside what all states are.
   */
  #solved(): { readonly rho: Float64Array; readonly off: Float64Array | null } {
    const { factors, sector } = this;
    const rho = factors.nullVector;
    const disturbed = disturbedNullVector((centre) => sector.assemble(centre), sector.startAt());
    if (disturbed === null || disturbed.farthest <= FEW_DIGITS) return { rho, off: null };
    const exact = this.bound.exactState(this.values);
    if (exact === null || exact.relative >= disturbed.farthest) {
      return { rho, off: disturbed.change.map(Math.abs) };
    }
    const { x } = exact.state.unknowns;
    return { rho: x, off: x.map((value) => exact.relative * Math.abs(value)) };
  }

  /**
   * Errors of the state where slow modes are: what its own equations say, with rounding of what goes from one unknown
   * to another, or what is known of all states with such coherences, whichever is less.
   * @param lost that, relative to populations
   */
  #takeErrors(lost: number): void {
    const { rho, rhoErrors } = this;
    const nothing = zeros(rho.length);
    const own = this.solve(nothing, nothing, undefined, undefined, rho).lost;
    for (let i = 0; i < rho.length; i++) {
      rhoErrors[i] = Math.min(rhoErrors[i] + lost * Math.abs(rho[i]), own[i]);
    }
  }

  /** Has the device's numbers in the machine again, where those of another one have been put in since. */
  refill(): void {
    const { numbers } = this.sector;
    if (numbers.device === this.#device) return;
    numbers.fill(this.values);
    this.#device = numbers.device;
  }

  /** Room for derivatives by the numbers of the device. */
  slopes(): TapeSlopes {
    const { program, window, numbers } = this.sector;
    return new TapeSlopes(program.tape, numbers, window.lmin, window.size);
  }

  /** Of several ways to the same number the one that loses least, or the first that loses next to nothing. */
  best(ways: readonly Way[]): Way {
    if (ways.length === 0) throw new RangeError('a number without a way to it');
    let [best, least] = [ways[0], Number.POSITIVE_INFINITY];
    if (ways.length === 1) return best;
    const read = new Map<Functional, ExactEstimate>();
    for (const way of ways) {
      let [value, error] = [0, 0];
      for (const { functional, representation, factor } of way) {
        const weight = this.sector.numbers.scalar(this.sector.program.tape.scalar(factor));
        const mean = getOrInsert(read, functional, () => this.#mean(functional, representation));
        value += weight * mean.high;
        error += Math.abs(weight) * mean.error;
      }
      if (error < least) [best, least] = [way, error];
      if (error <= GOOD * Math.abs(value)) break;
    }
    return best;
  }

  #mean(functional: Functional, representation: Representation): ExactEstimate {
    const { sector, bound } = this;
    const { pairs } = bound.compiled;
    const isTurned = representation === 'bare' && pairs.length > 0;
    let [read, state]: [ElementReader, HeldState | null] = [this.#eigen, this.#held];
    if (isTurned) {
      this.#bare ??= bareStateOf(bound.compiled, sector, this.#eigen, this.#held);
      [read, state] = [this.#bare.bare, this.#bare.heldBare];
    }
    const found = state && sector.heldMean(functional, state, isTurned ? 'bare' : 'eigen');
    return found ?? meanOf(functional, sector.numbers, read, ROUNDING);
  }

  /** A mean, or a flow as a sum of means, and its derivatives. */
  differential(way: Way): Differential {
    const slopes = this.slopes();
    const { value, row } = this.reader.read(way, slopes);
    this.addGenerator(this.solveTransposed(row), this.state, -1, slopes);
    return { value, gradient: slopes.byParameter() };
  }

  /**
   * z𝓛 = ℓ − (ℓ·ρ)1 and z·ρ = 0.
   * @param sizes the sums of magnitudes of the terms that ℓ's numbers are made of
   * @param met what rounding of terms meets, where that is known: it is worst with the signs of that
   * @param off what ℓ is off by beside, with what is left of the equations and in the same case
   */
  solveTransposed(
    row: Float64Array,
    sizes = row,
    met?: Float64Array,
    off?: { readonly left: Float64Array; readonly rounded: Float64Array },
  ): AdjointSolution {
    const { factors, sector } = this;
    const x = factors.solveTransposed(row);
    const mean = dot(row, this.rho);
    const remainder = sector.remainder(x, this.#shares, { row, mean, sizes, met });
    if (off !== undefined) {
      add(off.left, remainder.left);
      add(off.rounded, remainder.rounded);
    }
    const [left, rounded] = factors.solveTransposedTwo(remainder.left, remainder.rounded);
    return { x, left, rounded };
  }

  /**
   * 𝓛x = y with Tr x = 0.
   * @param y of trace 0
   * @param sizes the sums of magnitudes of the terms that its numbers are made of
   * @param met what rounding of terms meets, where that is known: it is worst with the signs of that
   * @param off what it is off by beside, in the same case
   * @param x where it has been solved for
   */
  solve(
    y: Float64Array,
    sizes = y,
    met?: Float64Array,
    off?: Float64Array,
    x = this.factors.solve(y),
  ): Solution {
    const { factors, sector } = this;
    const { y: left, rounded } = conservingProduct(sector, x, met);
    for (let i = 0; i < y.length; i++) left[i] = y[i] - left[i];
    const rounding = zeros(y.length);
    takeCase(rounding, sizes, met);
    for (let i = 0; i < y.length; i++) rounding[i] += IN_TERM * rounded[i];
    if (off !== undefined) add(off, rounding);
    const solved = (right: Float64Array) => factors.solve(this.traceless(right));
    return { x, lost: lostOf(x, solved(left), solved(rounding)) };
  }

  /** Takes from a change of populations what changes their sum. */
  traceless(change: Float64Array): Float64Array {
    removeTrace(this.sector, this.rho, change);
    return change;
  }

  /** A change of the state that takes long to decay, as most do that parameters make: what one at random leaves. */
  get slowChange(): Float64Array {
    const { siteWidth, sitePaired } = this.sector;
    const signs = disturbances(this.rho.length);
    const change = zeros(this.rho.length);
    for (let i = 0; i < change.length; i++) {
      if (i % siteWidth >= sitePaired) change[i] = signs[i] * this.rho[i];
    }
    return this.factors.solve(this.traceless(change));
  }

  /** Adds the derivatives of factor · z𝓛x by the numbers of 𝓛. */
  addGenerator(z: AdjointSolution, x: Solution, factor: number, slopes: TapeSlopes): void {
    addGenerator(this.sector, this.#shares, z, x, factor, slopes);
  }
}

/** By twos, so that an addition does not wait for the one before. */
export function dot(a: Float64Array, b: Float64Array): number {
  let [even, odd] = [0, 0];
  let i = 1;
  for (; i < a.length; i += 2) {
    even += a[i - 1] * b[i - 1];
    odd += a[i] * b[i];
  }
  return i === a.length ? even + odd + a[i - 1] * b[i - 1] : even + odd;
}

/** How far each number of a solution may be off, of what it is off by as far as is known. */
export function lostOf(x: Float64Array, left: Float64Array, rounded: Float64Array): Float64Array {
  const lost = zeros(x.length);
  for (let i = 0; i < x.length; i++) {
    const off = Math.abs(left[i]) + Math.abs(rounded[i]);
    lost[i] = IN_SOLUTION * Math.abs(x[i]) + SAFETY * off;
  }
  return lost;
}

function add(more: Float64Array, to: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] += more[i];
}

/** The steady state of a device, ready to be differentiated. */
export const steadySensitivity = (
  compiled: CompiledSector,
  window: Window,
  values: Values,
  disturbed: boolean,
): SteadySensitivity => new SteadySensitivity(compiled.on(window), values, disturbed);
