/**
 * What jumps add to a state of a sector, element by element, and what each of them counts.
 *
 * A jump operator A takes ρ to AρA†. Where a quantity X is counted, diagonal in the sector's states, its tilted form is
 * e^{χX/2}Ae^{−χX/2}ρ(…)†: each element is weighted by e^{χw}, w the mean of what X gains on the side of the ket and on
 * that of the bra. Populations move by whole amounts; coherences by the mean of two.
 */
import type { BoundSector, SectorProgram } from '../lindblad/sectorProgram.js';
import { type Expression, isZero } from '../machine/expression.js';
import type { OperatorForm, Term } from '../machine/operatorForm.js';
import { before, both, bounds, isEmpty, type Range } from '../machine/range.js';
import type { TapeSlopes } from '../machine/tapeSlopes.js';
import { zeros } from '../zeros.js';

/** A part of a gain: what is added on some levels, or what it is there, known better than the sum of the parts. */
export interface GainPart {
  readonly kind: 'add' | 'set';
  readonly range: Range;
  readonly gain: Expression;
}

/** What a jump counts: the gain of a term of its operator, at the level that the term acts on. */
export interface CounterForm {
  readonly name: string;
  readonly gain: (term: Term) => readonly GainPart[];
}

/** The elements of the jumps of one bath: y[to] += value · x[from], for each of them. */
export interface JumpElements {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly value: Float64Array;
  /** 1 where the element arrives at a population. */
  readonly arrives: Uint8Array;
  /** By counter, what each element counts. */
  readonly weights: readonly Float64Array[];
}

interface Amplitude {
  /** Places of real and imaginary part among the tape's tables; −1 where it is 0. */
  readonly re: number;
  readonly im: number;
  /** By counter. */
  readonly gains: readonly (readonly PlacedGain[])[];
}

interface PlacedGain extends Omit<GainPart, 'gain'> {
  readonly table: number;
}

/** One number of each element of a pair of terms: which part of the coefficient goes where. */
interface Share {
  readonly row: number;
  readonly column: number;
  readonly part: 're' | 'im';
  readonly sign: 1 | -1;
}

interface JumpBand {
  readonly ket: Amplitude;
  readonly bra: Amplitude;
  readonly apart: number;
  readonly range: Range;
  /** Offsets of the charges of source and target, by the ket's level. */
  readonly leaves: number;
  readonly arrives: number;
  readonly shares: readonly Share[];
}

/** The jumps of one bath in a sector, ready for any window and device. */
export class JumpProgram {
  readonly #bands: JumpBand[] = [];
  readonly #counters: number;

