/**
 * How far Tr Y ln ρ may be off where ρ is, block by block.
 *
 * With D² the populations of a block and ρ = DRD, an error E = DFD of it leaves (1 − η)ρ ≤ ρ + E ≤ (1 + η)ρ with
 * η = ‖F‖/(smallest eigenvalue of R): so a small population beside a large one counts relative to itself. The logarithm
 * is operator monotone, and changes by at most ε = −ln(1 − η) in the operator norm. Where η is small its derivative
 * tells more: to first order Tr Y δ(ln ρ) = Tr Z E, with Z the derivative of the logarithm in the direction of Y.
 */
import { EigenvalueDecomposition } from 'ml-matrix';
import type { Unknowns } from '../lindblad/functional.js';
import type { BoundSector } from '../lindblad/sectorProgram.js';
import { zeros } from '../zeros.js';
import { type Block, blocksOf, realBlock } from './sectorBlocks.js';

/** What rounding takes from a logarithm, and from an eigenvalue that a dense eigensolver finds of a block. */
const ROUNDING = 16 * Number.EPSILON;
/** By no more two logarithms of numbers up to 1 differ in float64; the second order is within this of η². */
const MOST = -Math.log(Number.MIN_VALUE);

export class LogarithmErrors {
  readonly #blocks: readonly Block[];
  /** By block ε, and what the second order and rounding take, both in the operator norm. */
  readonly #epsilon: Float64Array;
  readonly #rest: Float64Array;

