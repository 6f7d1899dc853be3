/**
 * Whether there are slower modes than those that have been found near a frequency, at any other one: where the numerical
 * range of a sector, or of its coherences, does not rule them out, they are looked for.
 */
import { partnerOf } from '../generator/siteMatrix.js';
import type { Complex } from '../operators/operator.js';
import { slowestValues } from '../solve/slowestValues.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import {
  distanceFrom,
  type Eigen,
  type ModeVectors,
  mirrored,
  nearest,
  PROBED,
  randomVector,
  withoutTrace,
} from './eigenSearch.js';
import { couplingNorm, numericalRange, product, type SparseRows } from './sparseRows.js';
import { inner, overlap } from './vectors.js';
import type { WeightedSector } from './weightedSector.js';

/** Products of numbers that a search may take. */
export const MOST_PRODUCTS = 2e9;
/** Discs along the axis, at most; the next one is so many times farther out than what is covered, less where it has to be. */
const MOST_DISCS = 24;
const AHEAD = [8, 4, 2, 1.5];
/** How high the first disc is at the rate that is asked for, relative to it: next to a dense axis others join it from 0.5. */
const HEIGHT = 0.6;
/** Eigenvalues that are next to a new one, with it. */
export const AROUND = 4;
/** Two ways to one eigenvalue differ by no more, relative to it: one of a survey by its rate, and one of two searches. */
export const SAME_RATE = 1e-3;
export const SAME = 1e-7;

/** |⟨L, R⟩| of a mode of norm 1 that is taken out of vectors. */
export const TOLD_APART = 1e-4;

interface HasValue {
  readonly value: Complex;
}

export interface SlowerModes {
  /** Beside those that were found. */
  readonly vectors: readonly ModeVectors[];
  /** No other mode has a smaller rate. */
  readonly upTo: number;
}

/** What is sought: up to which rate, and how many modes that may be. */
export interface Asked {
  readonly rate: number;
  readonly count: number;
}

/** The sector of the conjugates of a sector's elements; itself where it holds them, and −1 where there is none. */
export function mirrorOf(parts: readonly WeightedSector[], at: number): number {
  const { generator, sector } = parts[at];
  const partner = partnerOf(generator.space, sector.classes[0]);
  return parts.findIndex((part) => part.sector.classes.includes(partner));
}

/**
 * @param found by part what has been
 * @param askedOf what is sought, where these modes are known beside those that were found
 */
export function slowerModes(
  parts: readonly WeightedSector[],
  found: readonly Eigen[],
  steady: DensityMatrix,
  askedOf: (further: readonly ModeVectors[]) => Asked,
): SlowerModes {
  const further: ModeVectors[] = [];
  let upTo = Number.POSITIVE_INFINITY;
  parts.forEach((part, at) => {
    const own = found[at];
    const mirror = mirrorOf(parts, at);
    if (own.radius === null || (mirror >= 0 && mirror < at)) return;
    const asked = askedOf(further);
    const rows = part.rows();
    const { growth } = numericalRange(rows);
    if (-growth > asked.rate) {
      upTo = Math.min(upTo, -growth);
      return;
    }
    const populations = upToOfPopulations(part, rows, own, asked.rate, steady);
    if (populations !== null) {
      upTo = Math.min(upTo, populations);
      return;
    }
    const survey = surveyed(own.vectors, part, rows, steady, asked);
    upTo = Math.min(upTo, survey.upTo);
    const known = [...own.vectors];
    const unmatched = new Set(known);
    for (const { rate, frequency } of survey.values) {
      const near = ({ value: { re, im } }: ModeVectors) =>
        Math.hypot(re + rate, im - frequency) <= SAME_RATE * rate;
      const isKnown = () => {
        const one = [...unmatched].find(near);
        if (one !== undefined) unmatched.delete(one);
        return one !== undefined;
      };
      if (isKnown()) continue;
      if (rate > (1 + SAME_RATE) * asked.rate) {
        upTo = Math.min(upTo, rate * (1 - SAME_RATE));
        continue;
      }
      const around = nearest(part, AROUND, { re: rate, im: frequency });
      for (const one of around.vectors) {
        if (known.some((old) => isSame(old, one, rate))) continue;
        known.push(one);
        unmatched.add(one);
        further.push(one);
        if (mirror > at) further.push(mirrored(one, parts[mirror]));
      }
      // Of equal eigenvalues rounding finds more than one.
      if (!isKnown() && !known.some(near)) upTo = Math.min(upTo, rate * (1 - SAME_RATE));
    }
  });
  return { vectors: further, upTo };
}

