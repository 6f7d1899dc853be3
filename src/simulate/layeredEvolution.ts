/**
 * Hermitian matrices carried through time between some classes of a space, by a generator 𝓛 with which e^{𝓛τ} makes no
 * trace norm larger. So what leads out of these classes, summed up over the time, bounds what is lost.
 */
import { StoppedError } from '../backend/backend.js';
import { cpuBackend } from '../backend/cpu/backend.js';
import { apply } from '../generator/apply.js';
import { type Space, spaceOf } from '../generator/classes.js';
import { generatorOf } from '../generator/generator.js';
import type { Rule } from '../generator/rules.js';
import { ParameterError } from '../model/parameters.js';
import { euclideanNorm } from '../norm.js';
import { eachElement, type Operator } from '../operators/operator.js';
import { ChebyshevEvolution } from '../solve/chebyshevEvolution.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { embedded } from '../state/embed.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import { Ended } from './layeredInverse.js';
import { TOO_NARROW } from './layeredSteady.js';

/** What may be lost beyond the classes, in units of what is asked for: where it is more, more of them are taken in. */
const LEAVING = 1e-10;
/** Products with a generator that an evolution takes at most: an hour's work and more. */
const MOST_PRODUCTS = 1e7;
/** Products of a factorisation, levels · diagonals³, up to which it is evolved by some hundred of them in a minute or so. */
const FEW_LEVELS = 2e7;

export interface Carried<T> {
  readonly read: readonly T[];
  /** By time the trace norm of what has been lost, at most, and how many steps it has taken. */
  readonly lost: readonly number[];
  readonly steps: readonly number[];
}

export interface Carrier {
  readonly space: Space;
  readonly rules: readonly Rule[];
  /** By class whether it is left out; the space has all that a rule makes of the others. */
  readonly leavesOut: (c: number) => boolean;
  /** What the time is called where it is asked for. */
  readonly field: 'tau' | 'from';
}

/** The trace norm of a Hermitian matrix, at most; of some of its classes alone, where that is asked. */
export function traceNorm(
  { space, elements }: DensityMatrix,
  among: (c: number) => boolean = () => true,
): number {
  const norms = space.classes.map(({ offset, length }, c) =>
    among(c) ? euclideanNorm(elements, 2 * offset, 2 * (offset + length)) : 0,
  );
  return Math.sqrt(space.states * space.window.size) * Math.hypot(...norms);
}

/** ‖X‖, at most: by the largest sums of magnitudes in a row and in a column. */
export function normAtMost(of: Operator, states: number): number {
  const { size } = of.window;
  const [rows, columns] = [new Float64Array(states * size), new Float64Array(states * size)];
  eachElement(of, ({ to, from, shift }, level, re, im) => {
    const magnitude = Math.hypot(re, im);
    rows[to * size + level + shift] += magnitude;
    columns[from * size + level] += magnitude;
  });
  const largest = (sums: Float64Array) => sums.reduce((most, x) => Math.max(most, x), 0);
  return Math.sqrt(largest(rows) * largest(columns));
}

/** Whether an evolution takes no more products than there is time for. @throws {Ended | ParameterError} where it does */
function requireFew(
  { states, window: { size } }: Space,
  products: number,
  last: number,
  field: Carrier['field'],
): void {
  if (products <= MOST_PRODUCTS) return;
  // There steps are as long as accuracy allows, however fast the rates are.
  if (size * (states ** 2 * (2 * size - 1)) ** 3 <= FEW_LEVELS) throw new Ended(null);
  const most = ((last * MOST_PRODUCTS) / products).toPrecision(1);
  const allowed =
    `at most about ${most}: until then the generator is applied ${products.toExponential(1)} times, ` +
    `where at most ${MOST_PRODUCTS.toExponential(0)} are made`;
  throw new ParameterError(field, last, allowed);
}

/**
 * @param begin of the space
 * @param times rising
 * @param rtol how good steps are, relative to the largest element
 * @param unit of trace norm, of which too much shall not be lost
 * @param read of the matrix as it is at each time
 * @throws {Ended} where too much is lost, or a window of few levels takes too many products
 * @throws {ParameterError} where a wide one does {StoppedError}
 */
export async function carried<T>(
  { space, rules, leavesOut, field }: Carrier,
  begin: Float64Array,
  times: readonly number[],
  rtol: number,
  unit: number,
  read: (matrix: DensityMatrix) => T,
  onEvolution?: LayeredFluctuationHooks['onEvolution'],
): Promise<Carried<T>> {
  const isWhole = !space.classes.some((_, c) => leavesOut(c));
  const own = isWhole
    ? space
    : spaceOf(
        space,
        space.classes.filter((_, c) => !leavesOut(c)),
      );
  const whole = generatorOf(space, rules);
  const start = embedded({ space, elements: begin }, own).elements;
  const generator = isWhole ? whole : generatorOf(own, rules);
  const last = times[times.length - 1];
  const evolver = await ChebyshevEvolution.open(cpuBackend(), generator, start, { rtol, atol: 0 });
  try {
    requireFew(space, evolver.productsTo(last), last, field);
  } catch (error) {
    evolver.close();
    throw error;
  }
  const on = (elements: Float64Array) => embedded({ space: own, elements }, space);
  const rateOut = (elements: Float64Array): number =>
    isWhole ? 0 : traceNorm({ space, elements: apply(whole, on(elements).elements) }, leavesOut);
  const found: T[] = [];
  const [lost, steps]: [number[], number[]] = [[], []];
  let [leaving, t, taken] = [rateOut(start), 0, 0];
  let total = isWhole ? 0 : traceNorm({ space, elements: begin }, leavesOut);
  try {
    for (const tau of times) {
      await evolver.advanceTo(tau, async (reached) => {
        taken++;
        const now = rateOut(await evolver.elements());
        total += (reached - t) * Math.max(leaving, now);
        [leaving, t] = [now, reached];
        if (!((await onEvolution?.(reached / last)) ?? true)) {
          throw new StoppedError('stopped while it was evolved');
        }
      });
      if (total > LEAVING * unit) throw new Ended(TOO_NARROW);
      found.push(read(on(await evolver.elements())));
      lost.push(total);
      steps.push(taken);
    }
  } finally {
    evolver.close();
  }
  return { read: found, lost, steps };
}
