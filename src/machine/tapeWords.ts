/**
 * A tape as words that shaders/tape.wgsl reads, and the numbers of a device that go with them.
 *
 * Numbers without a level are the host's, in double-double. A polynomial in l goes up as its coefficients about levels
 * near its roots: there the host has cancelled what cancels, and at no other level does much of it.
 */
import type { DoubleDouble } from '../numbers/doubleDouble.js';
import type { FunctionName } from './functions.js';
import { packPolynomial, sizeOfPolynomial } from './polynomialPieces.js';
import { givenOn, type ProductOfTables, type TableStep } from './tapeSteps.js';

/** In a word: a number of the device's, not a table; and of a power the root and the inverse. */
const NUMBER = 2 ** 31;
const INVERSE = 2 ** 31;
const ROOT = 2 ** 30;

/** What is computed by one stretch of code, in the shader's order; each is compiled where it is needed. */
const GROUPS = ['exponentials', 'trigonometry', 'mixing', 'ohmic', 'powers', 'products'] as const;
type Group = (typeof GROUPS)[number];

/** Functions by group: the word that tells one from another, and how many operands there are, with those not read. */
const FUNCTIONS: {
  readonly [Name in FunctionName]?: {
    readonly group: Exclude<Group, 'powers' | 'products'>;
    readonly kind: readonly number[];
    readonly operands: number;
  };
} = {
  exponential: { group: 'exponentials', kind: [0], operands: 1 },
  exponentialMinusOne: { group: 'exponentials', kind: [1], operands: 1 },
  sine: { group: 'trigonometry', kind: [0], operands: 1 },
  cosine: { group: 'trigonometry', kind: [1], operands: 1 },
  mixingCosine: { group: 'mixing', kind: [0], operands: 4 },
  mixingSine: { group: 'mixing', kind: [1], operands: 4 },
  mixingShift: { group: 'mixing', kind: [2], operands: 4 },
  mixingSplitting: { group: 'mixing', kind: [3], operands: 4 },
  mixingTurn: { group: 'mixing', kind: [4], operands: 4 },
  mixingTogether: { group: 'mixing', kind: [5], operands: 4 },
  ohmicEmission: { group: 'ohmic', kind: [], operands: 4 },
};
/** Functions that are a power of what they are of. */
const POWERS: { readonly [Name in FunctionName]?: number } = {
  whole: 1,
  square: 2,
  squareRoot: 0.5,
  inverse: -1,
};

/** Conditions by which the shader is compiled. */
export type TapeConditions = Readonly<Record<Group, boolean>>;

/** Numbers of one device on a tape. */
export interface TapeScalars {
  doubleDouble(at: number): DoubleDouble;
}

type Step =
  | { readonly kind: 'polynomial'; readonly coefficients: readonly number[] }
  | (TableStep & { readonly kind: 'given' })
  | (TableStep & { readonly kind: 'call' })
  /** √x, 1/x or 1/√x. */
  | { readonly kind: 'power'; readonly at: number; readonly exponent: Power }
  | { readonly kind: 'products'; readonly terms: readonly ProductOfTables[] };
type Power = 0.5 | -0.5 | -1;

/** A number of the tape, or a polynomial's coefficients, and where they stand among a device's numbers. */
type Upload =
  | { readonly kind: 'scalar'; readonly at: number }
  | { readonly kind: 'polynomial'; readonly coefficients: readonly number[] };

export class TapeWords {
  readonly words: Uint32Array<ArrayBuffer>;
  readonly conditions: TapeConditions;
  /** Tables that there must be room for, and where those asked for are among them. */
  readonly slots: number;
  readonly slotOf: ReadonlyMap<number, number>;
  /** Numbers of a device: its lowest level, then what `pack` makes. */
  readonly count: number;
  readonly #uploads: readonly Upload[];
  readonly #given: readonly (TableStep & { kind: 'given' })[];

  /** @param wanted tables, by their places on the tape */
  constructor(steps: readonly TableStep[], wanted: readonly number[]) {
    const plan = new Plan(steps, wanted);
    this.words = plan.words();
    this.conditions = plan.conditions;
    this.slots = plan.slots;
    this.slotOf = plan.slotOf;
    this.#uploads = plan.uploads;
    this.#given = plan.given;
    this.count = plan.count;
  }

