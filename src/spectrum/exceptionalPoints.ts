/**
 * Where modes coalesce along a parameter. In the sector of the populations a generator is real: two real eigenvalues
 * meet and go on as a conjugate pair, and where they meet their modes are one.
 *
 * Eigenvalues have a root there and are known badly; but the sum of squares about their mean, Σ(λ − m)², is analytic in
 * the generator, and goes through 0. So its root is known as well as the generator is.
 */
import { type Complex, distance } from '../operators/operator.js';
import { isKnownMode, type SectorModes } from './modes.js';

export interface ExceptionalPoint {
  /** The parameter. */
  readonly at: number;
  /** How far that may be off, by how much the sum of squares scatters beside it. */
  readonly error: number;
  /** Of the mode that is left: the mean of those that have become one. */
  readonly rate: number;
  /** How many modes have become one. */
  readonly order: number;
}

/** An eigenvalue, and how many modes have become one with its own, to rounding. */
export interface Eigenvalue extends Complex {
  readonly coalesced: number;
  /** Whether it is known well enough to tell pairs from reals. */
  readonly isKnown: boolean;
}

/** Eigenvalues at a value of the parameter. */
type Eigenvalues = (at: number) => readonly Eigenvalue[] | Promise<readonly Eigenvalue[]>;

/** Imaginary parts that rounding leaves of real eigenvalues, relative to them. */
const REAL = 1e-9;
/** The share of the first interval to which it is halved before its root is taken. */
const HALVED = 1e-5;
const MOST_STEPS = 40;
/** Where the sum of squares is looked at beside its root, relative to the interval. */
const BESIDE = 1e-9;
/** What belongs to a coalescence is no farther from its middle than this, in units of the pair's distance. */
const NEAR = 2;

const isComplex = ({ re, im }: Complex): boolean => Math.abs(im) > REAL * Math.hypot(re, im);

/** For each eigenvalue its partner in another spectrum, the nearest pairs first. */
function matched(from: readonly Complex[], to: readonly Complex[]): ReadonlyMap<number, number> {
  const pairs = from.flatMap((a, i) => to.map((b, j) => ({ i, j, apart: distance(a, b) })));
  pairs.sort((a, b) => a.apart - b.apart);
  const found = new Map<number, number>();
  const taken = new Set<number>();
  for (const { i, j } of pairs) {
    if (found.has(i) || taken.has(j)) continue;
    found.set(i, j);
    taken.add(j);
  }
  return found;
}

/** A conjugate pair that is real at the other end. */
interface Meeting {
  readonly pair: Complex;
  readonly first: Complex;
  readonly second: Complex;
}

/** Pairs of one spectrum that two real eigenvalues of the other one come from. */
function meetings(pairs: readonly Complex[], reals: readonly Complex[]): Meeting[] {
  const partner = matched(pairs, reals);
  return pairs.flatMap((pair, i) => {
    if (!isComplex(pair) || pair.im < 0) return [];
    const conjugate = pairs.findIndex(
      ({ re, im }) => distance({ re, im: -im }, pair) <= REAL * Math.hypot(re, im),
    );
    const [a, b] = [partner.get(i), conjugate < 0 ? undefined : partner.get(conjugate)];
    if (a === undefined || b === undefined) return [];
    const [first, second] = [reals[a], reals[b]];
    return isComplex(first) || isComplex(second) ? [] : [{ pair, first, second }];
  });
}

interface Group {
  readonly mean: number;
  /** Σ(λ − m)² */
  readonly squares: number;
}

/** What is within reach of a place on the real axis. */
function groupAt(values: readonly Complex[], middle: number, reach: number): Complex[] {
  return values.filter((value) => distance(value, { re: middle, im: 0 }) <= reach);
}

function groupOf(values: readonly Complex[]): Group {
  const mean = values.reduce((sum, { re }) => sum + re, 0) / values.length;
  const squares = values.reduce((sum, { re, im }) => sum + (re - mean) ** 2 - im * im, 0);
  return { mean, squares };
}

/** The `count` eigenvalues that are nearest to a place on the real axis. */
const nearest = <V extends Complex>(values: readonly V[], middle: number, count: number): V[] =>
  [...values]
    .sort((a, b) => distance(a, { re: middle, im: 0 }) - distance(b, { re: middle, im: 0 }))
    .slice(0, count);

