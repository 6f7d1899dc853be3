/**
 * Eigenvalues λ of a generator in layers that are next to a frequency, with right and left eigenvectors: by Arnoldi's
 * iteration on (L − iω)⁻¹ and on that of its transposed. Of 𝓛 y and l 𝓛 each has what is left of its own equation.
 */
import { StoppedError } from '../backend/backend.js';
import type { HermitianMatrix } from '../generator/hermitianMatrix.js';
import type { ShiftedMatrix } from '../generator/shiftedMatrix.js';
import { euclideanNorm } from '../norm.js';
import { type Complex, times } from '../operators/operator.js';
import { Arnoldi, type ArnoldiOptions, type Found, type RitzPair } from '../solve/arnoldi.js';
import type { LayeredMatrix } from '../solve/layeredMatrix.js';
import {
  type Accuracy,
  layeredResponse,
  type NullVectors,
  REFINED,
} from '../solve/layeredResponse.js';
import { RandomStream } from '../solve/philox.js';
import { leastSteps, MOST_STEPS, TOLERANCE } from '../spectrum/eigenSearch.js';
import { type LayersKept, lostIn } from './layeredErrors.js';
import { Ended } from './layeredInverse.js';

/** What each product of the iteration reaches, relative to its right side. */
const PRODUCT: Accuracy = { inner: 1e-12, passes: 1 };
const SEED = 19;
/** Directions of the left iteration beside those that are wanted: of nearly equal ones none shall be missed. */
const SPARE = 2;
/** Left and right eigenvectors at less than this angle to a right one are of modes that all but coalesce. */
const PARALLEL = 1e-6;
/** What rounding leaves between an eigenvalue and the conjugate of its conjugate, relative to it. */
const TWINS = 1e-9;

/** The real and the imaginary part of a vector. */
export type Parts = readonly [re: Float64Array, im: Float64Array];

/** L − iω and its transposed, factorised. */
export interface LayersAt {
  readonly kept: LayersKept & { readonly matrix: HermitianMatrix };
  readonly omega: number;
  readonly layered: LayeredMatrix;
  readonly transposed: LayeredMatrix;
  /** How complex vectors stand in either; null where these are real, at ω = 0. */
  readonly shifted: readonly [right: ShiftedMatrix, left: ShiftedMatrix] | null;
  /** Takes out, of vectors on either side, what belongs to the conjugate of a sector; null where all of it is looked at. */
  readonly project: ((x: Parts, side: 0 | 1) => Parts) | null;
  /** Of L − iω; those of the transposed are turned round. */
  readonly nulls: readonly [right: readonly NullVectors[], left: readonly NullVectors[]];
}

/** A mode as numbers of a Hermitian matrix, each part by itself. */
export interface LayeredMode {
  readonly value: Complex;
  readonly right: Parts;
  /** The row ℓ of which ℓL = λℓ. */
  readonly left: Parts;
  /** L y − λy. */
  readonly rest: Parts;
  /** What rounding and what is left of the equation may have taken from λ; and what the rows that are left out may. */
  readonly error: number;
  readonly leftOut: number;
}

export interface NearestInLayers {
  readonly modes: readonly LayeredMode[];
  /** Of all eigenvalues within this distance of iω none is missing. */
  readonly radius: number;
}

/** Of a real generator the mode of the conjugate eigenvalue. */
export function conjugate({ value, right, left, rest, ...known }: LayeredMode): LayeredMode {
  const turned = ([re, im]: Parts): Parts => [re, im.map((part) => -part)];
  const turnedValue = { re: value.re, im: -value.im };
  return {
    ...known,
    value: turnedValue,
    right: turned(right),
    left: turned(left),
    rest: turned(rest),
  };
}

interface Solved {
  readonly x: Parts;
  readonly rest: Parts;
  readonly terms: Parts;
}

/** Called at every step of a solution; a promise of false stops. */
type OnStep = (share: number) => Promise<boolean>;

/** One of the two inverses, on complex vectors. */
class Side {
  constructor(
    private readonly of: LayersAt,
    private readonly side: 0 | 1,
  ) {}