  /** Given tables on a window, one after another. */
  given(size: number): Float64Array {
    const tables = new Float64Array(this.#given.length * size);
    this.#given.forEach((step, k) => {
      givenOn(step, tables.subarray(k * size, (k + 1) * size));
    });
    return tables;
  }

  /** Puts down a device's numbers for a window, from the lowest level on. */
  pack(scalars: TapeScalars, lmin: number, size: number, out: Float64Array): void {
    out[0] = lmin;
    let next = 1;
    for (const upload of this.#uploads) {
      if (upload.kind === 'scalar') {
        out[next++] = scalars.doubleDouble(upload.at).high;
        continue;
      }
      const coefficients = upload.coefficients.map((at) => scalars.doubleDouble(at));
      next = packPolynomial(coefficients, lmin, lmin + size - 1, out, next);
    }
  }
}

/** What is computed in which order, and where it is kept. */
class Plan {
  readonly uploads: Upload[] = [];
  readonly given: (TableStep & { kind: 'given' })[] = [];
  readonly slotOf = new Map<number, number>();
  readonly conditions: TapeConditions;
  count = 1;
  slots = 0;
  readonly #steps: readonly Step[];
  readonly #order: number[] = [];
  /** Of each stage, what each group computes. */
  readonly #stages: Readonly<Record<Group, number[]>>[] = [];
  readonly #numbers = new Map<number, number>();

