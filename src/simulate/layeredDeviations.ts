/**
 * Large deviations of what is counted, as fluctuations/largeDeviations.ts has them of a sector, by layers: θ(χ) is the
 * leading eigenvalue of the generator 𝓛_χ whose jumps are tilted.
 *
 * Near it 𝓛_χ − θ has a vector x that it takes next to nothing to, found as steady states are with the equation of one
 * population given up, and so has its transposed, y. With Tr x = 1 and y' = y − (y·x)⟨1|
 *   θ = ⟨1|(𝓛_χ − 𝓛)|x⟩ + y'·(𝓛_χ − θ')x/(y·x)
 * of any θ' to second order in what both are off by. The first part is of rates alone, and what rounding leaves of the
 * second is a sum over the terms of 𝓛_χ x by how much each of them counts in y'.
 */
import {
  atFields,
  atPairs,
  type FieldStep,
  type JointDeviation,
  type LargeDeviation,
  type Leading,
} from '../fluctuations/largeDeviations.js';
import { SingularMatrixError } from '../generator/chains.js';
import { HermitianMatrix, patternOf, type RealMatrix } from '../generator/hermitianMatrix.js';
import { allRules, lindbladRules } from '../generator/lindbladian.js';
import type { Rule } from '../generator/rules.js';
import { dot } from '../norm.js';
import type { OpenSystem } from '../operators/openSystem.js';
import { LayeredMatrix, VECTORS } from '../solve/layeredMatrix.js';
import { populationsIn } from '../solve/layeredNullVector.js';
import { layeredResponse, REFINED, RESPONSE_ROOM } from '../solve/layeredResponse.js';
import { solveLayered } from '../solve/layeredSolver.js';
import { RESIDUAL_TOLERANCE } from '../solve/verdict.js';
import type { CountedBath } from '../spectrum/countedBath.js';
import { currentsOf, gained, TiltedBaths, tiltingRules } from '../spectrum/tiltedBaths.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { eigenvalueBound } from '../state/positivity.js';
import { lostIn, lostInProduct } from './layeredErrors.js';
import { Ended } from './layeredInverse.js';
import { type SolvedLayers, TOO_NARROW } from './layeredSteady.js';

/** What rounding takes from a term of a sum. */
const ROUNDING = 8 * Number.EPSILON;
/** How often θ is looked for with factors of another shift. */
const MOST_SHIFTS = 8;
/** A last change of θ, by the largest rate, that the equations of x and y are as good as singular with. */
const SETTLED = 1e-10;
/** How far the vectors of a shift are solved for, and from which residual on they are none. */
const ROUGHLY = { tolerance: 1e-10, iterations: 60, patience: 12 };
const NO_VECTOR = 1e-6;
/** The share of the largest population from which on the equation of a population may be given up. */
const MUCH = 1e-3;
/** An eigenvalue of an eigenoperator of trace 1 that rounding alone makes negative. */
const NEGATIVE = 1e-9;

interface Eigen extends Leading {
  readonly right: Float64Array;
  readonly left: Float64Array;
  /** About the second derivatives of θ, by counter. */
  readonly curve: readonly number[];
}

/** 𝓛_χ − θ and its transposed while their factors are there. */
interface Factors {
  readonly right: LayeredMatrix;
  readonly left: LayeredMatrix;
}

export class LayeredDeviations {
  readonly #baths: TiltedBaths;
  readonly #rules: readonly Rule[];
  readonly #begin: Eigen;
  #matrix: { readonly pattern: string; readonly matrix: HermitianMatrix } | null = null;

  /**
   * @param counters each with a field of its own; two of one bath have its own list of jumps
   * @param means of what they count, and its noise
   */
  constructor(
    private readonly solved: SolvedLayers,
    private readonly system: OpenSystem,
    counters: readonly CountedBath[],
    means: readonly number[],
    noise: readonly number[],
  ) {
    this.#baths = new TiltedBaths(counters);
    this.#rules = allRules(lindbladRules(system));
    const chi = counters.map(() => 0);
    const right = solved.vector.x;
    const left = right.map(() => 1);
    this.#begin = { chi, slope: means, curve: noise, theta: 0, error: 0, right, left };
  }

