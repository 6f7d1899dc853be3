/** Where the eigenvalues of a sector are looked for, and how those next to a shift are found. */
import { partnerOf } from '../generator/siteMatrix.js';
import type { Complex } from '../operators/operator.js';
import { arnoldi } from '../solve/arnoldi.js';
import { eigenpairs } from '../solve/complexSchur.js';
import { RandomStream } from '../solve/philox.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { HermitianCoordinates } from './hermitian.js';
import { inner } from './vectors.js';
import type { Resolvent, WeightedSector } from './weightedSector.js';

/** Steps of Arnoldi's iteration, at most. */
export const MOST_STEPS = 600;
/** What is left of an eigenvector, relative to the largest eigenvalue of the resolvent, before it is applied once more. */
export const TOLERANCE = 1e-9;
/** The first shift beside the axis relative to the slowest rate of an element, and the steps that are taken there. */
const BESIDE = 1e-9;
const SCOUTING = 12;
const SEED = 19;

/** Steps before it is looked whether so many eigenvalues are found. */
export const leastSteps = (count: number): number => Math.ceil(2.5 * count) + 20;

/** What modes are compared with observables by. */
export type ModeSector = Pick<WeightedSector, 'hasPopulations' | 'trace' | 'observable'>;

/** An eigenvalue with its eigenoperators in a sector's units. */
export interface ModeVectors<S extends ModeSector = WeightedSector> {
  readonly sector: S;
  readonly value: Complex;
  readonly right: Float64Array;
  readonly left: Float64Array;
}

/** Eigenvalues of a sector, as far as they have been looked for. */
export interface Eigen {
  readonly vectors: ModeVectors[];
  readonly radius: number | null;
  readonly shift: Complex;
}

/** All of them. */
export function denseModes(sector: WeightedSector): Eigen {
  const { re, im, right, left } = eigenpairs(sector.dense());
  return {
    vectors: right.map((x, k) => ({
      sector,
      value: { re: re[k], im: im[k] },
      right: sector.spread(x),
      left: sector.spread(left[k]),
    })),
    radius: null,
    shift: { re: 0, im: 0 },
  };
}

/** The mode of the conjugate eigenvalue, in the sector of the conjugates. */
export function mirrored(mode: ModeVectors, sector: WeightedSector): ModeVectors {
  const { space } = sector.generator;
  const places = new Int32Array(space.size);
  mode.sector.index.forEach((at, k) => {
    if (at >= 0) places[at] = k;
  });
  const from = new Int32Array(sector.index.length).fill(-1);
  const at = new Map([...sector.index].map((place, k) => [place, k]));
  for (const c of sector.sector.classes) {
    const own = space.classes[c];
    const other = space.classes[partnerOf(space, c)];
    for (let p = 0; p < own.length; p++) {
      from[at.get(own.offset + p) as number] = places[other.offset + p];
    }
  }
  const conjugate = (x: Float64Array) =>
    Float64Array.from({ length: sector.length }, (_, i) => {
      const k = from[i >> 1];
      return k < 0 ? 0 : i % 2 === 0 ? x[2 * k] : -x[2 * k + 1];
    });
  const { value, right, left } = mode;
  return {
    sector,
    value: { re: value.re, im: -value.im },
    right: conjugate(right),
    left: conjugate(left),
  };
}

export function randomVector(sector: WeightedSector): Float64Array {
  const random = new RandomStream(SEED, 0);
  const x = new Float64Array(sector.length);
  sector.index.forEach((at, k) => {
    if (at < 0) return;
    random.draw();
    x[2 * k] = random.first - 0.5;
    x[2 * k + 1] = random.second - 0.5;
  });
  return x;
}

/** Where modes are looked for: at the frequency of the slowest element, unless it is given. */
export function firstFrequency(sector: WeightedSector): number {
  if (sector.hasPopulations) return 0;
  return sector.diagonal().reduce((best, d) => (d.re > best.re ? d : best)).im;
}

/**
 * A shift that is as far from the axis as the nearest eigenvalue is from it, so that neither is the steady state all
 * that is seen, nor are modes as slow as the shift seen as one.
 */