  constructor(steps: readonly TableStep[], wanted: readonly number[]) {
    this.#steps = withPowers(steps.map(stepOf));
    const needed = this.#needed(wanted);
    const at = (kind: Step['kind']) => needed.filter((n) => this.#steps[n].kind === kind);
    this.#order.push(...at('polynomial'), ...at('given'));
    this.#schedule([...at('call'), ...at('power'), ...at('products')].sort((a, b) => a - b));
    this.#place(new Set(wanted));
    const has = (group: Group) => this.#stages.some((stage) => stage[group].length > 0);
    this.conditions = {
      exponentials: has('exponentials'),
      trigonometry: has('trigonometry'),
      mixing: has('mixing'),
      ohmic: has('ohmic'),
      powers: has('powers'),
      products: has('products'),
    };
  }

  /** What the wanted tables are made of, with them. */
  #needed(wanted: readonly number[]): number[] {
    const needed = new Set<number>();
    const visit = (at: number) => {
      if (needed.has(at)) return;
      needed.add(at);
      for (const of of operandsOf(this.#steps[at])) visit(of);
    };
    for (const at of wanted) visit(at);
    return [...needed].sort((a, b) => a - b);
  }

  /** Each in the first stage, and there in the first group, before which all that it is made of is done. */
  #schedule(steps: readonly number[]): void {
    const done = new Set(this.#order);
    let left = [...steps];
    while (left.length > 0) {
      const stage = {
        ...{ exponentials: [], trigonometry: [], mixing: [], ohmic: [] },
        ...{ powers: [], products: [] },
      } as Record<Group, number[]>;
      for (const group of GROUPS) {
        const before = new Set(done);
        for (const at of left) {
          const ready = operandsOf(this.#steps[at]).every((of) => before.has(of));
          if (groupOf(this.#steps[at]) !== group || !ready) continue;
          stage[group].push(at);
          done.add(at);
          // Products are made one after another.
          if (group === 'products') before.add(at);
        }
        left = left.filter((at) => !done.has(at));
        this.#order.push(...stage[group]);
      }
      this.#stages.push(stage);
    }
  }

  /** Tables that nothing reads any more make room for others. */
  #place(wanted: ReadonlySet<number>): void {
    const last = new Map<number, number>();
    this.#order.forEach((at, k) => {
      for (const of of operandsOf(this.#steps[at])) last.set(of, k);
    });
    const free: number[] = [];
    this.#order.forEach((at, k) => {
      this.slotOf.set(at, free.pop() ?? this.slots++);
      for (const of of new Set(operandsOf(this.#steps[at]))) {
        if (last.get(of) === k && !wanted.has(of)) free.push(this.#slot(of));
      }
    });
  }

  #slot(at: number): number {
    const slot = this.slotOf.get(at);
    if (slot === undefined) throw new Error('a table that is not computed');
    return slot;
  }

  /** The place of a number among the device's. */
  #number(at: number): number {
    let known = this.#numbers.get(at);
    if (known === undefined) {
      known = this.count++;
      this.#numbers.set(at, known);
      this.uploads.push({ kind: 'scalar', at });
    }
    return known;
  }

  #polynomial(step: Step & { kind: 'polynomial' }): number[] {
    const degree = Math.max(0, step.coefficients.length - 1);
    if (degree === 0 && step.coefficients.length === 1) {
      return [0, this.#number(step.coefficients[0])];
    }
    const first = this.count;
    this.uploads.push({ kind: 'polynomial', coefficients: step.coefficients });
    this.count += sizeOfPolynomial(degree);
    return [degree, first];
  }

  words(): Uint32Array<ArrayBuffer> {
    const words: number[] = [];
    const list = (steps: readonly number[], write: (step: Step) => readonly number[]) => {
      words.push(steps.length);
      for (const at of steps) words.push(this.#slot(at), ...write(this.#steps[at]));
    };
    const of = (kind: Step['kind']) => this.#order.filter((at) => this.#steps[at].kind === kind);
    list(of('polynomial'), (step) => (step.kind === 'polynomial' ? this.#polynomial(step) : []));
    list(of('given'), (step) => (step.kind === 'given' ? [this.given.push(step) - 1] : []));
    words.push(this.#stages.length);
    for (const stage of this.#stages) {
      for (const group of GROUPS) {
        if (this.conditions[group]) list(stage[group], (step) => this.#computed(step));
      }
    }
    return Uint32Array.from(words);
  }

  #computed(step: Step): number[] {
    if (step.kind === 'products') {
      const terms = step.terms.map(({ factors }) =>
        factors.flatMap(({ at, exponent }) => new Array<number>(exponent).fill(this.#slot(at))),
      );
      return [terms.length, ...terms.flatMap((factors) => [factors.length, ...factors])];
    }
    if (step.kind === 'power') {
      const { at, exponent } = step;
      const isRoot = !Number.isInteger(exponent);
      return [this.#slot(at) + (isRoot ? ROOT : 0) + (exponent < 0 ? INVERSE : 0)];
    }
    if (step.kind !== 'call') throw new Error('computed before');
    const { kind, operands } = functionOf(step.name);
    const of = step.of.map(({ kind: what, at }) =>
      what === 'scalar' ? NUMBER + this.#number(at) : this.#slot(at),
    );
    // What a function does not read may be anything.
    while (of.length < operands) of.push(of[0]);
    return [...kind, ...of];
  }
}

function functionOf(name: FunctionName) {
  const known = FUNCTIONS[name];
  if (known === undefined) throw new Error(`${name} is a power`);
  return known;
}

function groupOf(step: Step): Group {
  if (step.kind === 'call') return functionOf(step.name).group;
  return step.kind === 'power' ? 'powers' : 'products';
}

/** Powers are products of one factor. */
function stepOf(step: TableStep): Step {
  if (step.kind === 'sum') return { kind: 'products', terms: step.terms };
  if (step.kind !== 'call') return step;
  const exponent = POWERS[step.name];
  const [of] = step.of;
  if (exponent === undefined) return step;
  if (of.kind === 'scalar') throw new Error(`${step.name} of a number without a level is no table`);
  return { kind: 'products', terms: [{ factors: [{ at: of.at, exponent }] }] };
}

/** Roots and inverses as steps of their own, after the others, so that each is taken once. */
function withPowers(steps: readonly Step[]): Step[] {
  const all = [...steps];
  const known = new Map<string, number>();
  const power = (at: number, exponent: Power): number => {
    const key = `${at} ${exponent}`;
    const found = known.get(key) ?? all.push({ kind: 'power', at, exponent }) - 1;
    known.set(key, found);
    return found;
  };
  steps.forEach((step, n) => {
    if (step.kind !== 'products') return;
    const terms = step.terms.map(({ factors }) => ({
      factors: factors.map(({ at, exponent }) => {
        if (!Number.isInteger(exponent)) {
          return { at: power(at, exponent < 0 ? -0.5 : 0.5), exponent: Math.abs(2 * exponent) };
        }
        return exponent > 0 ? { at, exponent } : { at: power(at, -1), exponent: -exponent };
      }),
    }));
    all[n] = { kind: 'products', terms };
  });
  return all;
}

function operandsOf(step: Step): number[] {
  if (step.kind === 'power') return [step.at];
  if (step.kind === 'products') {
    return step.terms.flatMap(({ factors }) => factors.map(({ at }) => at));
  }
  if (step.kind !== 'call') return [];
  return step.of.flatMap(({ kind, at }) => (kind === 'table' ? [at] : []));
}
