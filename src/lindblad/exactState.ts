/**
 * A steady state once more with about 30 digits, for flows that are such small differences of large ones that float64
 * leaves them no digits: assembled, eliminated and read in double-double.
 */

import { EXACT_RELATIVE, type ExactNumbers } from '../machine/exactNumbers.js';
import { bounds } from '../machine/range.js';
import type { Place } from '../machine/tape.js';
import { add, type DoubleDouble, fromNumber, multiply, subtract } from '../numbers/doubleDouble.js';
import { addSum, multiplyLanes } from '../numbers/exactLanes.js';
import { type ExactTable, exactTable } from '../numbers/exactTable.js';
import type { Window } from '../operators/window.js';
import type { Ending } from '../solve/conservingElimination.js';
import { exactNullVector } from '../solve/exactElimination.js';
import { zeros } from '../zeros.js';
import type { PairPlaces } from './eigenbasis.js';
import { estimated } from './estimate.js';
import type { ElementReader, Functional, Representation } from './functional.js';
import { type BoundSector, RELATIVE } from './sectorProgram.js';
import type { StateReader } from './stateReader.js';

/** Good enough for no other way to be tried. */
const GOOD = 1e-15;
/** The same of a number with functions in it that are float64 alone. */
const FLOAT64_RELATIVE = 4 * Number.EPSILON;
/** Populations below it are beyond float64's full precision. */
const SMALLEST = 1e-290;
/** Up to here the distance between float64's populations and these tells how much of both is lost. */
const TELLING = 1e6;
/** By which numbers are changed to see how much populations change: far above their own rounding. */
const PERTURBATION = 2 ** -80;
/** Of populations of which as much is lost nothing is taken. */
const USELESS = 1e-3;
/** What is left open of a number's last digits in float64, relative to it. */
const LAST_DIGITS = 4 * Number.EPSILON;
/** Below the range of float64's full precision digits are lost absolutely. */
const UNDERFLOW = 2 ** -1064;

/** Elements of one class in two parts, by the level of the ket less the window's lowest. */
interface ExactElements {
  readonly re: ExactTable;
  readonly im: ExactTable | null;
  readonly error: Float64Array;
}

type Read = (ket: number, bra: number, apart: number) => ExactElements | null;

/** A state as float64 has it. */
export interface Float64State {
  readonly sector: BoundSector;
  /** Filled with the state's device. */
  readonly numbers: ExactNumbers;
  readonly ending: Ending;
  readonly unknowns: Float64Array;
  /** How much of the populations may be lost, relative to themselves, as far as that is known. */
  readonly lost: number;
  readonly pairs: readonly PairPlaces[];
  /** The energy by time that cancels in the equations of the populations of a state. */
  readonly cancelled: (unknowns: Float64Array) => number;
}

/** The state with more digits: what is read off it, and its elements between bare states. */
export interface ExactState {
  readonly reader: StateReader;
  readonly elements: ElementReader;
}

/** A null vector of about 30 digits, and what has been lost of its populations, relative to themselves. */
export interface ExactUnknowns {
  readonly unknowns: ExactTable;
  readonly relative: number;
}

/**
 * @param float64 the same as float64 has it; null where that has found none
 * @param expected how much of its populations may be lost, as far as that is known
 * @returns null where a number of the device, or the elimination, has no more digits than float64
 */
export function exactUnknowns(
  sector: BoundSector,
  numbers: ExactNumbers,
  ending: Ending,
  float64: Float64Array | null,
  expected: number,
): ExactUnknowns | null {
  const solved = (perturbation: number): ExactTable | null => {
    const matrix = sector.assembleExact(numbers, ending.centre);
    if (matrix === null) return null;
    if (perturbation > 0) perturb(matrix.entries, perturbation);
    return exactNullVector(matrix, ending);
  };
  const unknowns = solved(0);
  if (unknowns === null) return null;
  const apart =
    float64 === null
      ? Number.POSITIVE_INFINITY
      : distance(sector, unknowns, { high: float64, low: zeros(float64.length) });
  let lost = Math.max(RELATIVE, expected, apart) / RELATIVE;
  if (lost > TELLING) {
    // Where float64 has hardly any digits left, its distance no longer tells how many are lost.
    const moved = solved(PERTURBATION);
    if (moved === null) return null;
    lost = Math.max(1, distance(sector, unknowns, moved) / PERTURBATION);
  }
  const relative = numbers.relative * lost;
  return relative < USELESS ? { unknowns, relative } : null;
}