/** The coalescence between a value of the parameter with a pair and one with real eigenvalues; null where it is lost. */
async function located(
  spectrum: Eigenvalues,
  pairAt: number,
  realAt: number,
  found: Meeting,
): Promise<ExceptionalPoint | null> {
  const { pair, first, second } = found;
  const width = Math.abs(realAt - pairAt);
  let [complex, real] = [pairAt, realAt];
  let middle = pair.re;
  let reach =
    NEAR *
    Math.max(
      pair.im,
      Math.abs(first.re - second.re) / 2,
      Math.abs(pair.re - first.re),
      Math.abs(pair.re - second.re),
    );
  while (Math.abs(real - complex) > HALVED * width) {
    const at = (real + complex) / 2;
    const near = groupAt(await spectrum(at), middle, reach);
    const turned = near.filter(isComplex).filter(({ im }) => im > 0);
    if (turned.length > 0) {
      complex = at;
      const closest = turned.reduce((a, b) => (b.im < a.im ? b : a));
      middle = closest.re;
      reach = Math.min(reach, 2 * NEAR * closest.im);
    } else real = at;
  }
  const members = groupAt(await spectrum(complex), middle, reach).length;
  if (members < 2) return null;
  const squaresAt = async (at: number): Promise<Group> => {
    const group = groupOf(nearest(await spectrum(at), middle, members));
    middle = group.mean;
    return group;
  };
  let [a, b] = [complex, real];
  let [fa, fb] = [(await squaresAt(a)).squares, (await squaresAt(b)).squares];
  for (let step = 0; step < MOST_STEPS && fa !== fb; step++) {
    const next = b - (fb * (b - a)) / (fb - fa);
    const isSettled = Math.abs(next - b) <= Number.EPSILON * Math.max(Math.abs(b), width);
    if (!Number.isFinite(next) || Math.abs(next - b) > width) return null;
    [a, fa] = [b, fb];
    b = next;
    fb = (await squaresAt(b)).squares;
    if (isSettled || Math.abs(b - a) <= BESIDE * BESIDE * width) break;
  }
  // How well a straight line through points beside it agrees with its root.
  const step = BESIDE * width;
  const beside: { readonly x: number; readonly f: number }[] = [];
  for (const k of [-2, -1, 1, 2]) {
    beside.push({ x: k * step, f: (await squaresAt(b + k * step)).squares });
  }
  const slope =
    beside.reduce((sum, { x, f }) => sum + x * f, 0) /
    beside.reduce((sum, { x }) => sum + x * x, 0);
  const scatter = Math.max(Math.abs(fb), ...beside.map(({ x, f }) => Math.abs(f - slope * x)));
  const group = nearest(await spectrum(b), middle, members);
  return {
    at: b,
    error: scatter / Math.abs(slope) + Number.EPSILON * Math.abs(b),
    rate: 0 - groupOf(group).mean,
    // Others may pass by with the same eigenvalue, and modes of their own.
    order: Math.max(2, ...group.map(({ coalesced }) => coalesced)),
  };
}

/**
 * The exceptional points between neighbouring values of a parameter at which two real eigenvalues have become a
 * conjugate pair. What becomes a pair and real again between two values is not seen.
 * @param spectrum eigenvalues of a sector that has populations
 */
export async function exceptionalPoints(
  spectrum: Eigenvalues,
  values: readonly number[],
): Promise<ExceptionalPoint[]> {
  const found: ExceptionalPoint[] = [];
  const sampled = async (at: number) => (await spectrum(at)).filter(({ isKnown }) => isKnown);
  let before = await sampled(values[0]);
  for (let k = 1; k < values.length; k++) {
    const here = await sampled(values[k]);
    const met = [
      ...meetings(before, here).map((one) => [values[k - 1], values[k], one] as const),
      ...meetings(here, before).map((one) => [values[k], values[k - 1], one] as const),
    ];
    for (const [pairAt, realAt, one] of met) {
      const point = await located(spectrum, pairAt, realAt, one);
      if (point === null) continue;
      const isKnown = found.some(
        ({ at, rate }) =>
          Math.abs(at - point.at) <= point.error + BESIDE * Math.abs(values[k] - values[k - 1]) &&
          Math.abs(rate - point.rate) <= Math.sqrt(BESIDE) * point.rate,
      );
      if (!isKnown) found.push(point);
    }
    before = here;
  }
  return found.sort((a, b) => a.at - b.at || a.rate - b.rate);
}

/** Eigenvalues with what is known of their modes. @param values each by itself, where modes coalesce, too */
export const eigenvaluesOf = ({ modes }: SectorModes, values: readonly Complex[]): Eigenvalue[] =>
  values.map((value, k) => ({
    ...value,
    coalesced: modes[k].coalesced,
    isKnown: isKnownMode(modes[k]),
  }));
