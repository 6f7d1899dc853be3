/** Slower modes than those that layers have near a frequency, at any other one, as spectrum/slowerModes.ts has them. */

import { SingularMatrixError } from '../generator/chains.js';
import { euclideanNorm } from '../norm.js';
import type { Complex } from '../operators/operator.js';
import type { NullVectors } from '../solve/layeredResponse.js';
import { RandomStream } from '../solve/philox.js';
import { slowestValues } from '../solve/slowestValues.js';
import {
  type Asked,
  isSame,
  MOST_PRODUCTS,
  SAME_RATE,
  TOLD_APART,
} from '../spectrum/slowerModes.js';
import { numericalRange, realProduct, type SparseRows } from '../spectrum/sparseRows.js';
import { dot } from './layeredErrors.js';
import { Ended } from './layeredInverse.js';
import type { LayeredMode } from './layeredModeSearch.js';
import type { Layers } from './layeredResolvent.js';

const SEED = 23;

/** A sector with its conjugate, and its modes next to a frequency. */
interface SectorInLayers {
  readonly layers: Layers;
  /** Null beside the sector of the steady state. */
  readonly own: object | null;
  /** Whether modes of the opposite frequency are not among what is looked at. */
  readonly isHalf: boolean;
  readonly modes: readonly LayeredMode[];
}

/**
 * @param nulls of the sector of the steady state
 * @param search looks for modes of a sector next to another frequency
 * @param askedOf what is sought, where these are known beside those of the sectors
 */
export async function slowerInLayers<S extends SectorInLayers>(
  sectors: readonly S[],
  nulls: NullVectors,
  search: (sector: S, omega: number) => Promise<S>,
  askedOf: (further: readonly LayeredMode[]) => Asked,
): Promise<{ readonly sectors: readonly S[]; readonly upTo: number }> {
  const further: S[] = [];
  let upTo = Number.POSITIVE_INFINITY;
  for (const sector of sectors) {
    const asked = askedOf(further.flatMap(({ modes }) => modes));
    const survey = surveyed(sector, nulls, asked);
    upTo = Math.min(upTo, survey.upTo);
    const known = [...sector.modes];
    const isKnown = ({ rate, frequency }: (typeof survey.values)[number]) =>
      known.some(({ value: { re, im } }) => {
        const off = Math.hypot(re + rate, Math.abs(im) - Math.abs(frequency));
        return off <= SAME_RATE * rate;
      });
    for (const value of survey.values) {
      const { rate, frequency } = value;
      if (rate > (1 + SAME_RATE) * asked.rate) {
        upTo = Math.min(upTo, rate * (1 - SAME_RATE));
        continue;
      }
      for (const side of sector.isHalf ? [1, -1] : [1]) {
        if (isKnown(value)) break;
        const around = await search(sector, side * Math.abs(frequency)).catch(withoutAnswer);
        if (around === null) break;
        const modes = around.modes.filter((one) => !known.some((old) => isOne(old, one, rate)));
        known.push(...modes);
        further.push({ ...around, modes });
      }
      if (!isKnown(value)) upTo = Math.min(upTo, rate * (1 - SAME_RATE));
    }
  }
  return { sectors: further, upTo };
}

/** Whether two modes are one, as far as they are known. */
function isOne(a: LayeredMode, b: LayeredMode, rate: number): boolean {
  const off = Math.hypot(a.value.re - b.value.re, a.value.im - b.value.im);
  return isSame(a, b, rate) || off <= a.error + b.error;
}

/** Where layers come to no answer, what is there is not known. */
function withoutAnswer(error: unknown): null {
  if (error instanceof Ended || error instanceof SingularMatrixError) return null;
  throw error;
}

