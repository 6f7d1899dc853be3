/**
 * What jumps add to a state of a sector, element by element, and what each of them counts.
 *
 * A jump operator A takes ρ to AρA†. Where a quantity X is counted, diagonal in the sector's states, its tilted form is
 * e^{χX/2}Ae^{−χX/2}ρ(…)†: each element is weighted by e^{χw}, w the mean of what X gains on the side of the ket and on
 * that of the bra. Populations move by whole amounts; coherences by the mean of two.
 */
import type { CountedSums, Driven } from '../lindblad/countedElements.js';
import type { CountedKernel } from '../lindblad/countedKernel.js';
import type { BoundSector, SectorProgram } from '../lindblad/sectorProgram.js';
import { type Expression, isZero } from '../machine/expression.js';
import type { OperatorForm, Term } from '../machine/operatorForm.js';
import { before, both, bounds, isEmpty } from '../machine/range.js';
import type { TapeSlopes } from '../machine/tapeSlopes.js';
import { varyingIn } from '../machine/varying.js';
import { getOrInsert } from '../maps.js';
import { lasting, zeros } from '../zeros.js';
import {
  type Amplitude,
  type JumpBand,
  type PlacedGain,
  type Places,
  placesOf,
  type Share,
} from './jumpPlaces.js';

/** What rounding takes from a term of a sum. */
const ROUNDING = 8 * Number.EPSILON;

/** A part of a gain: what is added on some levels, or what it is there, known better than the sum of the parts. */
export interface GainPart extends Omit<PlacedGain, 'table'> {
  readonly gain: Expression;
}

/** What a jump counts: the gain of a term of its operator, at the level that the term acts on. */
export type CounterForm = (term: Term) => readonly GainPart[];

/** The jumps of one bath in a sector, ready for any window and device. */
export class JumpProgram {
  readonly #bands: JumpBand[] = [];

  constructor(
    private readonly program: SectorProgram,
    jumps: readonly OperatorForm[],
    counters: readonly CounterForm[],
  ) {
    const { tape } = program;
    for (const form of jumps) {
      const amplitudes = form.map(
        (term): Amplitude => ({
          re: isZero(term.f.re) ? -1 : tape.table(term.f.re),
          im: isZero(term.f.im) ? -1 : tape.table(term.f.im),
          gains: counters.map((gain) =>
            gain(term).map(({ kind, range, gain: x }) => ({ kind, range, table: tape.table(x) })),
          ),
        }),
      );
      form.forEach((ket, k) => {
        form.forEach((bra, b) => {
          this.#add(ket, amplitudes[k], bra, amplitudes[b]);
        });
      });
    }
  }

  #add(ket: Term, left: Amplitude, bra: Term, right: Amplitude): void {
    const { program } = this;
    const source = program.classOf(ket.from, bra.from);
    const target = program.classOf(ket.to, bra.to);
    if (source < 0 || target < 0) return;
    const { apart } = program.classes[source];
    const range = both(ket.range, before(bra.range, apart));
    const to = program.unknownOf[target];
    const from = program.unknownOf[source];
    if (isEmpty(range) || to.conjugation < 0) return;
    const shares: Share[] = [];
    const add = (r: number, c: number, part: 're' | 'im', sign: 1 | -1) =>
      shares.push({ row: to.unknown + r, column: from.unknown + c, part, sign });
    add(0, 0, 're', 1);
    if (to.conjugation !== 0 && from.conjugation !== 0) {
      add(1, 1, 're', from.conjugation > 0 ? 1 : -1);
    }
    const isComplex = [left, right].some(({ im }) => im >= 0);
    if (isComplex && from.conjugation !== 0) add(0, 1, 'im', from.conjugation > 0 ? -1 : 1);
    if (isComplex && to.conjugation !== 0) add(1, 0, 'im', 1);
    this.#bands.push({
      ket: left,
      bra: right,
      apart,
      range,
      leaves: program.offsets[ket.from],
      arrives: program.offsets[ket.to] + ket.shift,
      shares,
    });
  }

  readonly #places = new WeakMap<BoundSector, Places>();

  /** The elements of the device that the sector's numbers are filled with. */
  on(sector: BoundSector): JumpElements {
    return new JumpElements(this.placesOn(sector), sector);
  }

  /** The tables that its elements are made of, and what one of its counters counts. */
  tables(counter: number): number[] {
    return this.#bands.flatMap(({ ket, bra }) =>
      [ket, bra].flatMap(({ re, im, gains }) => [
        ...[re, im].filter((at) => at >= 0),
        ...gains[counter].map(({ table }) => table),
      ]),
    );
  }

  /** Where its elements are on a window. */
  placesOn(sector: BoundSector): Places {
    return getOrInsert(this.#places, sector, () => placesOf(this.#bands, sector));
  }

  /** From derivatives by the values of elements to those by the amplitudes that they are products of. */
  addSlopes(sector: BoundSector, { slope, error }: ElementSlopes, slopes: TapeSlopes): void {
    const { numbers } = sector;
    for (const run of this.placesOn(sector).runs) {
      const { apart, start, first, end } = run;
      for (const [left, right, weight] of run.products) {
        const [x, y] = [numbers.table(left), numbers.table(right)];
        const [byLeft, byRight] = [slopes.table(left), slopes.table(right)];
        for (let i = first, e = start; i < end; i++, e++) {
          const j = i + apart;
          byLeft.slope[i] += weight * y[j] * slope[e];
          byLeft.error[i] += Math.abs(y[j]) * error[e];
          byRight.slope[j] += weight * x[i] * slope[e];
          byRight.error[j] += Math.abs(x[i]) * error[e];
        }
      }
    }
  }
}

