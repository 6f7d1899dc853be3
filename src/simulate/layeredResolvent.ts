/**
 * The resolvent (iω − L)⁻¹ of a generator in layers beside ω = 0, from both sides: by layers of L − iω, which are of
 * twice as many real numbers, and in which no equation is given up.
 */
import { ShiftedMatrix } from '../generator/shiftedMatrix.js';
import { dot } from '../norm.js';
import { LayeredMatrix } from '../solve/layeredMatrix.js';
import {
  layeredResponse,
  type NullVectors,
  REFINED,
  RESPONSE_ROOM,
  ROUGH,
} from '../solve/layeredResponse.js';
import type { KnownParts } from '../spectrum/correlation.js';
import type { AdjointPair, Resolvent } from '../spectrum/respondingSpectrum.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { embedded } from '../state/embed.js';
import { type LayersKept, lostIn, lostInProduct, sizesIn } from './layeredErrors.js';
import {
  ENOUGH,
  Ended,
  type LayeredInverse,
  type Column as Parts,
  type Row as Read,
  required,
} from './layeredInverse.js';
import type { SolvedLayers } from './layeredSteady.js';

/** Its adjoint solution is p − iq. */
interface Row extends AdjointPair {
  readonly row: Float64Array;
  readonly p: Float64Array;
  readonly q: Float64Array;
}

/** Real and imaginary parts: of the solution, of what is left of its equation, and of the sizes of terms there. */
interface Column {
  readonly x: readonly [Float64Array, Float64Array];
  readonly rest: readonly [Float64Array, Float64Array];
  readonly terms: readonly [Float64Array, Float64Array];
}

/** Layers of a generator, as its steady state is found in them, or those of another sector. */
export type Layers = LayersKept & Pick<SolvedLayers, 'blockOf' | 'hooks' | 'isTooNarrow'>;

/** A generator and its transposed, shifted. */
export class ShiftedLayers {
  readonly matrix: ShiftedMatrix;
  readonly transposed: ShiftedMatrix;

  /** @param inverse of the sector of the steady state; null of another one, where it has an inverse itself */
  constructor(
    readonly solved: Layers,
    readonly inverse: LayeredInverse | null,
  ) {
    this.matrix = new ShiftedMatrix(solved.matrix);
    this.transposed = new ShiftedMatrix(solved.matrix.transposed);
  }

  /** What is made of the resolvent at a frequency. @throws {Ended | SingularMatrixError | StoppedError} */
  async at<T>(
    omega: number,
    use: <R extends AdjointPair, C>(resolvent: Resolvent<R, C>) => Promise<T>,
  ): Promise<T> {
    if (omega === 0 && this.inverse !== null)
      return use<Resting, readonly [Parts, Parts]>(new RestingResolvent(this.inverse));
    const { blockOf, hooks } = this.solved;
    const factorised = (matrix: ShiftedMatrix) =>
      LayeredMatrix.of(matrix, blockOf, -1, RESPONSE_ROOM, hooks.onFactorisation);
    const layered = await factorised(this.matrix.shift(omega));
    try {
      const transposed = await factorised(this.transposed.shift(-omega));
      try {
        return await use(new LayeredResolvent(this, layered, transposed));
      } finally {
        transposed.release();
      }
    } finally {
      layered.release();
    }
  }
}

class LayeredResolvent implements Resolvent<Row, Column> {
  constructor(
    private readonly shifted: ShiftedLayers,
    private readonly layered: LayeredMatrix,
    private readonly transposed: LayeredMatrix,
  ) {}

  /** @throws {Ended} */
  async read(x: DensityMatrix): Promise<Row> {
    const { solved, inverse, transposed: shifted } = this.shifted;
    const { matrix, hooks } = solved;
    const row = matrix.row(embedded(x, matrix.space).elements);
    const nulls = inverse === null ? [] : turned(pairsOf(shifted, inverse.nulls));
    const right = shifted.joined(row, null);
    const found = await layeredResponse(this.transposed, nulls, right, ROUGH, hooks.onIteration);
    if (found === null || !(found.residual <= ENOUGH * found.magnitude)) throw new Ended(null);
    const [p, q] = shifted.parts(found.x);
    const asMatrix = (z: Float64Array) => ({ space: matrix.space, elements: matrix.ofRow(z) });
    return { row, p, q, adjoints: [asMatrix(p), asMatrix(q)] };
  }

  /** @throws {Ended} */
  async respond(re: DensityMatrix, im: DensityMatrix | null): Promise<Column> {
    const { solved, inverse, matrix: shifted } = this.shifted;
    const { matrix, hooks } = solved;
    const kept = (b: DensityMatrix) => matrix.kept(b.elements);
    const right = shifted.joined(kept(re), im && kept(im));
    const nulls = inverse === null ? [] : pairsOf(shifted, inverse.nulls);
    const response = await layeredResponse(this.layered, nulls, right, REFINED, hooks.onIteration);
    const found = required(solved, response);
    const [x, rest, terms] = [found.x, found.rest, found.terms].map((one) => shifted.parts(one));
    return { x, rest, terms };
  }

  between({ row, p, q }: Row, { x, rest, terms }: Column, sizes: Float64Array): KnownParts {
    const { solved } = this.shifted;
    const own = sizesIn(solved.matrix, sizes);
    const all = terms.map((part) => part.map((size, i) => size + own[i]));
    const lost = (z: Float64Array, part: 0 | 1) => lostIn(solved, z, all[part], rest[part]);
    // (p − iq)·(b − (L − iω)x)
    return {
      re: dot(row, x[0]) + dot(p, rest[0]) + dot(q, rest[1]),
      im: dot(row, x[1]) + dot(p, rest[1]) - dot(q, rest[0]),
      errors: {
        re: lost(p, 0) + lost(q, 1) + lostInProduct(row, x[0]),
        im: lost(p, 1) + lost(q, 0) + lostInProduct(row, x[1]),
      },
    };
  }
}

type Resting = Read & AdjointPair;

/** At 0: the group inverse, of real and of imaginary parts by themselves. */
class RestingResolvent implements Resolvent<Resting, readonly [Parts, Parts]> {
  constructor(private readonly inverse: LayeredInverse) {}

  async read(x: DensityMatrix): Promise<Resting> {
    const read = await this.inverse.read(x);
    const { space, elements } = read.adjoint;
    const nothing = { space, elements: new Float64Array(elements.length) };
    return { ...read, adjoints: [read.adjoint, nothing] };
  }

  async respond(re: DensityMatrix, im: DensityMatrix | null): Promise<readonly [Parts, Parts]> {
    const nothing = { space: re.space, elements: new Float64Array(re.elements.length) };
    return [await this.inverse.respond(re), await this.inverse.respond(im ?? nothing)];
  }

  between(row: Read, response: readonly [Parts, Parts], sizes: Float64Array): KnownParts {
    const [re, im] = response.map((one) => this.inverse.between(row, one, sizes));
    return { re: re.value, im: im.value, errors: { re: re.error, im: im.error } };
  }
}

/** Null vectors as real ones and as imaginary ones. */
export const pairsOf = (shifted: ShiftedMatrix, { right, left }: NullVectors): NullVectors[] => [
  { right: shifted.joined(right, null), left: shifted.joined(left, null) },
  { right: shifted.joined(null, right), left: shifted.joined(null, left) },
];

/** Those of the transposed. */
export const turned = (pairs: readonly NullVectors[]): NullVectors[] =>
  pairs.map(({ right, left }) => ({ right: left, left: right }));
