/**
 * The group inverse G of a generator in layers, from both sides: y = G b, and the adjoint z = ℓ G of what is read. Of a
 * number ℓ·y the first error is made good by z, and what rounding leaves of it is a sum over the terms of L y by how much
 * each of them counts there.
 */
import type { Estimate } from '../lindblad/estimate.js';
import { dot } from '../norm.js';
import { LayeredMatrix, VECTORS } from '../solve/layeredMatrix.js';
import { populationsIn } from '../solve/layeredNullVector.js';
import {
  type Accuracy,
  type LayeredResponse,
  layeredResponse,
  type NullVectors,
  REFINED,
  RESPONSE_ROOM,
  ROUGH,
} from '../solve/layeredResponse.js';
import { RESIDUAL_TOLERANCE } from '../solve/verdict.js';
import type { Inverse, Reading, Response } from '../spectrum/respondingCounting.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { embedded } from '../state/embed.js';
import { disturbed, lostIn, lostInProduct, sizesIn } from './layeredErrors.js';
import { type SolvedLayers, TOO_NARROW } from './layeredSteady.js';

/** What of an adjoint's equation may be left: it counts how much rounding does. */
export const ENOUGH = 1e-5;

/** Ends what is made of a state in layers: where they are no way to it, or too few. */
export class Ended extends Error {
  constructor(readonly made: typeof TOO_NARROW | null) {
    super('a response in layers is not found');
  }
}

/** A response, where it is one. @throws {Ended} where it is not found, or not in these layers */
export function required(
  { isTooNarrow }: Pick<SolvedLayers, 'isTooNarrow'>,
  found: LayeredResponse | null,
): LayeredResponse {
  if (found === null) throw new Ended(null);
  if (isTooNarrow(found.leftOut, found.magnitude)) throw new Ended(TOO_NARROW);
  if (!(found.residual <= RESIDUAL_TOLERANCE.f64 * found.magnitude)) throw new Ended(null);
  return found;
}

export interface Row extends Reading {
  readonly row: Float64Array;
  readonly z: Float64Array;
}

export interface Column extends Response, LayeredResponse {}

export interface RefinedReading extends Reading {
  /** What the adjoint is off by, to first order. */
  readonly correction: DensityMatrix;
  /** The part of it that is rounding, and cases of that of the generator, of which it has one. */
  readonly rounded: DensityMatrix;
  readonly disturbed: readonly DensityMatrix[];
  /** The norm of what is left of its equation in the rows of what is left out. */
  readonly leftOut: number;
}

export interface RefinedResponse extends Response {
  /** What it is off by, to first order. */
  readonly correction: DensityMatrix;
  /** Its largest element next to what is left out. */
  readonly edge: number;
}

/** What is known of a matrix that equations are solved for. */
export interface Doubt {
  /** Of each element, what it is a sum of, of which rounding takes its share. */
  readonly sizes?: Float64Array;
  /** What it is off by beside, to first order. */
  readonly off?: DensityMatrix;
  /** The same in cases of what the generator may be off by. */
  readonly disturbed?: readonly DensityMatrix[];
}

/** A matrix and what is added to it. */
export const added = (x: DensityMatrix, more: DensityMatrix | undefined): DensityMatrix =>
  more === undefined
    ? x
    : { space: x.space, elements: x.elements.map((value, i) => value + more.elements[i]) };

export class LayeredInverse implements Inverse<Row, Column> {
  readonly state: DensityMatrix;
  readonly #solved: SolvedLayers;
  readonly #transposed: LayeredMatrix;
  /** Of the generator. */
  readonly nulls: NullVectors;
  /** Cases of what the generator itself may be off by: what that does to a matrix, to first order, or its adjoint. */
  disturbances: readonly ((x: DensityMatrix, isAdjoint: boolean) => DensityMatrix)[] = [];
  /** L ρ, and |L| |ρ|. */
  readonly #image: { readonly image: Float64Array; readonly terms: Float64Array };

  private constructor(solved: SolvedLayers, transposed: LayeredMatrix) {
    this.#solved = solved;
    this.#transposed = transposed;
    const { layered, vector, steady } = solved;
    this.state = steady.rho;
    const trace = new Float64Array(vector.x.length);
    for (const i of populationsIn(layered)) trace[i] = 1;
    this.nulls = { right: vector.x, left: trace };
    layered.vectors.of(VECTORS.state).set(vector.x);
    this.#image = { image: vector.image, terms: layered.magnitudes(VECTORS.state).slice() };
  }

  /** Until it is released. @throws {SingularMatrixError | StoppedError} */
  static async of(solved: SolvedLayers): Promise<LayeredInverse> {
    const { matrix, blockOf, layered, hooks } = solved;
    const transposed = await LayeredMatrix.of(
      matrix.transposed,
      blockOf,
      layered.pinned,
      RESPONSE_ROOM,
      hooks.onFactorisation,
    );
    return new LayeredInverse(solved, transposed);
  }

  release(): void {
    this.#transposed.release();
  }

  /** The transposed generator in layers, with the same equation given up. */
  get transposed(): LayeredMatrix {
    return this.#transposed;
  }

  /** A mean in the steady state, and its adjoint. @throws {Ended} */
  async read(x: DensityMatrix): Promise<Row> {
    const row = this.#rowOf(x);
    const found = await this.#answer(row, ROUGH);
    if (!(found.residual <= ENOUGH * found.magnitude)) throw new Ended(null);
    const z = found.x;
    return { row, z, mean: this.#mean(row, z), adjoint: this.#asMatrix(z) };
  }

  #rowOf(x: DensityMatrix): Float64Array {
    const { matrix } = this.#solved;
    return matrix.row(embedded(x, matrix.space).elements);
  }

