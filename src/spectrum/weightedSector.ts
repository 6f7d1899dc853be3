/**
 * A generator on one of its sectors, between elements in units of (p_ket p_bra)^¼, p the populations of the steady
 * state. In these units a map in detailed balance is nearly normal, where in plain ones the far edges of a window,
 * which are never visited, would make every mode look ill conditioned.
 */
import type { Generator } from '../generator/generator.js';
import {
  type Sector,
  type SiteMatrix,
  siteIndex,
  siteMatrix,
  sitePartners,
} from '../generator/siteMatrix.js';
import type { Complex, Operator } from '../operators/operator.js';
import type { ComplexMatrix } from '../solve/complexSchur.js';
import type { StepCounts } from '../solve/evolver.js';
import { SectorEvolution } from '../solve/sectorEvolution.js';
import {
  type ShiftedFactors,
  shiftedFactors,
  solveShifted,
  solveShiftedAdjoint,
} from '../solve/shiftedElimination.js';
import type { SparseRows } from './sparseRows.js';

/** Populations by state and level; all positive. */
export type Weights = readonly Float64Array[];

/** Products of a factorisation, levels · diagonals³, at most: a minute's work, and less than 1 GiB. */
const MOST_PRODUCTS = 2e8;

/** A sector whose blocks are too wide to be eliminated. */
export class WideSectorError extends Error {
  override readonly name = 'WideSectorError';
}

/** (σ − 𝓛)^{−1} between weighted elements. */
export interface Resolvent {
  readonly apply: (x: Float64Array) => Float64Array;
  readonly adjoint: (x: Float64Array) => Float64Array;
}

export class WeightedSector {
  /** Places of its unknowns in vectors of the generator's space, −1 for none. */
  readonly index: Int32Array;
  /** Elements that there are. */
  readonly size: number;
  readonly #matrix: SiteMatrix;
  /** (p_ket p_bra)^¼ of each unknown; 1 where there is none. */
  readonly #units: Float64Array;