/** @returns null where `exactUnknowns` has none, or an eigenbasis has no more digits than float64 */
export function exactStateOf({
  sector,
  numbers,
  ending,
  unknowns: float64,
  lost,
  pairs,
  cancelled,
}: Float64State): ExactState | null {
  if (pairs.some((pair) => !isExact(pair.cosine, numbers) || !isExact(pair.sine, numbers))) {
    return null;
  }
  const solved = exactUnknowns(sector, numbers, ending, float64, lost);
  if (solved === null) return null;
  const { unknowns, relative } = solved;
  const between = eigenElements(sector, unknowns, relative);
  const read: Readonly<Record<Representation, Read>> = {
    eigen: between,
    bare: pairs.length === 0 ? between : bareElements(between, pairs, numbers, sector.window),
  };
  const reader: StateReader = {
    known: [],
    read: [],
    isExact: true,
    good: GOOD,
    enough: GOOD,
    floor: numbers.relative * cancelled(unknowns.high),
    number: (at) => {
      const { high, low } = numbers.scalar(at);
      const relative = numbers.isExactScalar(at) ? numbers.relative : FLOAT64_RELATIVE;
      return estimated(high, low, relative * Math.abs(high));
    },
    mean: (functional, representation) =>
      meanOf(functional, numbers, read[representation], sector.window),
  };
  return {
    reader,
    elements: rounded(read.bare, sector.window),
  };
}

const isExact = (place: Place, numbers: ExactNumbers): boolean =>
  place.kind === 'scalar' ? numbers.isExactScalar(place.at) : numbers.isExactTable(place.at);

const at = ({ high, low }: ExactTable, i: number): DoubleDouble => ({ high: high[i], low: low[i] });

function put({ high, low }: ExactTable, i: number, value: DoubleDouble): void {
  high[i] = value.high;
  low[i] = value.low;
}

/** The numbers of a place by level. */
function reading(place: Place, numbers: ExactNumbers): (i: number) => DoubleDouble {
  const table = numbers.at(place);
  return (i) => at(table, i);
}

/** Tr[Xρ], and its error. */
function meanOf(functional: Functional, numbers: ExactNumbers, read: Read, window: Window) {
  let value = fromNumber(0);
  let error = 0;
  const terms = exactTable(window.size);
  for (const { ket, bra, apart, range, re, im } of functional) {
    const elements = read(ket, bra, apart);
    if (elements === null) continue;
    const [begin, end] = bounds(range, window.size);
    for (const [place, part, sign] of [
      [re, elements.re, 1],
      [im, elements.im, -1],
    ] as const) {
      if (place === null || part === null) continue;
      const relative = isExact(place, numbers) ? numbers.relative : FLOAT64_RELATIVE;
      const u = numbers.at(place);
      multiplyLanes(terms, u, part);
      value = addSum(value, terms, [begin, end], sign);
      for (let i = begin; i < end; i++) {
        error += relative * Math.abs(terms.high[i]) + Math.abs(u.high[i]) * elements.error[i];
      }
    }
  }
  return estimated(value.high, value.low, error);
}

/** The largest relative difference of two states' populations. */
function distance({ siteWidth, sitePaired }: BoundSector, x: ExactTable, y: ExactTable) {
  let most = 0;
  for (let i = 0; i < y.high.length; i++) {
    if (i % siteWidth < sitePaired || !(x.high[i] > SMALLEST)) continue;
    const apart = x.high[i] - y.high[i] + (x.low[i] - y.low[i]);
    most = Math.max(most, Math.abs(apart) / x.high[i]);
  }
  return most;
}

/** Changes each number by less than `relative` of itself, every one by another share of it. */
function perturb({ high, low }: ExactTable, relative: number): void {
  for (let i = 0; i < high.length; i++) {
    if (high[i] !== 0) low[i] += relative * Math.sin(i) * high[i];
  }
}

/** Elements as they were solved for. @param relative what has been lost of the populations, relative to themselves */
function eigenElements(sector: BoundSector, x: ExactTable, relative: number): Read {
  const { program } = sector;
  const { errors } = sector.judged(x.high, relative, false);
  const known: (ExactElements | undefined)[] = [];
  return (ket, bra, apart) => {
    const c = program.classOf(ket, bra);
    if (c < 0 || program.classes[c].apart !== apart) return null;
    if (known[c] === undefined) {
      const [high, low] = [sector.elements(x.high, c), sector.elements(x.low, c)];
      known[c] = {
        re: { high: high.re, low: low.re },
        im: high.im && low.im && { high: high.im, low: low.im },
        error: bothErrors(sector.errorTables(errors, c)),
      };
    }
    return known[c];
  };
}