  /** @throws {Ended | IndefiniteGainError | NoSteadyStateError | StoppedError} */
  at(fields: readonly number[]): Promise<LargeDeviation[]> {
    return this.#answered(atFields(this.#begin, fields));
  }

  /** @throws as `at` */
  onGrid(fields: readonly number[]): Promise<JointDeviation[]> {
    return this.#answered(atPairs(this.#begin, fields));
  }

  async #answered<T>(asking: Generator<FieldStep<Eigen>, T, Eigen | null>): Promise<T> {
    let step = asking.next();
    while (step.done !== true) {
      step = asking.next(await this.#eigen(step.value));
    }
    return step.value;
  }

  /** The eigenvalue; null where it is not the leading one, or is not found from there. */
  async #eigen({ near, chi }: FieldStep<Eigen>): Promise<Eigen | null> {
    const baths = this.#baths.at(chi);
    const rules = [...this.#rules, ...tiltingRules(baths)];
    const moved = chi.map((x, k) => x - near.chi[k]);
    let theta = moved.reduce(
      (sum, x, k) => sum + x * (near.slope[k] + (x / 2) * near.curve[k]),
      near.theta,
    );
    let weights: Pick<Eigen, 'left' | 'right'> = near;
    try {
      for (let shifts = 0; shifts < MOST_SHIFTS; shifts++) {
        const matrix = this.#filled([...rules, ...this.#shift(theta)]);
        const largest = matrix.values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
        const found = await this.#with(matrix, this.#pinnedFor(weights), async (factors) => {
          const [x, y] = [await this.#vector(factors.right), await this.#vector(factors.left)];
          if (x === null || y === null) return null;
          const rough = this.#read(factors.right, baths, x, y);
          if (!(Math.abs(rough.theta - theta) <= SETTLED * largest)) {
            weights = rough;
            return rough.theta;
          }
          return this.#settled(factors, baths, { chi, theta }, x, y);
        });
        if (found === null) return null;
        if (typeof found !== 'number') {
          const curve = moved.map((x, k) =>
            x === 0 ? near.curve[k] : (found.slope[k] - near.slope[k]) / x,
          );
          return { ...found, curve };
        }
        if (!Number.isFinite(found)) return null;
        theta = found;
      }
    } catch (error) {
      if (!(error instanceof SingularMatrixError)) throw error;
    }
    return null;
  }

  /** −θ, on every element. */
  #shift(theta: number): Rule[] {
    return Array.from({ length: this.system.states }, (_, s) => ({
      ket: { to: s, from: s, shift: 0, coefficient: { re: -theta, im: 0 }, table: null },
      bra: null,
      delta: null,
    }));
  }

  #filled(rules: readonly Rule[]): HermitianMatrix {
    const pattern = patternOf(rules);
    if (this.#matrix?.pattern === pattern) this.#matrix.matrix.fill(rules);
    else {
      const matrix = new HermitianMatrix(this.solved.matrix.space, rules);
      this.#matrix = { pattern, matrix };
    }
    return this.#matrix.matrix;
  }

  /** The population whose equation is given up: where both vectors are. */
  #pinnedFor({ right, left }: Pick<Eigen, 'left' | 'right'>): number {
    const { layered } = this.solved;
    const weight = (i: number) => Math.abs(right[i] * left[i]);
    return populationsIn(layered).reduce(
      (a, b) => (MUCH * weight(b) > weight(a) ? b : a),
      layered.pinned,
    );
  }

  async #with<T>(
    matrix: HermitianMatrix,
    pinned: number,
    use: (factors: Factors) => Promise<T>,
  ): Promise<T> {
    const { blockOf, hooks } = this.solved;
    const factorised = (of: RealMatrix) =>
      LayeredMatrix.of(of, blockOf, pinned, RESPONSE_ROOM, hooks.onFactorisation);
    const right = await factorised(matrix);
    try {
      const left = await factorised(matrix.transposed);
      try {
        return await use({ right, left });
      } finally {
        left.release();
      }
    } finally {
      right.release();
    }
  }

  /** What is taken to nothing but for the equation that is given up; null where that is not found. */
  async #vector(layered: LayeredMatrix): Promise<Float64Array | null> {
    const { vectors, pinned } = layered;
    const right = vectors.of(VECTORS.right).fill(0);
    right[pinned] = 1;
    const { onIteration } = this.solved.hooks;
    const { residual } = await solveLayered(layered, { ...ROUGHLY, onIteration });
    return residual <= NO_VECTOR ? vectors.of(VECTORS.solution).slice() : null;
  }

  /** The eigenvalue of two vectors. */
  #read(
    layered: LayeredMatrix,
    baths: ReturnType<TiltedBaths['at']>,
    x: Float64Array,
    y: Float64Array,
  ) {
    const { matrix, vectors } = layered;
    const populations = populationsIn(layered);
    const trace = populations.reduce((sum, i) => sum + x[i], 0);
    const right = x.map((value) => value / trace);
    const overlap = dot(y, right);
    const rest = y.map((value) => value / overlap);
    for (const i of populations) rest[i]--;
    vectors.of(VECTORS.state).set(right);
    layered.product(VECTORS.state, VECTORS.image);
    const image = vectors.of(VECTORS.image).slice();
    const terms = layered.magnitudes(VECTORS.state).slice();
    const { space } = matrix;
    const state: DensityMatrix = {
      space,
      elements: (this.#matrix as { matrix: HermitianMatrix }).matrix.elements(right),
    };
    const { scgf, terms: rates } = gained(baths, state);
    return {
      right,
      left: y.map((value) => value / overlap),
      state,
      image,
      terms,
      theta: scgf + dot(rest, image),
      error: ROUNDING * rates + this.#lost(layered, rest, terms, image),
    };
  }

  #lost(layered: LayeredMatrix, z: Float64Array, terms: Float64Array, rest: Float64Array): number {
    const { matrix } = this.solved;
    return lostIn({ matrix, layered }, z, terms, rest) + lostInProduct(z, rest);
  }

  /** From vectors of a shift that is next to the eigenvalue. @throws {Ended} */
  async #settled(
    { right, left }: Factors,
    baths: ReturnType<TiltedBaths['at']>,
    { chi, theta: shift }: Pick<Leading, 'chi' | 'theta'>,
    x: Float64Array,
    y: Float64Array,
  ): Promise<Omit<Eigen, 'curve'> | null> {
    const { onIteration } = this.solved.hooks;
    const { isTooNarrow, matrix } = this.solved;
    const rough = this.#read(right, baths, x, y);
    const pair = { right: rough.right, left: rough.left };
    const b = rough.image.map((value) => -value);
    const change = await layeredResponse(right, [pair], b, REFINED, onIteration);
    if (change === null) return null;
    const better = rough.right.map((value, i) => value + change.x[i]);
    left.vectors.of(VECTORS.state).set(rough.left);
    left.product(VECTORS.state, VECTORS.image);
    const c = left.vectors.of(VECTORS.image).map((value) => -value);
    const turned = { right: rough.left, left: rough.right };
    const changed = await layeredResponse(left, [turned], c, REFINED, onIteration);
    if (changed === null) return null;
    const other = rough.left.map((value, i) => value + changed.x[i]);
    const found = this.#read(right, baths, better, other);
    const { state, terms, theta, error } = found;
    const image = found.image.map((value, i) => value - (theta - shift) * found.right[i]);
    const magnitude = matrix.norm(terms);
    const leftOut = matrix.norm(image, (k) => right.leavesOut(k));
    if (isTooNarrow(leftOut, magnitude)) throw new Ended(TOO_NARROW);
    const residual = matrix.norm(image, (k) => !right.leavesOut(k));
    if (!(residual <= RESIDUAL_TOLERANCE.f64 * magnitude)) return null;
    if (!(eigenvalueBound(state) >= -NEGATIVE)) return null;
    const slope = chi.map(() => 0);
    for (const { at, moved } of currentsOf(baths, state)) {
      slope[at] = dot(found.left, matrix.kept(moved.elements));
    }
    return { chi, theta, error, slope, right: found.right, left: found.left };
  }
}
