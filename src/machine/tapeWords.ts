/**
 * A tape as words that shaders/tape.wgsl reads, and the numbers of a device that go with them.
 *
 * Numbers without a level are the host's, in double-double. A polynomial in l goes up as its coefficients about levels
 * near its roots: there the host has cancelled what cancels, and at no other level does much of it. Of tables that are
 * the same but for the level one is computed, and read some levels on: on a margin beside the window, too.
 */
import type { DoubleDouble } from '../numbers/doubleDouble.js';
import { packPolynomial, sizeOfPolynomial } from './polynomialPieces.js';
import type { Range } from './range.js';
import type { Tape } from './tape.js';
import {
  functionOf,
  GROUPS,
  type Group,
  type Operation,
  Operations,
  type Reading,
} from './tapeOperations.js';
import { neededFor, TapePlan } from './tapePlan.js';
import { givenOn, type TableStep } from './tapeSteps.js';

/** In a word: a number of the device's, not a table; and of a power the root and the inverse. */
const NUMBER = 2 ** 31;
const INVERSE = 2 ** 31;
const ROOT = 2 ** 30;
/** In a word that names a table: the levels on, counted from −16. */
const LEVEL = 2 ** 24;
const FARTHEST = 15;
/** In a word of a sum's: minus the product, which is added to those before it; and one factor alone. */
const NEGATIVE = 2 ** 31;
const ADDED = 2 ** 30;
const ALONE = 2 ** 29;

/** Conditions by which the shader is compiled. */
export type TapeConditions = Readonly<Record<Group, boolean>>;

/** Numbers of one device on a tape. */
export interface TapeScalars {
  /** Rounded. */
  scalar(at: number): number;
  doubleDouble(at: number): DoubleDouble;
  /** Whether a number with all its digits is another one than before. */
  isOther(at: number, before: DoubleDouble): boolean;
}

/** A number of the tape, or a polynomial's coefficients, and where they stand among a device's numbers. */
type Upload =
  | { readonly kind: 'scalar'; readonly at: number }
  | { readonly kind: 'polynomial'; readonly coefficients: readonly number[] };

/** Where a pass begins, and how many of the lowest and as many of the highest levels it computes: by default all. */
export interface TapePass {
  readonly first: number;
  readonly edge: number;
}

export class TapeWords {
  readonly words: Uint32Array<ArrayBuffer>;
  readonly passes: readonly TapePass[];
  readonly conditions: TapeConditions;
  /** Tables that there must be room for. */
  readonly slots: number;
  /** Levels below and above a window at which tables are computed, too. */
  readonly margin: number;
  /** Numbers of a device: its lowest level, then what `pack` makes. */
  readonly count: number;
  readonly #plan: TapePlan;
  readonly #readings: ReadonlyMap<number, Reading>;
  readonly #uploads: readonly Upload[];
  readonly #given: readonly (TableStep & { kind: 'given' })[];
  /** By upload what was put down last: of devices one after another most polynomials are the same. */
  readonly #packed: (PackedPolynomial | undefined)[] = [];

  /** @param wanted tables, by their places on the tape, and on which levels of a window */
  constructor(tape: Tape, wanted: readonly { readonly table: number; readonly range: Range }[]) {
    const operations = new Operations(tape);
    const { all, readings } = operations;
    const read = wanted.map(({ table, range }) => ({ ...readings[table], range }));
    this.#readings = new Map(wanted.map(({ table }) => [table, readings[table]]));
    operations.share(neededFor(all, read));
    this.#plan = new TapePlan(all, read);
    const writer = new Writer(all, this.#plan);
    this.words = Uint32Array.from(writer.words);
    this.passes = writer.passes;
    this.#uploads = writer.uploads;
    this.#given = writer.given;
    this.count = writer.count;
    this.conditions = writer.conditions;
    this.slots = this.#plan.slots;
    this.margin = this.#plan.margin;
  }

  /** Levels at which tables are computed for a window of so many. */
  levels(size: number): number {
    return size + 2 * this.margin;
  }

  /** Where a table that was asked for is, and its place of the window's lowest level; undefined for any other. */
  placeOf(at: number): { readonly slot: number; readonly first: number } | undefined {
    const reading = this.#readings.get(at);
    const slot = reading && this.#plan.slotOf.get(reading.at);
    return slot === undefined ? undefined : { slot, first: this.margin + (reading?.by ?? 0) };
  }

  /** Given tables on a window with its margins, one after another. */
  given(size: number): Float64Array {
    const levels = this.levels(size);
    const tables = new Float64Array(this.#given.length * levels);
    this.#given.forEach((step, k) => {
      const first = k * levels + this.margin;
      givenOn(step, tables.subarray(first, first + size));
    });
    return tables;
  }