/** Of real and imaginary part together. */
const bothErrors = ({ error, imError }: ReturnType<BoundSector['errorTables']>): Float64Array =>
  error.map((e, i) => {
    const both = e + (imError?.[i] ?? 0);
    return both === 0 ? 0 : both + UNDERFLOW;
  });

/** The same rounded to float64. */
const rounded = (read: Read, window: Window): ElementReader => ({
  window,
  read: (ket, bra, apart) => {
    const elements = read(ket, bra, apart);
    if (elements === null) return null;
    const { re, im } = elements;
    const error = elements.error.map((e, i) => {
      const size = Math.abs(re.high[i]) + (im === null ? 0 : Math.abs(im.high[i]));
      return e + LAST_DIGITS * size;
    });
    return {
      re: re.high,
      im: im === null ? null : im.high,
      error,
      imError: im === null ? null : error,
    };
  },
});

/** The same between bare states: each pair is turned back by its angle. */
function bareElements(
  eigen: Read,
  pairs: readonly PairPlaces[],
  numbers: ExactNumbers,
  { size }: Window,
): Read {
  const turned = new Map<string, ExactElements>();
  const copied = ({ re, error }: ExactElements): ExactElements => ({
    re: { high: re.high.slice(), low: re.low.slice() },
    im: null,
    error: error.slice(),
  });
  for (const { u, v, apart, cosine, sine } of pairs) {
    const [upper, lower] = [eigen(u, u, 0), eigen(v, v, 0)];
    if (upper === null || lower === null) throw new Error('a state without populations');
    const coherence = eigen(u, v, -apart);
    const [p, q] = [copied(upper), copied(lower)];
    const mixed = { re: exactTable(size), im: exactTable(size), error: new Float64Array(size) };
    const [cosines, sines] = [reading(cosine, numbers), reading(sine, numbers)];
    for (let i = Math.max(0, -apart); i < size - Math.max(0, apart); i++) {
      const j = i + apart;
      const [c, s] = [cosines(i), sines(i)];
      const [d, e] = [at(upper.re, j), at(lower.re, i)];
      const [cs, ss, gap] = [multiply(c, s), multiply(s, s), subtract(d, e)];
      let moved = multiply(ss, gap);
      let between = multiply(cs, gap);
      let lost = 0;
      let size = 0;
      if (coherence !== null) {
        const x = at(coherence.re, j);
        moved = add(moved, multiply(add(cs, cs), x));
        between = add(between, multiply(subtract(multiply(c, c), ss), x));
        if (coherence.im !== null) put(mixed.im, j, at(coherence.im, j));
        lost = coherence.error[j];
        size = Math.abs(x.high) + Math.abs(coherence.im?.high[j] ?? 0);
      }
      put(p.re, j, subtract(d, moved));
      put(q.re, i, add(e, moved));
      put(mixed.re, j, between);
      const both = upper.error[j] + lower.error[i];
      const rounding = EXACT_RELATIVE * (Math.abs(gap.high) + size);
      const more = ss.high * both + 2 * Math.abs(cs.high) * lost + Math.abs(cs.high) * rounding;
      p.error[j] += more;
      q.error[i] += more;
      mixed.error[j] = Math.abs(cs.high) * (both + rounding) + lost + EXACT_RELATIVE * size;
    }
    const conjugated = (values: Float64Array, sign: 1 | -1) =>
      Float64Array.from({ length: size }, (_, i) => sign * (values[i + apart] ?? 0));
    const conjugatedTable = ({ high, low }: ExactTable, sign: 1 | -1): ExactTable => ({
      high: conjugated(high, sign),
      low: conjugated(low, sign),
    });
    turned.set(`${u} ${u}`, p);
    turned.set(`${v} ${v}`, q);
    turned.set(`${u} ${v}`, mixed);
    turned.set(`${v} ${u}`, {
      re: conjugatedTable(mixed.re, 1),
      im: conjugatedTable(mixed.im, -1),
      error: conjugated(mixed.error, 1),
    });
  }
  // Coherences between different pairs were refused where float64's were turned back.
  return (ket, bra, apart) => turned.get(`${ket} ${bra}`) ?? eigen(ket, bra, apart);
}