/** A derivative by the value of each element of a bath's jumps, and how far it may be off. */
export interface ElementSlopes {
  readonly slope: Float64Array;
  readonly error: Float64Array;
}

/** The elements of the jumps of one bath: y[to] += value · x[from], for each of them. */
export class JumpElements {
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** 1 where the element arrives at a population: those are the first ones. */
  readonly arrives: Uint8Array;
  readonly arriving: number;
  readonly #code: CountedKernel | null;
  #values: Float64Array | null = null;
  #isWhole = false;
  readonly #weights: (Float64Array | undefined)[] = [];

  constructor(
    private readonly places: Places,
    private readonly sector: BoundSector,
  ) {
    this.from = places.from;
    this.to = places.to;
    this.arrives = places.arrives;
    this.arriving = places.arriving;
    this.#code = places.code.next();
  }

  /** The values of those that arrive at populations; first asked for while the sector's numbers are the device's. */
  get arrived(): Float64Array {
    if (this.#values === null) {
      this.#values = zeros(this.from.length);
      this.#fill(this.#values, true);
    }
    return this.#values;
  }

  /** Of all elements; first asked for while the sector's numbers are the device's. */
  get value(): Float64Array {
    const { arrived } = this;
    if (!this.#isWhole) this.#fill(arrived, false);
    this.#isWhole = true;
    return arrived;
  }

  /** Puts down the values of those that arrive at populations, or of the others. */
  #fill(value: Float64Array, areArriving: boolean): void {
    const { numbers } = this.sector;
    for (const run of this.places.runs) {
      const { apart, start, first, end } = run;
      if (start < this.arriving !== areArriving) continue;
      for (const [left, right, sign] of run.products) {
        const [x, y] = [numbers.table(left), numbers.table(right)];
        for (let i = first, e = start; i < end; i++, e++) value[e] += sign * x[i] * y[i + apart];
      }
    }
  }

  /** What each element counts for a counter; of the device that the sector's numbers are filled with. */
  weight(counter: number): Float64Array {
    let weight = this.#weights[counter] ?? this.places.constant.get(counter);
    if (weight === undefined) {
      if (this.#isConstant(counter)) {
        weight = lasting(() => this.#weightOf(counter));
        this.places.constant.set(counter, weight);
      } else weight = this.#weightOf(counter);
    }
    this.#weights[counter] = weight;
    return weight;
  }

  /** Whether no parameter changes what is counted, as quanta are. */
  #isConstant(counter: number): boolean {
    const { tables } = varyingIn(this.sector.program.tape);
    return this.places.runs.every(({ ket, bra }) =>
      [ket, bra].every(({ gains }) => gains[counter].every(({ table }) => !tables[table])),
    );
  }