  /**
   * @param created what the map adds to the trace by each element of its space; null where it conserves it
   * @throws {WideSectorError}
   */
  constructor(
    readonly generator: Generator,
    readonly sector: Sector,
    weights: Weights,
    created: Float64Array | null = null,
  ) {
    const { space } = generator;
    requireNarrow(generator, sector);
    const matrix = siteMatrix(generator, sector);
    this.index = siteIndex(space, sector, matrix);
    const places = (part: 0 | 1) =>
      Float64Array.from(this.index, (at) => (at < 0 ? 0 : (created?.[2 * at + part] ?? 0)));
    this.#matrix =
      created === null ? matrix : { ...matrix, created: places(0), createdIm: places(1) };
    const roots = new Float64Array(space.size);
    for (const c of sector.classes) {
      const { ket, bra, delta, first, length, offset } = space.classes[c];
      for (let i = 0; i < length; i++) {
        const level = first + i;
        roots[offset + i] = Math.sqrt(weights[ket][level]) * Math.sqrt(weights[bra][level - delta]);
      }
    }
    let size = 0;
    this.#units = Float64Array.from(this.index, (at) => {
      if (at < 0) return 1;
      size++;
      return Math.sqrt(roots[at]);
    });
    this.size = size;
  }

  /** The length of a vector, in numbers. */
  get length(): number {
    return 2 * this.index.length;
  }

  get hasPopulations(): boolean {
    return this.#matrix.coherences < this.#matrix.width;
  }

  /** The vector t with ⟨t, x⟩ = Tr ρ. */
  get trace(): Float64Array {
    const { width, coherences } = this.#matrix;
    const t = new Float64Array(this.length);
    this.index.forEach((at, k) => {
      if (at >= 0 && k % width >= coherences) t[2 * k] = this.#units[k];
    });
    return t;
  }

  /** Diagonal elements of the generator, each a rate and a frequency. */
  diagonal(): Complex[] {
    const { width, re, im } = this.#matrix;
    const found: Complex[] = [];
    this.index.forEach((at, k) => {
      if (at < 0) return;
      const entry = (k * 3 + 1) * width + (k % width);
      found.push({ re: re[entry], im: im[entry] });
    });
    return found;
  }

  /** How fast populations leave, each that does. */
  outflows(): number[] {
    const { width, coherences, re } = this.#matrix;
    const found: number[] = [];
    this.index.forEach((at, k) => {
      if (at < 0 || k % width < coherences) return;
      const rate = -re[(k * 3 + 1) * width + (k % width)];
      if (rate > 0) found.push(rate);
    });
    return found;
  }

  /** A vector of the space, from elements in units. */
  toSpace(x: Float64Array): Float64Array {
    return this.#toSpace(x, (k) => this.#units[k]);
  }

  /** Elements in units, from a vector of the space. */
  fromSpace(elements: Float64Array): Float64Array {
    return this.#fromSpace(elements, (k) => 1 / this.#units[k]);
  }

  /** The vector a of the space, from one in units, with ⟨a, x⟩ the same of vectors of either. */
  rowToSpace(x: Float64Array): Float64Array {
    return this.#toSpace(x, (k) => 1 / this.#units[k]);
  }

  /** The other way. */
  rowFromSpace(elements: Float64Array): Float64Array {
    return this.#fromSpace(elements, (k) => this.#units[k]);
  }

  #toSpace(x: Float64Array, unit: (k: number) => number): Float64Array {
    const elements = new Float64Array(2 * this.generator.space.size);
    this.index.forEach((at, k) => {
      if (at < 0) return;
      elements[2 * at] = x[2 * k] * unit(k);
      elements[2 * at + 1] = x[2 * k + 1] * unit(k);
    });
    return elements;
  }

  #fromSpace(elements: Float64Array, unit: (k: number) => number): Float64Array {
    const x = new Float64Array(this.length);
    this.index.forEach((at, k) => {
      if (at < 0) return;
      x[2 * k] = elements[2 * at] * unit(k);
      x[2 * k + 1] = elements[2 * at + 1] * unit(k);
    });
    return x;
  }

  /** The vector a with ⟨a, x⟩ = Tr[Aρ] for the elements x of ρ in units. */
  observable({ transitions }: Operator): Float64Array {
    const { space } = this.generator;
    const values = new Float64Array(2 * space.size);
    for (const { to, from, shift, coefficient, table } of transitions) {
      const at = space.find(from, to, -shift);
      if (at < 0) continue;
      const { first, length, offset } = space.classes[at];
      for (let p = 0; p < length; p++) {
        const u = table === null ? 1 : table.re[first + p];
        const v = table?.im?.[first + p] ?? 0;
        values[2 * (offset + p)] += coefficient.re * u - coefficient.im * v;
        values[2 * (offset + p) + 1] -= coefficient.re * v + coefficient.im * u;
      }
    }
    return this.rowFromSpace(values);
  }

  /** Visits rows of the matrix: the unknowns that each of them has, and where its numbers begin. */
  #eachRow(visit: (row: number, first: number, end: number, at: number) => void): void {
    const { sites, width } = this.#matrix;
    const total = sites * width;
    for (let row = 0; row < total; row++) {
      const start = (Math.floor(row / width) - 1) * width;
      const first = Math.max(0, start);
      visit(row, first, Math.min(total, start + 3 * width), row * 3 * width + first - start);
    }
  }

  /** 𝓛x */
  apply(x: Float64Array): Float64Array {
    return this.applied(x).y;
  }

  /** 𝓛x, and for each of its elements the sum of the magnitudes of its terms. */
  applied(x: Float64Array): { readonly y: Float64Array; readonly magnitudes: Float64Array } {
    const { re, im } = this.#matrix;
    const units = this.#units;
    const y = new Float64Array(x.length);
    const magnitudes = new Float64Array(this.index.length);
    this.#eachRow((row, first, end, start) => {
      let [u, v, size] = [0, 0, 0];
      for (let k = first, at = start; k < end; k++, at++) {
        const [a, b] = [re[at], im[at]];
        if (a === 0 && b === 0) continue;
        const [c, d] = [units[k] * x[2 * k], units[k] * x[2 * k + 1]];
        u += a * c - b * d;
        v += a * d + b * c;
        size += (Math.abs(a) + Math.abs(b)) * (Math.abs(c) + Math.abs(d));
      }
      y[2 * row] = u / units[row];
      y[2 * row + 1] = v / units[row];
      magnitudes[row] = size / units[row];
    });
    return { y, magnitudes };
  }

  /** The adjoint of 𝓛 of a row in units, and for each element the sum of the magnitudes of its terms. */
  appliedBack(a: Float64Array): { readonly y: Float64Array; readonly magnitudes: Float64Array } {
    const { re, im } = this.#matrix;
    const units = this.#units;
    const y = new Float64Array(a.length);
    const magnitudes = new Float64Array(this.index.length);
    this.#eachRow((row, first, end, start) => {
      const [c, d] = [a[2 * row] / units[row], a[2 * row + 1] / units[row]];
      for (let k = first, at = start; k < end; k++, at++) {
        y[2 * k] += units[k] * (re[at] * c + im[at] * d);
        y[2 * k + 1] += units[k] * (re[at] * d - im[at] * c);
        const size = (Math.abs(re[at]) + Math.abs(im[at])) * (Math.abs(c) + Math.abs(d));
        magnitudes[k] += units[k] * size;
      }
    });
    return { y, magnitudes };
  }

  /** (z − 𝓛)^{−1} and its adjoint, by one factorisation. */
  resolvent(z: Complex): Resolvent {
    const factors: ShiftedFactors = shiftedFactors(this.#matrix, 1, z);
    const units = this.#units;
    // Of x in units, and of what comes of it, with the sign of (z − 𝓛).
    const within = (
      x: Float64Array,
      before: Float64Array,
      solve: typeof solveShifted,
      after: Float64Array,
    ): Float64Array => {
      const y = new Float64Array(x.length);
      for (let k = 0; k < before.length; k++) {
        y[2 * k] = -x[2 * k] * before[k];
        y[2 * k + 1] = -x[2 * k + 1] * before[k];
      }
      solve(factors, y, y);
      for (let k = 0; k < after.length; k++) {
        y[2 * k] *= after[k];
        y[2 * k + 1] *= after[k];
      }
      return y;
    };
    const inverse = units.map((unit) => 1 / unit);
    return {
      apply: (x) => within(x, units, solveShifted, inverse),
      adjoint: (x) => within(x, inverse, solveShiftedAdjoint, units),
    };
  }

  /**
   * e^{𝓛t}x for one t after another, rising from 0.
   * @param rtol error of a step relative to the largest element of x
   * @param counts told of its steps
   */
  evolution(
    x: Float64Array,
    rtol: number,
    counts: StepCounts = { accepted: 0, rejected: 0 },
  ): (t: number) => Float64Array {
    const units = this.#units;
    const y = x.map((value, i) => value * units[i >> 1]);
    const largest = y.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const evolution = new SectorEvolution(this.#matrix, y, null, rtol * largest, counts);
    return (t) => {
      if (largest > 0) evolution.advanceTo(t);
      return y.map((value, i) => value / units[i >> 1]);
    };
  }

  /** The places of the conjugates of elements; null in a sector that lacks them. */
  get partners(): Int32Array | null {
    const { generator, sector } = this;
    return sector.hermitian ? sitePartners(generator.space, sector, this.#matrix) : null;
  }

  /** The matrix in units, at the places of its unknowns; of those that are none rows are empty. */
  rows(): SparseRows {
    const { width, sites, re, im } = this.#matrix;
    const units = this.#units;
    const begin = new Int32Array(sites * width + 1);
    const places: number[] = [];
    const columns: number[] = [];
    for (let row = 0; row < sites * width; row++) {
      const start = (Math.floor(row / width) - 1) * width;
      for (let j = 0; this.index[row] >= 0 && j < 3 * width; j++) {
        const at = row * 3 * width + j;
        if ((re[at] === 0 && im[at] === 0) || !(this.index[start + j] >= 0)) continue;
        places.push(at);
        columns.push(start + j);
      }
      begin[row + 1] = places.length;
    }
    const scaled = (values: Float64Array) =>
      Float64Array.from(places, (at, k) => {
        return values[at] * (units[columns[k]] / units[Math.floor(at / (3 * width))]);
      });
    return { begin, column: Int32Array.from(columns), re: scaled(re), im: scaled(im) };
  }

  /** The whole matrix in units, between the elements that there are. */
  dense(): ComplexMatrix {
    const { size } = this;
    const { begin, column, re, im } = this.rows();
    let next = 0;
    const position = Int32Array.from(this.index, (at) => (at < 0 ? -1 : next++));
    const matrix = {
      size,
      re: new Float64Array(size * size),
      im: new Float64Array(size * size),
    };
    position.forEach((r, row) => {
      for (let k = begin[row]; k < begin[row + 1]; k++) {
        matrix.re[r * size + position[column[k]]] = re[k];
        matrix.im[r * size + position[column[k]]] = im[k];
      }
    });
    return matrix;
  }

  /** A vector of the dense matrix with 0 where there is no element. */
  spread(x: Float64Array): Float64Array {
    const y = new Float64Array(this.length);
    let next = 0;
    this.index.forEach((at, k) => {
      if (at < 0) return;
      y[2 * k] = x[2 * next];
      y[2 * k + 1] = x[2 * next + 1];
      next++;
    });
    return y;
  }
}

function requireNarrow({ space }: Generator, { classes }: Sector): void {
  const levels = Math.max(...classes.map((c) => space.classes[c].length));
  if (levels * classes.length ** 3 <= MOST_PRODUCTS) return;
  throw new WideSectorError(
    `a sector of ${classes.length} diagonals of ${levels} levels is too wide: no conserved charge counts levels`,
  );
}