/** The slowest eigenvalues of a sector beside the steady state and its modes, at any frequency. */
function surveyed(
  { layers, own, modes }: SectorInLayers,
  { right, left }: NullVectors,
  asked: Asked,
) {
  const { rows, units } = rowsOf(layers);
  const range = numericalRange(rows);
  if (-range.growth > asked.rate) return { values: [], upTo: -range.growth };
  const flow = {
    ...range,
    apply: (x: Float64Array) => realProduct(rows, x),
    isReal: true,
    work: rows.column.length,
  };
  const random = new RandomStream(SEED, 0);
  const start = units.map((unit) => {
    random.draw();
    return unit === 0 ? 0 : random.first - 0.5;
  });
  const [rho, trace] = [
    right.map((value, i) => value * units[i]),
    left.map((value, i) => (units[i] === 0 ? 0 : value / units[i])),
  ];
  const total = dot(trace, rho);
  const traceless = (x: Float64Array) => {
    if (own === null) return x;
    const share = dot(trace, x) / total;
    return x.map((value, i) => value - share * rho[i]);
  };
  const others = modes.flatMap((mode) => withoutMode(mode, units));
  const project = (x: Float64Array) => others.reduce((y, without) => without(y), traceless(x));
  return slowestValues(flow, start, project, asked, MOST_PRODUCTS);
}

/** Takes a mode and its conjugate out of a vector in units; none where their share in it is not told from others'. */
function withoutMode({ right, left }: LayeredMode, units: Float64Array) {
  const [p, q] = right.map((part) => part.map((value, i) => value * units[i]));
  const [a, b] = left.map((part) => part.map((v, i) => (units[i] === 0 ? 0 : v / units[i])));
  const of: Complex = { re: dot(a, p) - dot(b, q), im: dot(a, q) + dot(b, p) };
  const size = Math.hypot(of.re, of.im);
  const length = Math.hypot(euclideanNorm(p), euclideanNorm(q));
  if (!(size > TOLD_APART * length * Math.hypot(euclideanNorm(a), euclideanNorm(b)))) return [];
  // Of a real mode the conjugate is the mode.
  const turned = Math.hypot(dot(a, p) + dot(b, q), dot(b, p) - dot(a, q));
  const factor = (turned > size / 2 ? 1 : 2) / (size * size);
  const without = (x: Float64Array) => {
    const [u, v] = [dot(a, x), dot(b, x)];
    const re = factor * (u * of.re + v * of.im);
    const im = factor * (v * of.re - u * of.im);
    return x.map((value, i) => value - (re * p[i] - im * q[i]));
  };
  return [without];
}

/** The matrix of the layers; a coherence counts twice, as of both sides of the diagonal. Units are 0 where nothing is solved for. */
function rowsOf({ matrix, layered }: Layers): { rows: SparseRows; units: Float64Array } {
  const { space, size, values, isKept, begin: places } = matrix;
  const isIn = (c: number) => isKept[c] && !layered.leavesOut(c);
  const units = new Float64Array(size);
  space.classes.forEach(({ length }, c) => {
    if (!isIn(c)) return;
    const parts = matrix.partsOf(c);
    units.fill(Math.sqrt(parts), places[c], places[c] + parts * length);
  });
  const own = matrix.stretches.filter(({ target, source }) => isIn(target) && isIn(source));
  const byRow = Array.from({ length: size }, () => new Map<number, number>());
  for (const { row, column, count, at, sign } of own) {
    for (let k = 0; k < count; k++) {
      const [i, j] = [row + k, column + k];
      const value = (sign * values[at + k] * units[i]) / units[j];
      byRow[i].set(j, (byRow[i].get(j) ?? 0) + value);
    }
  }
  const begin = new Int32Array(size + 1);
  byRow.forEach((entries, i) => {
    begin[i + 1] = begin[i] + entries.size;
  });
  const re = Float64Array.from(byRow.flatMap((entries) => [...entries.values()]));
  const column = Int32Array.from(byRow.flatMap((entries) => [...entries.keys()]));
  return { rows: { begin, column, re, im: new Float64Array(re.length) }, units };
}