  /** The solution of the transposed equations for a row. @throws {Ended} */
  async #answer(row: Float64Array, accuracy: Accuracy): Promise<LayeredResponse> {
    const nulls = { right: this.nulls.left, left: this.nulls.right };
    const { onIteration } = this.#solved.hooks;
    const found = await layeredResponse(this.#transposed, [nulls], row, accuracy, onIteration);
    if (found === null) throw new Ended(null);
    return found;
  }

  #asMatrix(z: Float64Array): DensityMatrix {
    const { matrix } = this.#solved;
    return { space: matrix.space, elements: matrix.ofRow(z) };
  }

  #mean(row: Float64Array, z: Float64Array): Estimate {
    const { image, terms } = this.#image;
    const { right: rho } = this.nulls;
    // ℓ·ρ' − ℓ·ρ = z·L ρ' of any ρ' of trace 1.
    return {
      value: dot(row, rho) - dot(z, image),
      error: lostIn(this.#solved, z, terms, image) + lostInProduct(row, rho),
    };
  }

  /** What a solution is off by, to first order, of what is left of its equation. @throws {Ended} */
  async #corrected(left: Float64Array): Promise<DensityMatrix> {
    const { matrix, layered, hooks } = this.#solved;
    const found = await layeredResponse(layered, [this.nulls], left, ROUGH, hooks.onIteration);
    if (found === null) throw new Ended(null);
    return { space: matrix.space, elements: matrix.elements(found.x) };
  }

  /** What is left of an equation, what rounding does to it, and what its right side is off by. */
  #left(
    { rest, terms }: Pick<LayeredResponse, 'rest' | 'terms'>,
    sizes: Float64Array | undefined,
    off: Float64Array | null,
  ): Float64Array {
    const { matrix } = this.#solved;
    const own = sizes === undefined ? [] : [sizesIn(matrix, sizes)];
    const left = disturbed(matrix, rest, terms, ...own);
    off?.forEach((value, i) => {
      left[i] += value;
    });
    return left;
  }

  /** What the state is off by in each case of the generator, to first order. @throws {Ended} */
  async stateDisturbed(): Promise<DensityMatrix[]> {
    const { matrix } = this.#solved;
    const found: DensityMatrix[] = [];
    for (const disturb of this.disturbances) {
      const left = matrix.kept(disturb(this.state, false).elements).map((value) => -value);
      found.push(await this.#corrected(left));
    }
    return found;
  }

  /** The same of an adjoint. @param rows what its row is off by */
  async #adjointDisturbed(adjoint: DensityMatrix, rows: readonly DensityMatrix[]) {
    const found: DensityMatrix[] = [];
    for (const [which, disturb] of this.disturbances.entries()) {
      const left = this.#rowOf(disturb(adjoint, true)).map((value) => -value);
      const row = rows[which];
      if (row !== undefined) {
        this.#rowOf(row).forEach((value, i) => {
          left[i] += value;
        });
      }
      found.push(this.#asMatrix((await this.#answer(left, ROUGH)).x));
    }
    return found;
  }

  /** What the state is off by, to first order, of a generator that is known. @throws {Ended} */
  stateCorrection(): Promise<DensityMatrix> {
    const { image, terms } = this.#image;
    return this.#corrected(this.#left({ rest: image.map((x) => -x), terms }, undefined, null));
  }

  /** A mean in the steady state, and its adjoint down to what rounding leaves. @throws {Ended} */
  async adjointOf(
    x: DensityMatrix,
    { sizes, off, disturbed: rows = [] }: Doubt = {},
  ): Promise<RefinedReading> {
    const row = this.#rowOf(x);
    const found = await this.#answer(row, REFINED);
    if (!(found.residual <= RESIDUAL_TOLERANCE.f64 * found.magnitude)) throw new Ended(null);
    const left = this.#left(found, sizes, off === undefined ? null : this.#rowOf(off));
    const rounded = this.#asMatrix((await this.#answer(left, ROUGH)).x);
    const adjoint = this.#asMatrix(found.x);
    const disturbed = await this.#adjointDisturbed(adjoint, rows);
    return {
      mean: this.#mean(row, found.x),
      ...{ adjoint, rounded, disturbed },
      correction: added(rounded, disturbed[0]),
      leftOut: found.leftOut,
    };
  }

  /** G b, with what it is off by. @throws {Ended} */
  async responseTo(b: DensityMatrix, { sizes, off }: Doubt = {}): Promise<RefinedResponse> {
    const { matrix, edgeOf } = this.#solved;
    const found = await this.respond(b);
    const left = this.#left(found, sizes, off === undefined ? null : matrix.kept(off.elements));
    const [disturb] = this.disturbances;
    if (disturb !== undefined) {
      matrix.kept(disturb(found.response, false).elements).forEach((value, i) => {
        left[i] -= value;
      });
    }
    return {
      response: found.response,
      correction: await this.#corrected(left),
      edge: edgeOf(found.x),
    };
  }

  /** @throws {Ended} */
  async respond(b: DensityMatrix): Promise<Column> {
    const { matrix, layered, hooks } = this.#solved;
    const right = matrix.kept(b.elements);
    const { onIteration } = hooks;
    const response = await layeredResponse(layered, [this.nulls], right, REFINED, onIteration);
    const found = required(this.#solved, response);
    return { ...found, response: { space: matrix.space, elements: matrix.elements(found.x) } };
  }

  between({ row, z }: Row, { x, rest, terms }: Column, sizes: Float64Array): Estimate {
    const own = sizesIn(this.#solved.matrix, sizes);
    const all = terms.map((size, i) => size + own[i]);
    return {
      value: dot(row, x) + dot(z, rest),
      error: lostIn(this.#solved, z, all, rest) + lostInProduct(row, x),
    };
  }
}