  #weightOf(counter: number): Float64Array {
    const known = new Map<readonly PlacedGain[], Float64Array>();
    const tableOf = (gains: readonly PlacedGain[]) =>
      getOrInsert(known, gains, () => gainTable(gains, this.sector));
    const weight = zeros(this.from.length);
    for (const { ket, bra, apart, start, first, end } of this.places.runs) {
      const left = tableOf(ket.gains[counter]);
      const right = tableOf(bra.gains[counter]);
      for (let i = first, e = start; i < end; i++, e++) {
        weight[e] = (left[i] + right[i + apart]) / 2;
      }
    }
    return weight;
  }

  /** Sums over those that arrive at populations, of a state. */
  sums(counter: number, x: Float64Array): CountedSums {
    const weight = this.weight(counter);
    const { numbers } = this.sector;
    if (this.#code !== null) return this.#code.sums(numbers, weight, x);
    const { from, arrived, arriving } = this;
    let [mean, size, shot, shotSize] = [0, 0, 0, 0];
    for (let e = 0; e < arriving; e++) {
      const term = weight[e] * arrived[e] * x[from[e]];
      const second = weight[e] * term;
      mean += term;
      size += Math.abs(term);
      shot += second;
      shotSize += Math.abs(second);
    }
    return { mean, size, shot, shotSize };
  }

  /** What is counted, as a change of a state, less so many times the state. */
  driven(counter: number, x: Float64Array, mean: number): Driven {
    const weight = this.weight(counter);
    if (this.#code !== null) return this.#code.driven(this.sector.numbers, weight, x, mean);
    const { from, to, value, arriving } = this;
    const [change, sizes, row] = [zeros(x.length), zeros(x.length), zeros(x.length)];
    for (let e = 0; e < value.length; e++) {
      const counted = weight[e] * value[e];
      const term = counted * x[from[e]];
      change[to[e]] += term;
      sizes[to[e]] += Math.abs(term);
      if (e < arriving) row[from[e]] += counted;
    }
    for (let i = 0; i < x.length; i++) change[i] -= mean * x[i];
    return { change, sizes, row };
  }

  /** Tr of all of it: how often the state x jumps. */
  rate(x: Float64Array): number {
    const { arrived, from, arriving } = this;
    let total = 0;
    for (let e = 0; e < arriving; e++) total += arrived[e] * x[from[e]];
    return total;
  }

  /** How far that may be off. @param errors of each number of the state; null where it is known to rounding */
  rateError(x: Float64Array, errors: Float64Array | null): number {
    const { arrived, from, arriving } = this;
    let total = 0;
    for (let e = 0; e < arriving; e++) {
      const lost = errors === null ? 0 : errors[from[e]];
      total += Math.abs(arrived[e]) * (lost + ROUNDING * Math.abs(x[from[e]]));
    }
    return total;
  }

  /** y += Σ weight^power · value · x */
  addCounted(counter: number, power: number, x: Float64Array, y: Float64Array): void {
    const { from, to, value } = this;
    const weight = this.weight(counter);
    for (let e = 0; e < value.length; e++) {
      y[to[e]] += raised(weight[e], power) * value[e] * x[from[e]];
    }
  }

  /** The trace of it, as a row: ℓ with ℓ·x = Tr[Σ weight^power · value · x]. */
  countedRow(counter: number, power: number, length: number): Float64Array {
    const { from, arriving, arrived } = this;
    const weight = this.weight(counter);
    const row = zeros(length);
    for (let e = 0; e < arriving; e++) row[from[e]] += raised(weight[e], power) * arrived[e];
    return row;
  }
}

/** xⁿ for a small whole n > 0. */
function raised(x: number, n: number): number {
  let result = x;
  for (let k = 1; k < n; k++) result *= x;
  return result;
}

/** A gain by level. */
function gainTable(parts: readonly PlacedGain[], { numbers, window }: BoundSector): Float64Array {
  const table = zeros(window.size);
  for (const { kind, range, table: at } of parts) {
    const values = numbers.table(at);
    const [first, end] = bounds(range, window.size);
    for (let i = first; i < end; i++) table[i] = values[i] + (kind === 'add' ? table[i] : 0);
  }
  return table;
}
