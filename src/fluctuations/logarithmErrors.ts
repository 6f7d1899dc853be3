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
import { type Block, blocksOf, type Place, realBlock } from './sectorLogarithm.js';

/** What rounding takes from a logarithm, and from an eigenvalue that a dense eigensolver finds of a block. */
const ROUNDING = 16 * Number.EPSILON;
/** By no more two logarithms of numbers up to 1 differ in float64; the second order is within this of η². */
const MOST = -Math.log(Number.MIN_VALUE);

interface BoundBlock extends Block {
  readonly eta: number;
  /** Of the change of the logarithm, in the operator norm. */
  readonly epsilon: number;
  /** What rounding takes from the logarithm itself. */
  readonly rounded: number;
}

export class LogarithmErrors {
  readonly #blocks: readonly BoundBlock[];

  constructor(
    sector: BoundSector,
    private readonly state: Unknowns,
  ) {
    const { x, errors } = state;
    // What may be off from 0 connects states, too.
    const there = errors.map((error, i) => error + Math.abs(x[i]));
    this.#blocks = [...blocksOf(sector, there)].map((block) => {
      const { eta, rounded } = lossesOf(block, state);
      const epsilon = eta < 1 ? Math.min(-Math.log1p(-eta), MOST) : MOST;
      return { ...block, eta, epsilon, rounded };
    });
  }

  /** How far Tr Y ln ρ may be off. @param uncertain how far each number of Y may be */
  of(y: Float64Array, uncertain: Float64Array): number {
    const { x, errors } = this.state;
    let total = 0;
    const z = zeros(y.length);
    for (const block of this.#blocks) {
      const { states, eta, epsilon, rounded } = block;
      const slope = states.length === 1 ? single : states.length === 2 ? pair : several;
      slope(block, x, y, z);
      let [first, norm, unknown] = [0, 0, 0];
      for (const { index, conjugation } of placesIn(block)) {
        // An element and its conjugate stand for one, and have two parts.
        const twice = conjugation === 0 ? 1 : 2;
        for (let i = index; i < index + twice; i++) {
          first += twice * Math.abs(z[i]) * errors[i];
          norm += twice * Math.abs(y[i]);
          unknown += twice * uncertain[i];
        }
      }
      const bySlope = first + (rounded + MOST * eta * eta) * norm;
      total += (bySlope < epsilon * norm ? bySlope : epsilon * norm) + epsilon * unknown;
    }
    return total;
  }
}

/** The elements of a block that the sector has, each with its conjugate once. */
const placesIn = ({ states, at }: Block): Place[] =>
  states.flatMap((s) =>
    states.flatMap((t) => {
      const place = at(s, t);
      return place === null || place.conjugation < 0 ? [] : [place];
    }),
  );

/** η, with what rounding takes as a part of it. */
function lossesOf(block: Block, { x, errors }: Unknowns): Pick<BoundBlock, 'eta' | 'rounded'> {
  const { states, at } = block;
  const populations = states.map((s) => at(s, s)?.index ?? -1);
  const roots = populations.map((p) => Math.sqrt(Math.max(x[p], 0)));
  const scaled = ({ index }: Place, r: number, c: number, v: Float64Array) =>
    Math.hypot(v[index], v[index + 1]) / (roots[r] * roots[c]);
  // The norm of F by sums of rows.
  let [lost, correlated] = [0, 0];
  states.forEach((s, r) => {
    let row = errors[populations[r]] / x[populations[r]];
    states.forEach((t, c) => {
      const place = c === r ? null : at(s, t);
      if (place === null) return;
      row += scaled(place, r, c, errors);
      correlated = scaled(place, r, c, x);
    });
    lost = Math.max(lost, row);
  });
  const isLarge = states.length > 2;
  const least = isLarge ? leastEigenvalue(block, x, roots) : 1 - correlated;
  // A dense eigensolver finds eigenvalues of ρ to rounding of the largest one.
  const spread = isLarge ? (Math.max(...roots) / Math.min(...roots)) ** 2 : 1;
  const rounded = (ROUNDING * spread) / least;
  const eta = lost / least + rounded;
  return least > 0 && eta < 1 ? { eta, rounded } : { eta: 1, rounded: 1 };
}

/** Of R, as far as rounding tells it. */
function leastEigenvalue(block: Block, x: Float64Array, roots: readonly number[]): number {
  const order = roots.length;
  if (!roots.every((root) => root > 0)) return 0;
  const matrix = realBlock(block, x);
  for (let r = 0; r < 2 * order; r++) {
    for (let c = 0; c < 2 * order; c++) {
      matrix.set(r, c, matrix.get(r, c) / (roots[r % order] * roots[c % order]));
    }
  }
  const { realEigenvalues } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  return Math.min(...realEigenvalues) - ROUNDING;
}

/** Puts down Z, the derivative of the logarithm in the direction of Y. */
type Slope = (block: Block, x: Float64Array, y: Float64Array, z: Float64Array) => void;

const single: Slope = ({ states: [s], at }, x, y, z) => {
  const { index } = at(s, s) as Place;
  z[index] = y[index] / x[index];
};

/** (ln a − ln b)/(a − b) */
const divided = (a: number, b: number): number => {
  const ratio = (a - b) / b;
  return Math.abs(ratio) < Number.EPSILON ? 1 / b : Math.log1p(ratio) / (a - b);
};

const pair: Slope = ({ states: [s, t], at }, x, y, z) => {
  const [first, second] = [at(s, s), at(t, t)] as [Place, Place];
  const between = [at(s, t), at(t, s)].find((place) => place?.conjugation === 1) as Place;
  const [p, q, re, im] = [first.index, second.index, between.index, between.index + 1];
  const half = Math.hypot((x[p] - x[q]) / 2, x[re], x[im]);
  const upper = (x[p] + x[q]) / 2 + half;
  const lower = Math.max((x[p] * x[q] - x[re] ** 2 - x[im] ** 2) / upper, Number.MIN_VALUE);
  // Along the axis between the eigenstates, and across it.
  const axis = [(x[p] - x[q]) / 2, x[re], x[im]].map((n) => (half === 0 ? 0 : n / half));
  const [mean, ...turned] = [(y[p] + y[q]) / 2, (y[p] - y[q]) / 2, y[re], y[im]];
  const along = axis.reduce((sum, n, k) => sum + n * turned[k], 0);
  const [ofUpper, ofLower] = [(mean + along) / upper, (mean - along) / lower];
  const across = divided(upper, lower);
  const [scalar, parallel] = [(ofUpper + ofLower) / 2, (ofUpper - ofLower) / 2];
  const [tilt, ...rest] = axis.map((n, k) => parallel * n + across * (turned[k] - along * n));
  z[p] = scalar + tilt;
  z[q] = scalar - tilt;
  [z[re], z[im]] = rest;
};

const several: Slope = (block, x, y, z) => {
  const { states, at } = block;
  const order = states.length;
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
  states.forEach((ket, r) => {
    states.forEach((bra, c) => {
      const place = at(ket, bra);
      if (place === null || place.conjugation < 0) return;
      z[place.index] = found.get(r, c);
      if (place.conjugation > 0) z[place.index + 1] = found.get(order + r, c);
    });
  });
};
