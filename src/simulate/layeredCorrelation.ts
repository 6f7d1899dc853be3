/**
 * Two-time correlations on a wide window of a system that conserves no charge which counts levels: C(τ) = Tr[A e^{𝓛τ} δBρ]
 * by the evolution of δBρ, as Hermitian matrices, in each sector that B leads to, on a band that is widened until what
 * leads out of it is too little to count. Of a sector that is not its own conjugate the sum with the adjoint is evolved.
 *
 * With ‖e^{𝓛τ}X‖₁ ≤ ‖X‖₁ what is lost at any time, or known of the state from the beginning, adds at most ‖A‖ times as
 * much to C.
 */
import { COARSE, FINE } from '../fluctuations/waitingTimes.js';
import type { ClassName } from '../generator/classes.js';
import { type HeldSector, heldSectors } from '../generator/heldSectors.js';
import { allRules, lindbladRules } from '../generator/lindbladian.js';
import type { Rule } from '../generator/rules.js';
import { isNothing } from '../generator/symmetry.js';
import { RELATIVE } from '../lindblad/sectorProgram.js';
import type { OpenSystem } from '../operators/openSystem.js';
import {
  plus as added,
  type Complex,
  distance,
  type Operator,
  times as product,
  sizeOf,
} from '../operators/operator.js';
import { appliedTo } from '../spectrum/charged.js';
import {
  type CorrelationAt,
  largestProduct,
  times as multiple,
  ROUNDING,
} from '../spectrum/correlation.js';
import { type DensityMatrix, expectation, trace } from '../state/densityMatrix.js';
import { embedded } from '../state/embed.js';
import { hermitianParts } from '../state/hermitianParts.js';
import { type Carrier, carried, normAtMost } from './layeredEvolution.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import { Ended } from './layeredInverse.js';
import { TOO_NARROW } from './layeredSteady.js';

/** How fine the steps in time are that are compared. */
const RUNS = [FINE, COARSE] as const;
/** By how much a band is widened, where it is too narrow. */
const WIDER = 1.4;
const NOTHING: Complex = { re: 0, im: 0 };

/** The |δ| of the next band, where one is too narrow. */
export const nextWidth = (width: number, most: number): number =>
  Math.min(most, Math.ceil(WIDER * width) + 1);

/** The state that B acts on. */
export interface ActedOn {
  readonly state: DensityMatrix;
  /** Whether the generator leaves it as it is. */
  readonly isSteady: boolean;
  /** The largest |δ| of what it has. */
  readonly widest: number;
  /** The trace norm of what it may be off by, and of B times that, at most. */
  readonly off: { readonly state: number; readonly acted: number };
}

/** A Hermitian matrix on its way, and what is read off it: Σ factor · Tr[(A − mean)X]. */
interface Carrying {
  readonly carrier: Carrier;
  readonly begin: Float64Array;
  readonly read: (matrix: DensityMatrix) => Complex;
}

/** What is read at a time, what has been lost till then, and how many steps it has taken. */
interface Value {
  value: Complex;
  lost: number;
  steps: number;
}

const isEmpty = (x: Float64Array): boolean => x.every((value) => value === 0);

/** How far a step of rules leads, in δ. */
export const reachOf = (rules: readonly Rule[]): number =>
  rules.reduce(
    (most, { ket, bra }) => Math.max(most, Math.abs((ket?.shift ?? 0) - (bra?.shift ?? 0))),
    0,
  );

/** Classes that a state has, and what an operator makes of them. */
export function classesOf({ space, elements }: DensityMatrix, operator: Operator): ClassName[] {
  const own = space.classes.filter(
    ({ offset, length }) => !isEmpty(elements.subarray(2 * offset, 2 * (offset + length))),
  );
  const terms = operator.transitions.filter((t) => !isNothing(t));
  const made = own.flatMap(({ ket, bra, delta }) =>
    terms
      .filter(({ from }) => from === ket)
      .map(({ to, shift }) => ({ ket: to, bra, delta: delta + shift })),
  );
  return [...own, ...made];
}

/**
 * At rising times after that of a state.
 * @throws {StoppedError}
 */
export async function layeredCorrelations(
  system: OpenSystem,
  a: Operator,
  b: Operator,
  acted: ActedOn,
  times: readonly number[],
  { onEvolution }: LayeredFluctuationHooks,
): Promise<CorrelationAt[]> {
  if (times.length === 0) return [];
  const rules = allRules(lindbladRules(system));
  const most = system.window.size - 1;
  const shifted = b.transitions.reduce((far, { shift }) => Math.max(far, Math.abs(shift)), 0);
  for (let width = Math.min(acted.widest + shifted, most); ; width = nextWidth(width, most)) {
    const band = new Band(system, rules, width, { a, b, acted });
    try {
      return await band.correlations(times, onEvolution);
    } catch (error) {
      if (!(error instanceof Ended && error.made === TOO_NARROW && width < most)) throw error;
    }
  }
}

class Band {
  readonly #meanA: Complex;
  readonly #meanB: Complex;
  readonly #covariance: readonly Carrying[];
  readonly #mean: readonly Carrying[];