  constructor(
    sector: BoundSector,
    private readonly state: Unknowns,
  ) {
    const { x, errors } = state;
    const there = zeros(x.length);
    // What may be off from 0 connects states, too.
    for (let i = 0; i < x.length; i++) there[i] = Math.abs(x[i]) + errors[i];
    this.#blocks = blocksOf(sector, there);
    const { length } = this.#blocks;
    [this.#epsilon, this.#rest] = [zeros(length), zeros(length)];
    for (let b = 0; b < length; b++) {
      const { lost, least, spread } = conditionOf(this.#blocks[b], state);
      const rounded = (ROUNDING * spread) / least;
      const eta = lost / least + rounded;
      const isKnown = least > 0 && eta < 1;
      this.#epsilon[b] = isKnown ? Math.min(-Math.log1p(-eta), MOST) : MOST;
      this.#rest[b] = isKnown ? rounded + MOST * eta * eta : MOST;
    }
  }

  /** How far Tr Y ln ρ may be off. @param uncertain how far each number of Y may be */
  of(y: Float64Array, uncertain: Float64Array): number {
    const { x, errors } = this.state;
    const z = zeros(y.length);
    let total = 0;
    for (let b = 0; b < this.#blocks.length; b++) {
      const block = this.#blocks[b];
      const { populations, coherences } = block;
      const slope = populations.length === 1 ? single : populations.length === 2 ? pair : several;
      slope(block, x, y, z);
      let first = 0;
      let norm = 0;
      let unknown = 0;
      for (const i of populations) {
        first += Math.abs(z[i]) * errors[i];
        norm += Math.abs(y[i]);
        unknown += uncertain[i];
      }
      // An element and its conjugate stand for one.
      for (const { index: i } of coherences) {
        first += 2 * (Math.abs(z[i]) * errors[i] + Math.abs(z[i + 1]) * errors[i + 1]);
        norm += 2 * (Math.abs(y[i]) + Math.abs(y[i + 1]));
        unknown += 2 * (uncertain[i] + uncertain[i + 1]);
      }
      const bySlope = first + this.#rest[b] * norm;
      const byNorm = this.#epsilon[b] * norm;
      total += (bySlope < byNorm ? bySlope : byNorm) + this.#epsilon[b] * unknown;
    }
    return total;
  }
}

/** How η comes about. */
interface Condition {
  /** ‖F‖ */
  readonly lost: number;
  /** The smallest eigenvalue of R, not more than that. */
  readonly least: number;
  /** What an eigenvalue is found relative to, by the smallest population. */
  readonly spread: number;
}

function conditionOf(block: Block, state: Unknowns): Condition {
  const { populations, coherences } = block;
  if (populations.length > 2) return conditionOfSeveral(block, state);
  const { x, errors } = state;
  const [p, q] = populations;
  if (populations.length === 1) return { lost: errors[p] / x[p], least: 1, spread: 1 };
  const [{ index }] = coherences;
  const root = Math.sqrt(x[p] * x[q]);
  const own = Math.max(errors[p] / x[p], errors[q] / x[q]);
  return {
    lost: own + (errors[index] + errors[index + 1]) / root,
    least: 1 - Math.hypot(x[index], x[index + 1]) / root,
    spread: 1,
  };
}

function conditionOfSeveral(block: Block, { x, errors }: Unknowns): Condition {
  const { populations, coherences } = block;
  const order = populations.length;
  const roots = populations.map((p) => Math.sqrt(x[p]));
  if (!roots.every((root) => root > 0)) return { lost: Number.NaN, least: 0, spread: 1 };
  const rows = populations.map((p) => errors[p] / x[p]);
  for (const { ket, bra, index } of coherences) {
    const off = (errors[index] + errors[index + 1]) / (roots[ket] * roots[bra]);
    rows[ket] += off;
    rows[bra] += off;
  }
  const matrix = realBlock(block, x);
  for (let r = 0; r < 2 * order; r++) {
    for (let c = 0; c < 2 * order; c++) {
      matrix.set(r, c, matrix.get(r, c) / (roots[r % order] * roots[c % order]));
    }
  }
  const { realEigenvalues } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  return {
    lost: Math.max(...rows),
    least: Math.min(...realEigenvalues) - ROUNDING,
    spread: (Math.max(...roots) / Math.min(...roots)) ** 2,
  };
}

/** Puts down Z, the derivative of the logarithm in the direction of Y. */
type Slope = (block: Block, x: Float64Array, y: Float64Array, z: Float64Array) => void;

const single: Slope = ({ populations: [p] }, x, y, z) => {
  z[p] = y[p] / x[p];
};

/** (ln a − ln b)/(a − b) */
function divided(a: number, b: number): number {
  const ratio = (a - b) / b;
  return Math.abs(ratio) < Number.EPSILON ? 1 / b : Math.log1p(ratio) / (a - b);
}

const pair: Slope = ({ populations: [p, q], coherences: [{ index: re }] }, x, y, z) => {
  const im = re + 1;
  const gap = (x[p] - x[q]) / 2;
  const half = Math.hypot(gap, x[re], x[im]);
  const upper = (x[p] + x[q]) / 2 + half;
  const lower = Math.max((x[p] * x[q] - x[re] * x[re] - x[im] * x[im]) / upper, Number.MIN_VALUE);
  // Along the axis between the eigenstates, and across it.
  const inverse = half === 0 ? 0 : 1 / half;
  const [a, b, c] = [gap * inverse, x[re] * inverse, x[im] * inverse];
  const turned = (y[p] - y[q]) / 2;
  const along = a * turned + b * y[re] + c * y[im];
  const mean = (y[p] + y[q]) / 2;
  const ofUpper = (mean + along) / upper;
  const ofLower = (mean - along) / lower;
  const across = divided(upper, lower);
  const parallel = (ofUpper - ofLower) / 2 - across * along;
  const scalar = (ofUpper + ofLower) / 2;
  const tilt = parallel * a + across * turned;
  z[p] = scalar + tilt;
  z[q] = scalar - tilt;
  z[re] = parallel * b + across * y[re];
  z[im] = parallel * c + across * y[im];
};

const several: Slope = (block, x, y, z) => {
  const { populations, coherences } = block;
  const order = populations.length;
  const { realEigenvalues, eigenvectorMatrix: v } = new EigenvalueDecomposition(
    realBlock(block, x),
    { assumeSymmetric: true },
  );
  const values = realEigenvalues.map((value) => Math.max(value, Number.MIN_VALUE));
  const inner = v.transpose().mmul(realBlock(block, y)).mmul(v);
  values.forEach((a, r) => {
    values.forEach((b, c) => {
      inner.set(r, c, inner.get(r, c) * divided(a, b));
    });
  });
  const found = v.mmul(inner).mmul(v.transpose());
  populations.forEach((p, r) => {
    z[p] = found.get(r, r);
  });
  for (const { ket, bra, index } of coherences) {
    z[index] = found.get(ket, bra);
    z[index + 1] = found.get(order + ket, bra);
  }
};