export function scouted(sector: WeightedSector, frequency: number, steady: DensityMatrix): Complex {
  const rates = [...sector.outflows(), ...sector.diagonal().map(({ re }) => -re)];
  const slowest = rates.filter((rate) => rate > 0).reduce((a, b) => Math.min(a, b), Infinity);
  if (slowest === Infinity) return { re: 1, im: frequency };
  const resolvent = sector.resolvent({ re: BESIDE * slowest, im: frequency });
  const project = sector.hasPopulations ? withoutTrace(sector, steady) : (x: Float64Array) => x;
  const { pairs } = arnoldi((x) => project(resolvent.apply(x)), project(randomVector(sector)), {
    isReal: false,
    wanted: 1,
    tolerance: 1,
    least: SCOUTING,
    most: SCOUTING,
  });
  const [{ re, im }] = pairs;
  return { re: 1 / Math.hypot(re, im), im: frequency };
}

/** Takes out as much of the steady state as a vector has of its trace. */
export function withoutTrace(sector: WeightedSector, steady: DensityMatrix) {
  const { trace } = sector;
  const rho = sector.fromSpace(steady.elements);
  return (x: Float64Array): Float64Array => {
    const { re, im } = inner(trace, x);
    const y = new Float64Array(x.length);
    for (let i = 0; i < x.length; i += 2) {
      y[i] = x[i] - re * rho[i] + im * rho[i + 1];
      y[i + 1] = x[i + 1] - im * rho[i] - re * rho[i + 1];
    }
    return y;
  };
}

/** A resolvent in the coordinates in which Arnoldi's iteration is done, and the way back from them where they are real. */
function coordinates(sector: WeightedSector, resolvent: Resolvent, shift: Complex) {
  const start = randomVector(sector);
  const { partners } = sector;
  if (partners === null || shift.im !== 0) return { ...resolvent, start, back: null };
  const real = new HermitianCoordinates(partners);
  const inReal = (map: (x: Float64Array) => Float64Array) => (y: Float64Array) =>
    real.toReal(map(real.fromReal(y)));
  return {
    apply: inReal(resolvent.apply),
    adjoint: inReal(resolvent.adjoint),
    start: real.toReal(start),
    back: (y: Float64Array) => real.fromComplex(y),
  };
}

/** Steps that tell a distance, at most, and to which share of it. */
const PROBING = 40;
export const PROBED = 0.05;

/** About how far the nearest eigenvalue is, beside the steady state. */
export function distanceFrom(sector: WeightedSector, z: Complex, steady: DensityMatrix): number {
  const resolvent = sector.resolvent(z);
  const project = withoutTrace(sector, steady);
  const { pairs, converged } = arnoldi(
    (x) => project(resolvent.apply(x)),
    project(randomVector(sector)),
    { isReal: false, wanted: 1, tolerance: PROBED, least: SCOUTING, most: PROBING },
  );
  const [{ re, im }] = pairs;
  return converged ? 1 / Math.hypot(re, im) : 0;
}

/** The eigenvalues next to a shift, with right and left eigenvectors. */
export function nearest(sector: WeightedSector, count: number, shift: Complex): Eigen {
  const resolvent = sector.resolvent(shift);
  const { apply, adjoint, start, back } = coordinates(sector, resolvent, shift);
  const isReal = back !== null;
  const restored = back ?? ((x: Float64Array) => x);
  const options = {
    isReal,
    wanted: count,
    tolerance: TOLERANCE,
    least: leastSteps(count),
    most: Math.min(MOST_STEPS, sector.size),
  };
  const { pairs: right, steps } = arnoldi(apply, start, options);
  const left = arnoldi(adjoint, start, { ...options, wanted: count + 2, least: steps }).pairs;
  const taken = new Set<number>();
  const vectors = right.map(({ re, im, vector }) => {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    left.forEach((candidate, k) => {
      const distance = Math.hypot(candidate.re - re, candidate.im + im);
      if (taken.has(k) || distance >= least) return;
      [best, least] = [k, distance];
    });
    taken.add(best);
    const square = re * re + im * im;
    return {
      sector,
      value: { re: shift.re - re / square, im: shift.im + im / square },
      // One more product damps what is left of fast modes.
      right: resolvent.apply(restored(vector)),
      left: resolvent.adjoint(restored(left[best].vector)),
    };
  });
  const radius = right.reduce((most, { re, im }) => Math.max(most, 1 / Math.hypot(re, im)), 0);
  return { vectors, radius, shift };
}