  /** Puts down a device's numbers for a window, from the lowest level on. */
  pack(scalars: TapeScalars, lmin: number, size: number, out: Float64Array): void {
    const [lowest, highest] = [lmin - this.margin, lmin + size - 1 + this.margin];
    out[0] = lowest;
    let next = 1;
    this.#uploads.forEach((upload, n) => {
      if (upload.kind === 'scalar') {
        out[next++] = scalars.scalar(upload.at);
        return;
      }
      const last = this.#packed[n];
      if (last !== undefined && isOf(last, upload.coefficients, scalars, lowest, highest)) {
        out.set(last.numbers, next);
        next += last.numbers.length;
        return;
      }
      const coefficients = upload.coefficients.map((at) => scalars.doubleDouble(at));
      const first = next;
      next = packPolynomial(coefficients, lowest, highest, out, first);
      this.#packed[n] = { coefficients, lowest, highest, numbers: out.slice(first, next) };
    });
  }
}

/** A polynomial as it goes up. */
interface PackedPolynomial {
  readonly coefficients: readonly DoubleDouble[];
  readonly lowest: number;
  readonly highest: number;
  readonly numbers: Float64Array;
}

function isOf(
  last: PackedPolynomial,
  coefficients: readonly number[],
  scalars: TapeScalars,
  lowest: number,
  highest: number,
): boolean {
  if (last.lowest !== lowest || last.highest !== highest) return false;
  for (let n = 0; n < coefficients.length; n++) {
    if (scalars.isOther(coefficients[n], last.coefficients[n])) return false;
  }
  return true;
}

/** Writes operations as words, and gathers the numbers that they read. */
class Writer {
  readonly words: number[] = [];
  readonly passes: TapePass[] = [];
  readonly conditions: TapeConditions;
  readonly uploads: Upload[] = [];
  readonly given: (TableStep & { kind: 'given' })[] = [];
  count = 1;
  readonly #numbers = new Map<number, number>();

  constructor(
    private readonly operations: readonly Operation[],
    private readonly plan: TapePlan,
  ) {
    const has = (group: Group) =>
      plan.passes.some(({ stages }) => stages.some((stage) => stage[group].length > 0));
    this.conditions = {
      exponentials: has('exponentials'),
      trigonometry: has('trigonometry'),
      mixing: has('mixing'),
      ohmic: has('ohmic'),
      powers: has('powers'),
      products: has('products'),
    };
    for (const { first, stages, isAtEdges } of plan.passes) {
      const edge = isAtEdges ? plan.edge : Number.POSITIVE_INFINITY;
      this.passes.push({ first: this.words.length, edge });
      const of = (kind: Operation['kind']) => first.filter((at) => operations[at].kind === kind);
      this.#list(of('polynomial'));
      this.#list(of('given'));
      this.words.push(stages.length);
      for (const stage of stages) {
        for (const group of GROUPS) {
          if (!this.conditions[group]) continue;
          if (group === 'products') this.#sums(stage.products);
          else this.#list(stage[group]);
        }
      }
    }
  }

  #list(operations: readonly number[]): void {
    this.words.push(operations.length);
    for (const at of operations) {
      this.words.push(this.#table({ at, by: 0 }), ...this.#written(this.operations[at]));
    }
  }

  /** Three words for each product of two. */
  #sums(sums: readonly number[]): void {
    const rows = sums.flatMap((at) => {
      const operation = this.operations[at];
      if (operation.kind !== 'products') throw new Error('no sum of products');
      return operation.terms.map(({ sign, factors }, n) => {
        const [a, b = a + ALONE] = factors.flatMap((factor) =>
          new Array<number>(factor.exponent).fill(this.#table(factor)),
        );
        const flags = (sign < 0 ? NEGATIVE : 0) + (n > 0 ? ADDED : 0);
        return [this.#table({ at, by: 0 }) + flags, a, b];
      });
    });
    this.words.push(rows.length, ...rows.flat());
  }

  #table({ at, by }: Reading): number {
    const slot = this.plan.slotOf.get(at);
    if (slot === undefined) throw new Error('a table that is not computed');
    if (Math.abs(by) > FARTHEST) throw new RangeError(`a table is read ${by} levels on`);
    return slot + LEVEL * (by + FARTHEST + 1);
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

  #polynomial(coefficients: readonly number[]): number[] {
    const degree = Math.max(0, coefficients.length - 1);
    if (degree === 0 && coefficients.length === 1) return [0, this.#number(coefficients[0])];
    const first = this.count;
    this.uploads.push({ kind: 'polynomial', coefficients });
    this.count += sizeOfPolynomial(degree);
    return [degree, first];
  }

  #written(operation: Operation): number[] {
    if (operation.kind === 'polynomial') return this.#polynomial(operation.coefficients);
    if (operation.kind === 'given') return [this.given.push(operation) - 1];
    if (operation.kind === 'power') {
      const { at, exponent } = operation;
      const isRoot = !Number.isInteger(exponent);
      return [this.#table({ at, by: 0 }) + (isRoot ? ROOT : 0) + (exponent < 0 ? INVERSE : 0)];
    }
    if (operation.kind === 'products') throw new Error('a sum has its own words');
    const { kind, operands } = functionOf(operation.name);
    const of = operation.of.map((operand) =>
      operand.kind === 'scalar' ? NUMBER + this.#number(operand.at) : this.#table(operand),
    );
    // What a function does not read may be anything.
    while (of.length < operands) of.push(of[0]);
    return [...kind, ...of];
  }
}