/** Whether two eigenvalues of a sector are one, of those that decay about so fast. */
export const isSame = (a: HasValue, b: HasValue, rate: number): boolean =>
  Math.hypot(a.value.re - b.value.re, a.value.im - b.value.im) <=
  SAME * Math.max(rate, Math.hypot(a.value.re, a.value.im));

/** The slowest eigenvalues of a sector beside the steady state and what is known, at any frequency. */
function surveyed(
  known: readonly ModeVectors[],
  sector: WeightedSector,
  rows: SparseRows,
  steady: DensityMatrix,
  asked: Asked,
) {
  const { partners, hasPopulations } = sector;
  const flow = {
    ...numericalRange(rows),
    apply: (x: Float64Array) => product(rows, x),
    isReal: partners !== null,
    // Of complex numbers.
    work: 4 * rows.column.length,
  };
  const traceless = hasPopulations ? withoutTrace(sector, steady) : (x: Float64Array) => x;
  const modes = deflated(known, sector);
  const beside = (x: Float64Array) => modes.reduce(without, traceless(x));
  const hermitian = (x: Float64Array) =>
    partners === null
      ? x
      : x.map((value, i) => {
          const conjugate = (i % 2 === 0 ? 1 : -1) * x[2 * partners[i >> 1] + (i % 2)];
          return (value + conjugate) / 2;
        });
  const project = (x: Float64Array) => hermitian(beside(x));
  return slowestValues(flow, randomVector(sector), project, asked, MOST_PRODUCTS);
}

/** Those whose share in a vector is told from others', with their conjugates where the sector has them. */
function deflated(known: readonly ModeVectors[], sector: WeightedSector): ModeVectors[] {
  return known
    .filter(({ right, left }) => overlap(left, right) > TOLD_APART)
    .flatMap((mode) => (sector.partners === null ? [mode] : [mode, mirrored(mode, sector)]));
}

/** x − R⟨L, x⟩/⟨L, R⟩ */
function without(x: Float64Array, { right, left }: ModeVectors): Float64Array {
  const [p, q] = [inner(left, x), inner(left, right)];
  const square = q.re * q.re + q.im * q.im;
  const re = (p.re * q.re + p.im * q.im) / square;
  const im = (p.im * q.re - p.re * q.im) / square;
  const y = new Float64Array(x.length);
  for (let i = 0; i < x.length; i += 2) {
    y[i] = x[i] - (re * right[i] - im * right[i + 1]);
    y[i + 1] = x[i + 1] - (re * right[i + 1] + im * right[i]);
  }
  return y;
}

/**
 * Where coherences decay faster by themselves, together: a mode of a smaller rate is one of S(λ) = A + B(λ − D)⁻¹C among
 * populations alone, A and D being the blocks of populations and of coherences. So |Im λ| is at most that of the
 * numerical range of A and ‖B‖‖C‖/(d − rate), d being the decay of D; up to there the axis is covered by discs without
 * eigenvalues.
 * @returns up to which rate all modes have been found; null where it is not so
 */
function upToOfPopulations(
  sector: WeightedSector,
  rows: SparseRows,
  { radius, shift }: Eigen,
  asked: number,
  steady: DensityMatrix,
): number | null {
  if (!sector.hasPopulations || radius === null) return null;
  const { trace } = sector;
  const isPopulation = (k: number) => trace[2 * k] !== 0;
  const isCoherence = (k: number) => !isPopulation(k);
  const slowest = -numericalRange(rows, isCoherence).growth;
  // The disc at the shift is at least so high there.
  const squares = 1 + HEIGHT * HEIGHT;
  const s = shift.re;
  const reach = Math.sqrt(s * s + squares * (radius * radius - s * s)) - s;
  const rate = Math.min(asked, reach / squares);
  if (!(slowest > 2 * rate)) return null;
  const coupling = couplingNorm(rows, isPopulation) * couplingNorm(rows, isCoherence);
  const bound = numericalRange(rows, isPopulation).imaginary + coupling / (slowest - rate);
  const halfOf = (r: number) => Math.sqrt(Math.max(0, r * r - rate * rate));
  let covered = Math.sqrt(radius * radius - (rate + s) ** 2);
  for (let disc = 0; covered < bound; disc++) {
    if (disc === MOST_DISCS) return null;
    const before = covered;
    for (let k = 0; k < AHEAD.length && covered === before; k++) {
      const im = AHEAD[k] * before;
      const half = halfOf((1 - 2 * PROBED) * distanceFrom(sector, { re: 0, im }, steady));
      if (im - half < before) covered = im + half;
    }
    if (covered === before) return null;
  }
  return rate;
}
