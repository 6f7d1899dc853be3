/** Logarithm and entropy of a state of a sector, block by block. */
import { EigenvalueDecomposition } from 'ml-matrix';
import type { BoundSector } from '../lindblad/sectorProgram.js';
import { zeros } from '../zeros.js';
import { type Block, blocksOf, realBlock } from './sectorBlocks.js';

/** A smaller coherence turns a block by what no number tells: its inverse is beyond float64. */
const SMALLEST = 1e-300;

export interface SectorLogarithm {
  /** ln ρ as a vector of the sector. */
  readonly logarithm: Float64Array;
  /** −Tr ρ ln ρ */
  readonly entropy: number;
}

export function logarithmOf(sector: BoundSector, x: Float64Array): SectorLogarithm {
  const logarithm = zeros(x.length);
  let entropy = 0;
  for (const block of blocksOf(sector, x)) {
    const { length } = block.populations;
    const read = length === 1 ? single : length === 2 ? pair : several;
    entropy += read(block, x, logarithm);
  }
  return { logarithm, entropy };
}

/** Puts down the logarithm of a block, and tells its entropy. */
type Read = (block: Block, x: Float64Array, out: Float64Array) => number;

/** −p ln p */
const single: Read = ({ populations: [at] }, x, out) => {
  if (!(x[at] > 0)) return 0;
  out[at] = Math.log(x[at]);
  return -x[at] * out[at];
};

/** Of a 2×2 block, right to rounding however different its eigenvalues are. */
const pair: Read = ({ populations: [first, second], coherences: [{ index }] }, x, out) => {
  const [p, q] = [x[first], x[second]];
  const [re, im] = [x[index], x[index + 1]];
  const half = Math.hypot((p - q) / 2, re, im);
  const upper = (p + q) / 2 + half;
  const lower = Math.max((p * q - re * re - im * im) / upper, Number.MIN_VALUE);
  const [a, b] = [Math.log(upper), Math.log(lower)];
  const slope = half < SMALLEST ? 0 : (a - b) / (2 * half);
  const tilt = (slope * (p - q)) / 2;
  out[first] = (a + b) / 2 + tilt;
  out[second] = (a + b) / 2 - tilt;
  out[index] = slope * re;
  out[index + 1] = slope * im;
  return -(upper * a + lower * b);
};

/** By a dense eigensolver. */
const several: Read = (block, x, out) => {
  const { populations, coherences } = block;
  const order = populations.length;
  const { realEigenvalues, eigenvectorMatrix: v } = new EigenvalueDecomposition(
    realBlock(block, x),
    { assumeSymmetric: true },
  );
  const largest = Math.max(...realEigenvalues);
  // What rounding leaves of an eigenvalue is known relative to the largest one alone.
  const logarithms = realEigenvalues.map((p) =>
    Math.log(Math.max(p, largest * Number.EPSILON, Number.MIN_VALUE)),
  );
  const entry = (r: number, c: number) =>
    logarithms.reduce((sum, value, k) => sum + value * v.get(r, k) * v.get(c, k), 0);
  populations.forEach((at, r) => {
    out[at] = entry(r, r);
  });
  for (const { ket, bra, index } of coherences) {
    out[index] = entry(ket, bra);
    out[index + 1] = entry(order + ket, bra);
  }
  return realEigenvalues.reduce((sum, p) => sum - (p > 0 ? (p * Math.log(p)) / 2 : 0), 0);
};