  get #layered(): LayeredMatrix {
    return this.side === 0 ? this.of.layered : this.of.transposed;
  }

  /** @throws {Ended | StoppedError} */
  async solve(b: Parts, accuracy: Accuracy, onStep: () => Promise<boolean>): Promise<Solved> {
    const { shifted, nulls } = this.of;
    let isStopped = false;
    const onIteration = async () => {
      isStopped = !(await onStep());
      return !isStopped;
    };
    const respond = async (right: Float64Array) => {
      const own = nulls[this.side];
      const found = await layeredResponse(this.#layered, own, right, accuracy, onIteration);
      if (isStopped) throw new StoppedError('stopped while modes were looked for');
      if (found === null) throw new Ended(null);
      return found;
    };
    if (shifted !== null) {
      const { parts, joined } = bound(shifted[this.side]);
      const { x, rest, terms } = await respond(joined(b));
      return { x: this.#own(parts(x)), rest: this.#own(parts(rest)), terms: parts(terms) };
    }
    const re = await respond(b[0]);
    if (b[1].every((value) => value === 0)) {
      const nothing = new Float64Array(b[1].length);
      return { x: [re.x, nothing], rest: [re.rest, nothing], terms: [re.terms, nothing] };
    }
    const im = await respond(b[1]);
    return { x: [re.x, im.x], rest: [re.rest, im.rest], terms: [re.terms, im.terms] };
  }

  #own(x: Parts): Parts {
    const { project } = this.of;
    return project === null ? x : project(x, this.side);
  }

  /** @throws {Ended | StoppedError} */
  async search(options: Omit<ArnoldiOptions, 'isReal'>, onStep: OnStep): Promise<Found> {
    const isReal = this.of.shifted === null;
    const iteration = new Arnoldi(this.#start(isReal), { ...options, isReal });
    for (let done = 0; ; done++) {
      const share = Math.min(1, done / options.least);
      const { vector } = iteration;
      const b: Parts = isReal ? [vector, new Float64Array(vector.length)] : parted(vector);
      const { x } = await this.solve(b, PRODUCT, () => onStep(share));
      const found = iteration.add(isReal ? x[0] : interleaved(x));
      if (found !== null) return found;
    }
  }

  /** Random numbers, and 0 where nothing is solved for. */
  #start(isReal: boolean): Float64Array {
    const { shifted } = this.of;
    const random = new RandomStream(SEED, 0);
    const layered = this.#layered;
    const own = Float64Array.from({ length: layered.matrix.size }, (_, i) => {
      random.draw();
      return layered.solves(i) ? random.first - 0.5 : 0;
    });
    if (isReal || shifted === null) return own;
    return interleaved(this.#own(shifted[this.side].parts(own)));
  }
}

const bound = (matrix: ShiftedMatrix) => ({
  parts: (x: Float64Array): Parts => matrix.parts(x),
  joined: ([re, im]: Parts) => matrix.joined(re, im),
});

function interleaved([re, im]: Parts): Float64Array {
  const x = new Float64Array(2 * re.length);
  for (let i = 0; i < re.length; i++) {
    x[2 * i] = re[i];
    x[2 * i + 1] = im[i];
  }
  return x;
}

function parted(x: Float64Array): Parts {
  const half = x.length / 2;
  const part = (k: 0 | 1) => Float64Array.from({ length: half }, (_, i) => x[2 * i + k]);
  return [part(0), part(1)];
}

/** Σ a b, without a conjugate. */
function product([p, q]: Parts, [u, v]: Parts): Complex {
  let [re, im] = [0, 0];
  for (let i = 0; i < p.length; i++) {
    re += p[i] * u[i] - q[i] * v[i];
    im += p[i] * v[i] + q[i] * u[i];
  }
  return { re, im };
}

/** a + factor · b */
function plus([p, q]: Parts, factor: Complex, [u, v]: Parts): Parts {
  return [
    p.map((value, i) => value + factor.re * u[i] - factor.im * v[i]),
    q.map((value, i) => value + factor.re * v[i] + factor.im * u[i]),
  ];
}

const quotient = (a: Complex, b: Complex): Complex => {
  const square = b.re * b.re + b.im * b.im;
  return { re: (a.re * b.re + a.im * b.im) / square, im: (a.im * b.re - a.re * b.im) / square };
};

const lengthOf = ([p, q]: Parts): number => Math.hypot(euclideanNorm(p), euclideanNorm(q));

const summed = ([p, q]: Parts): Float64Array =>
  p.map((value, i) => Math.abs(value) + Math.abs(q[i]));

/**
 * The eigenvalues next to iω.
 * @param onStep called with about the share of the work that is done
 * @throws {Ended | StoppedError}
 */
export async function nearestInLayers(
  of: LayersAt,
  count: number,
  onStep: OnStep,
): Promise<NearestInLayers> {
  const [rightSide, leftSide] = [new Side(of, 0), new Side(of, 1)];
  const unknowns = of.layered.matrix.size;
  const least = Math.min(leastSteps(count), unknowns);
  const options = { tolerance: TOLERANCE, least, most: Math.min(MOST_STEPS, unknowns) };
  const right = await rightSide.search({ ...options, wanted: count }, (share) =>
    onStep(0.4 * share),
  );
  const steps = Math.max(least, right.steps);
  const left = await leftSide.search({ ...options, least: steps, wanted: count + SPARE }, (share) =>
    onStep(0.4 + 0.4 * share),
  );
  const free = new Set(left.pairs);
  const modes: LayeredMode[] = [];
  const { length } = right.pairs;
  for (const [k, pair] of right.pairs.entries()) {
    const twin = of.shifted === null ? twinOf(pair, right.pairs.slice(0, k)) : -1;
    if (twin >= 0) {
      modes.push(conjugate(modes[twin]));
      continue;
    }
    const mirror = nearestOf(free, pair);
    if (mirror === null) throw new Ended(null);
    free.delete(mirror);
    const step = () => onStep(0.8 + (0.2 * modes.length) / length);
    // One more product damps what is left of fast modes.
    const b = parted(pair.vector);
    const y = await rightSide.solve(b, REFINED, step);
    const l = await leftSide.solve(parted(mirror.vector), REFINED, step);
    modes.push(known(of, pair, b, y, l));
  }
  const radius = right.pairs.reduce(
    (most, { re, im }) => Math.max(most, 1 / Math.hypot(re, im)),
    0,
  );
  return { modes, radius };
}

/** The place of the pair of which this one is the conjugate; −1 where there is none. */
const twinOf = ({ re, im }: Complex, pairs: readonly RitzPair[]): number =>
  pairs.findIndex(
    (one) => one.im * im < 0 && Math.hypot(one.re - re, one.im + im) <= TWINS * Math.hypot(re, im),
  );

function nearestOf(pairs: Iterable<RitzPair>, { re, im }: Complex): RitzPair | null {
  let [best, least]: [RitzPair | null, number] = [null, Number.POSITIVE_INFINITY];
  for (const pair of pairs) {
    const distance = Math.hypot(pair.re - re, pair.im - im);
    if (distance < least) [best, least] = [pair, distance];
  }
  return best;
}

/** With θ = 1/(λ − iω), and (L − iω) y = b − rest. */
function known(
  of: LayersAt,
  theta: Complex,
  b: Parts,
  y: Solved,
  { x: left }: Solved,
): LayeredMode {
  const { kept, omega } = of;
  const inverse = quotient({ re: 1, im: 0 }, theta);
  const image = plus(b, { re: -1, im: 0 }, y.rest);
  const overlap = product(left, y.x);
  const off = (from: Complex): Parts => plus(image, times({ re: -1, im: 0 }, from), y.x);
  const size = Math.hypot(overlap.re, overlap.im);
  // Where modes coalesce, their mean is what is known.
  const isApart = size > PARALLEL * lengthOf(left) * lengthOf(y.x);
  const change = isApart ? quotient(product(left, off(inverse)), overlap) : { re: 0, im: 0 };
  const shifted = { re: inverse.re + change.re, im: inverse.im + change.im };
  const rest = off(shifted);
  const [weights, lost, terms] = [summed(left), summed(rest), summed(y.terms)];
  const isSolved = new Uint8Array(lost.length);
  kept.matrix.space.classes.forEach(({ length }, c) => {
    if (!kept.matrix.isKept[c] || kept.layered.leavesOut(c)) return;
    const begin = kept.matrix.begin[c];
    isSolved.fill(1, begin, begin + kept.matrix.partsOf(c) * length);
  });
  const inside = weights.reduce((sum, w, i) => sum + (isSolved[i] === 1 ? w * lost[i] : 0), 0);
  const nothing = new Float64Array(lost.length);
  const rounding = left.reduce((sum, z) => sum + lostIn(kept, z, terms, nothing), 0);
  const beyond = left.reduce((sum, z) => sum + lostIn(kept, z, nothing, lost), 0);
  return {
    value: { re: shifted.re, im: shifted.im + omega },
    right: y.x,
    left,
    rest,
    error: (inside + rounding) / size,
    leftOut: beyond / size,
  };
}