  constructor(
    private readonly system: OpenSystem,
    rules: readonly Rule[],
    private readonly width: number,
    private readonly of: { readonly a: Operator; readonly b: Operator; readonly acted: ActedOn },
  ) {
    const { a, b, acted } = of;
    const { state, isSteady } = acted;
    this.#meanA = expectation(state, a);
    this.#meanB = expectation(state, b);
    const sectors = heldSectors(system, rules, width + reachOf(rules), classesOf(state, b));
    this.#covariance = sectors.flatMap((sector) => {
      const whole = appliedTo(b, state, sector.space);
      const taken = multiple(this.#meanB, embedded(state, sector.space).elements);
      return this.#carrying(
        sector,
        rules,
        whole.map((value, i) => value - taken[i]),
        this.#meanA,
      );
    });
    this.#mean = isSteady
      ? []
      : sectors.flatMap((sector) =>
          this.#carrying(sector, rules, embedded(state, sector.space).elements, NOTHING),
        );
  }

  #carrying(
    { space, half }: HeldSector,
    rules: readonly Rule[],
    elements: Float64Array,
    mean: Complex,
  ): Carrying[] {
    const { a } = this.of;
    const carrier = {
      space,
      rules,
      leavesOut: (c: number) => Math.abs(space.classes[c].delta) > this.width,
      field: 'tau',
    } as const;
    const isRead = (among: (c: number) => boolean) =>
      a.transitions.some((t) => {
        const c = space.find(t.from, t.to, -t.shift);
        return c >= 0 && among(c) && !isNothing(t);
      }) ||
      (sizeOf(mean) > 0 && space.find(0, 0, 0) >= 0);
    const read = (matrix: DensityMatrix): Complex =>
      added(expectation(matrix, a), product(mean, { re: -trace(matrix), im: 0 }));
    if (half === null) {
      if (!isRead(() => true)) return [];
      return hermitianParts({ space, elements }).flatMap((part, k) => {
        const factor = k === 0 ? { re: 1, im: 0 } : { re: 0, im: 1 };
        if (isEmpty(part.elements)) return [];
        const begin = part.elements;
        return [{ carrier, begin, read: (matrix) => product(factor, read(matrix)) }];
      });
    }
    return [true, false].flatMap((side) => {
      const isOwn = (c: number) => half[c] === side;
      const own = among({ space, elements }, isOwn);
      if (!isRead(isOwn) || isEmpty(own)) return [];
      // X + X†, of which the other half is X†.
      const [twice] = hermitianParts({ space, elements: own.map((value) => 2 * value) });
      const { elements: begin } = twice;
      return [
        { carrier, begin, read: (matrix) => read({ space, elements: among(matrix, isOwn) }) },
      ];
    });
  }

  /** @throws {Ended} where the band is too narrow {StoppedError} */
  async correlations(
    times: readonly number[],
    onEvolution: LayeredFluctuationHooks['onEvolution'],
  ): Promise<CorrelationAt[]> {
    const { a, b, acted } = this.of;
    const all = [...this.#covariance, ...this.#mean];
    let done = 0;
    const onRun =
      onEvolution && ((share: number) => onEvolution((done + share) / (all.length * RUNS.length)));
    const normA = normAtMost(a, this.system.states);
    const normB = normAtMost(b, this.system.states);
    const run = async (carryings: readonly Carrying[], rtol: number, unit: number) => {
      const found = times.map((): Value => ({ value: NOTHING, lost: 0, steps: 0 }));
      for (const { carrier, begin, read } of carryings) {
        const { read: values, ...way } = await carried(
          carrier,
          begin,
          times,
          rtol,
          unit,
          read,
          onRun,
        );
        done++;
        found.forEach((one, k) => {
          one.value = added(one.value, values[k]);
          one.lost += way.lost[k];
          one.steps += way.steps[k];
        });
      }
      return found;
    };
    const covariances: Value[][] = [];
    const means: Value[][] = [];
    for (const rtol of RUNS) {
      covariances.push(await run(this.#covariance, rtol, normB));
      means.push(await run(this.#mean, rtol, 1));
    }
    const { state, isSteady, off } = acted;
    const largest = largestProduct(state, a, b);
    const meanB = this.#meanB;
    return times.map((tau, k) => {
      const [fine, coarse] = covariances.map((one) => one[k]);
      const [meanFine, meanCoarse] = means.map((one) => one[k]);
      const mean = isSteady ? this.#meanA : meanFine.value;
      const error =
        distance(fine.value, coarse.value) +
        distance(meanFine.value, meanCoarse.value) * sizeOf(meanB) +
        (normA + sizeOf(this.#meanA)) *
          (fine.lost + off.acted + sizeOf(meanB) * (2 * off.state + meanFine.lost)) +
        ROUNDING * (fine.steps + meanFine.steps) * largest +
        RELATIVE * largest;
      const { re, im } = added(fine.value, product(mean, meanB));
      return { tau, correlation: { re, im, error }, covariance: fine.value };
    });
  }
}

/** The elements of some classes; 0 for the others. */
function among({ space, elements }: DensityMatrix, isOwn: (c: number) => boolean): Float64Array {
  const found = elements.slice();
  space.classes.forEach(({ offset, length }, c) => {
    if (!isOwn(c)) found.fill(0, 2 * offset, 2 * (offset + length));
  });
  return found;
}
