/** Logarithm and entropy of a state of a sector, charge by charge: between charges it has no elements. */
import { EigenvalueDecomposition, type Matrix } from 'ml-matrix';
import type { BoundSector } from '../lindblad/sectorProgram.js';
import { realSymmetric } from '../state/realForm.js';
import { zeros } from '../zeros.js';

export interface SectorLogarithm {
  /** ln ρ as a vector of the sector. */
  readonly logarithm: Float64Array;
  /** −Tr ρ ln ρ */
  readonly entropy: number;
}

/** An element of a block: where it is, and the sign of its imaginary part; 0 for populations. */
export interface Place {
  readonly index: number;
  readonly conjugation: 0 | 1 | -1;
}

/** The elements between states of one charge; null where the sector has none. */
export type Elements = (ket: number, bra: number) => Place | null;

/** States of one charge between which there are elements, directly or by way of others. */
export interface Block {
  readonly states: readonly number[];
  readonly at: Elements;
}

/** @param x an element is there where it is not 0 */
export function* blocksOf(sector: BoundSector, x: Float64Array): Generator<Block> {
  const { program, charges } = sector;
  const { unknownOf } = program;
  for (let charge = 0; charge < charges; charge++) {
    const at: Elements = (ket, bra) => {
      const c = program.classOf(ket, bra);
      if (c < 0) return null;
      const { unknown, conjugation } = unknownOf[c];
      return { index: sector.index(charge, unknown), conjugation };
    };
    const areConnected = (s: number, t: number) => {
      const place = at(s, t);
      return place !== null && (x[place.index] !== 0 || x[place.index + 1] !== 0);
    };
    for (const states of connectedSets(statesAt(sector, charge), areConnected)) {
      yield { states, at };
    }
  }
}

export function logarithmOf(sector: BoundSector, x: Float64Array): SectorLogarithm {
  const logarithm = zeros(x.length);
  let entropy = 0;
  for (const { states, at } of blocksOf(sector, x)) {
    const read = states.length === 1 ? single : states.length === 2 ? pair : several;
    entropy += read(states, at, x, logarithm);
  }
  return { logarithm, entropy };
}

/** −p ln p */
function single([s]: readonly number[], at: Elements, x: Float64Array, out: Float64Array): number {
  const place = at(s, s);
  if (place === null || !(x[place.index] > 0)) return 0;
  out[place.index] = Math.log(x[place.index]);
  return -x[place.index] * out[place.index];
}

/** Of a 2×2 block, right to rounding however different its eigenvalues are. */
function pair([s, t]: readonly number[], at: Elements, x: Float64Array, out: Float64Array): number {
  const [first, second, one, other] = [at(s, s), at(t, t), at(s, t), at(t, s)];
  const between = one?.conjugation === 1 ? one : other;
  if (first === null || second === null || between === null) return 0;
  const [p, q] = [x[first.index], x[second.index]];
  const [re, im] = [x[between.index], x[between.index + 1]];
  const half = Math.hypot((p - q) / 2, re, im);
  const upper = (p + q) / 2 + half;
  const lower = Math.max((p * q - re * re - im * im) / upper, Number.MIN_VALUE);
  const [a, b] = [Math.log(upper), Math.log(lower)];
  const slope = half === 0 ? 0 : (a - b) / (2 * half);
  const tilt = (slope * (p - q)) / 2;
  out[first.index] = (a + b) / 2 + tilt;
  out[second.index] = (a + b) / 2 - tilt;
  out[between.index] = slope * re;
  out[between.index + 1] = slope * im;
  return -(upper * a + lower * b);
}

/** The real form of a block of a vector, in which each eigenvalue is there twice. */
export const realBlock = ({ states, at }: Block, x: Float64Array): Matrix =>
  realSymmetric(states.length, (put) => {
    states.forEach((ket, r) => {
      states.forEach((bra, c) => {
        const place = at(ket, bra);
        if (place === null) return;
        const im = place.conjugation === 0 ? 0 : place.conjugation * x[place.index + 1];
        put(r, c, x[place.index], im);
      });
    });
  });

/** By a dense eigensolver. */
function several(
  block: readonly number[],
  at: Elements,
  x: Float64Array,
  out: Float64Array,
): number {
  const order = block.length;
  const { realEigenvalues, eigenvectorMatrix: v } = new EigenvalueDecomposition(
    realBlock({ states: block, at }, x),
    { assumeSymmetric: true },
  );
  const largest = Math.max(...realEigenvalues);
  // What rounding leaves of an eigenvalue is known relative to the largest one alone.
  const logarithms = realEigenvalues.map((p) =>
    Math.log(Math.max(p, largest * Number.EPSILON, Number.MIN_VALUE)),
  );
  const entry = (r: number, c: number) =>
    logarithms.reduce((sum, value, k) => sum + value * v.get(r, k) * v.get(c, k), 0);
  block.forEach((ket, r) => {
    block.forEach((bra, c) => {
      const place = at(ket, bra);
      if (place === null || place.conjugation < 0) return;
      out[place.index] = entry(r, c);
      if (place.conjugation > 0) out[place.index + 1] = entry(order + r, c);
    });
  });
  return realEigenvalues.reduce((sum, p) => sum - (p > 0 ? (p * Math.log(p)) / 2 : 0), 0);
}

/** The states that have a level on the window at a charge. */
export const statesAt = ({ program: { offsets }, window }: BoundSector, charge: number): number[] =>
  [...offsets.keys()].filter((s) => charge >= offsets[s] && charge < offsets[s] + window.size);

/** States in sets between which nothing connects them. */
export function connectedSets(
  states: Iterable<number>,
  areConnected: (s: number, t: number) => boolean,
): number[][] {
  const left = new Set(states);
  const sets: number[][] = [];
  for (const start of left) {
    left.delete(start);
    const set = [start];
    for (const s of set) {
      for (const t of left) {
        if (!areConnected(s, t)) continue;
        left.delete(t);
        set.push(t);
      }
    }
    sets.push(set);
  }
  return sets;
}