  constructor(
    private readonly program: SectorProgram,
    jumps: readonly OperatorForm[],
    counters: readonly CounterForm[],
  ) {
    this.#counters = counters.length;
    const { tape } = program;
    for (const form of jumps) {
      const amplitudes = form.map(
        (term): Amplitude => ({
          re: isZero(term.f.re) ? -1 : tape.table(term.f.re),
          im: isZero(term.f.im) ? -1 : tape.table(term.f.im),
          gains: counters.map(({ gain }) =>
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

  /** The elements of the device that the sector's numbers are filled with. */
  on(sector: BoundSector): JumpElements {
    const { numbers, window } = sector;
    const { size } = window;
    const { paired } = this.program;
    const sized = this.#bands.map((band) => ({ ...band, bounds: bounds(band.range, size) }));
    const total = sized.reduce(
      (n, { bounds: [first, end], shares }) => n + (end - first) * shares.length,
      0,
    );
    const elements = {
      from: new Int32Array(total),
      to: new Int32Array(total),
      value: new Float64Array(total),
      arrives: new Uint8Array(total),
      weights: Array.from({ length: this.#counters }, () => new Float64Array(total)),
    };
    const nothing = zeros(size);
    const tableAt = (place: number) => (place < 0 ? nothing : numbers.table(place));
    const known = new Map<readonly PlacedGain[], Float64Array>();
    const gainTable = (parts: readonly PlacedGain[]): Float64Array => {
      let table = known.get(parts);
      if (table === undefined) {
        table = zeros(size);
        known.set(parts, table);
        for (const { kind, range, table: at } of parts) {
          const values = numbers.table(at);
          const [first, end] = bounds(range, size);
          for (let i = first; i < end; i++) table[i] = values[i] + (kind === 'add' ? table[i] : 0);
        }
      }
      return table;
    };
    let e = 0;
    for (const { ket, bra, apart, bounds: edges, leaves, arrives, shares } of sized) {
      const [a, b] = [tableAt(ket.re), tableAt(ket.im)];
      const [c, d] = [tableAt(bra.re), tableAt(bra.im)];
      const left = ket.gains.map(gainTable);
      const right = bra.gains.map(gainTable);
      for (const { row, column, part, sign } of shares) {
        for (let i = edges[0]; i < edges[1]; i++, e++) {
          const j = i + apart;
          elements.from[e] = sector.index(i + leaves, column);
          elements.to[e] = sector.index(i + arrives, row);
          elements.value[e] =
            sign * (part === 're' ? a[i] * c[j] + b[i] * d[j] : b[i] * c[j] - a[i] * d[j]);
          elements.arrives[e] = row < paired ? 0 : 1;
          for (let k = 0; k < left.length; k++) {
            elements.weights[k][e] = (left[k][i] + right[k][j]) / 2;
          }
        }
      }
    }
    return elements;
  }

  /** From derivatives by the values of elements to those by the amplitudes that they are products of. */
  addSlopes(sector: BoundSector, { slope, error }: ElementSlopes, slopes: TapeSlopes): void {
    const { numbers, window } = sector;
    const nothing = zeros(window.size);
    const tableAt = (place: number) => (place < 0 ? nothing : numbers.table(place));
    let e = 0;
    for (const { ket, bra, apart, range, shares } of this.#bands) {
      const [first, end] = bounds(range, window.size);
      for (const { part, sign } of shares) {
        // re: sign (a c + b d), im: sign (b c − a d)
        const terms: readonly [left: number, right: number, sign: number][] =
          part === 're'
            ? [
                [ket.re, bra.re, sign],
                [ket.im, bra.im, sign],
              ]
            : [
                [ket.im, bra.re, sign],
                [ket.re, bra.im, -sign],
              ];
        for (const [left, right, weight] of terms) {
          if (left < 0 || right < 0) continue;
          const [x, y] = [tableAt(left), tableAt(right)];
          const [byLeft, byRight] = [slopes.table(left), slopes.table(right)];
          for (let i = first; i < end; i++) {
            const j = i + apart;
            const at = e + i - first;
            byLeft.slope[i] += weight * y[j] * slope[at];
            byLeft.error[i] += Math.abs(y[j]) * error[at];
            byRight.slope[j] += weight * x[i] * slope[at];
            byRight.error[j] += Math.abs(x[i]) * error[at];
          }
        }
        e += end - first;
      }
    }
  }
}

/** A derivative by the value of each element of a bath's jumps, and how far it may be off. */
export interface ElementSlopes {
  readonly slope: Float64Array;
  readonly error: Float64Array;
}

/** weight^power · value of each element. */
function weighted({ value }: JumpElements, weight: Float64Array, power: number): Float64Array {
  const result = value.slice();
  for (let k = 0; k < power; k++) for (let e = 0; e < value.length; e++) result[e] *= weight[e];
  return result;
}

/** y += Σ weight^power · value · x */
export function addCounted(
  elements: JumpElements,
  weight: Float64Array,
  power: number,
  x: Float64Array,
  y: Float64Array,
): void {
  const { from, to } = elements;
  const factors = weighted(elements, weight, power);
  for (let e = 0; e < factors.length; e++) y[to[e]] += factors[e] * x[from[e]];
}

/** The trace of it, as a row: ℓ with ℓ·x = Tr[Σ weight^power · value · x]. */
export function countedRow(
  elements: JumpElements,
  weight: Float64Array,
  power: number,
  length: number,
): Float64Array {
  const { from, arrives } = elements;
  const row = zeros(length);
  const factors = weighted(elements, weight, power);
  for (let e = 0; e < factors.length; e++) if (arrives[e] === 1) row[from[e]] += factors[e];
  return row;
}
