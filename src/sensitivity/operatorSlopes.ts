/**
 * How numbers that are made of a state ρ and an adjoint Z change with the expressions in operators: Tr[Xρ] with those of
 * X, and Tr[Z𝓛ρ] with those of the Hamiltonian and of the jumps A, by
 *   dTr[Xρ] = Tr[dX ρ],  dTr[Z(−i)[H, ρ]] = Tr[dH i[Z, ρ]],
 *   dTr[Z AρA†] = 2 Re Tr[dA ρA†Z],
 *   dTr[Z D[A]ρ] = 2 Re Tr[dA (ρA†Z − MA†)],  M = ½(Zρ + ρZ),
 * for real ones, of Hermitian X, H, Z and ρ.
 */
import { isZero } from '../machine/expression.js';
import type { OperatorForm, Term } from '../machine/operatorForm.js';
import { bounds } from '../machine/range.js';
import type { Place, Tape } from '../machine/tape.js';
import type { TapeSlopes } from '../machine/tapeSlopes.js';
import { getOrInsert } from '../maps.js';
import { eachElement, type Operator } from '../operators/operator.js';
import { addProductAt, type HermitianBand, type SummedElement } from './hermitianBand.js';

/** What rounding takes from a term of a sum, its factors with what they have lost included. */
const ROUNDING = 16 * Number.EPSILON;

/** By how much a correction may understate what a matrix is off by: its own residual is rounded, too. */
const SAFETY = 8;

/** A matrix, and what it is off by to first order. */
export interface KnownBand {
  readonly value: HermitianBand;
  readonly correction: HermitianBand;
  /** The same in cases of what eigenstates may be off by, where the correction leaves these out. */
  readonly beside?: readonly HermitianBand[];
}

/** A term whose numbers have places on a tape. */
interface PlacedTerm extends Omit<Term, 'f'> {
  readonly re: Place | null;
  readonly im: Place | null;
}

export type PlacedForm = readonly PlacedTerm[];

export const placedForm = (tape: Tape, form: OperatorForm): PlacedForm =>
  form.map(({ f, ...term }) => {
    const [re, im] = [f.re, f.im].map((part) => (isZero(part) ? null : tape.place(part)));
    return { ...term, re, im };
  });

/** Adds to a sum ⟨ket, i|W|bra, j⟩, and to the size of its correction what that may be off by. */
type ElementOf = (
  ket: number,
  i: number,
  bra: number,
  j: number,
  sum: SummedElement,
  correction: SummedElement,
) => void;

const nothing = (): SummedElement => ({ re: 0, im: 0, size: 0 });

/** Adds the derivatives of factor · Re Tr[XW] by the numbers that X is made of. */
function addTrace(
  slopes: TapeSlopes,
  form: PlacedForm,
  factor: number,
  levels: number,
  element: ElementOf,
): void {
  for (const { to, from, shift, range, re, im } of form) {
    const [first, end] = bounds(range, levels);
    for (let i = first; i < end; i++) {
      const [sum, correction] = [nothing(), nothing()];
      element(from, i, to, i + shift, sum, correction);
      const lost = Math.abs(factor) * (ROUNDING * sum.size + SAFETY * correction.size);
      if (re !== null) slopes.add(re, i, factor * sum.re, lost);
      if (im !== null) slopes.add(im, i, -factor * sum.im, lost);
    }
  }
}

/** Adds those of factor · Tr[Xρ]. */
export function addMean(
  slopes: TapeSlopes,
  form: PlacedForm,
  factor: number,
  { value, correction }: KnownBand,
): void {
  addTrace(slopes, form, factor, value.size, (ket, i, bra, j, sum, off) => {
    if (!value.isWithin(i, j)) return;
    const at = value.place(ket, i, bra, j);
    sum.re += value.re[at];
    sum.im += value.im[at];
    sum.size += Math.hypot(value.re[at], value.im[at]);
    off.size += Math.hypot(correction.re[at], correction.im[at]);
  });
}

/** ⟨ket, i| … |bra, j⟩ */
type At = readonly [ket: number, i: number, bra: number, j: number];

/** Adds those of factor · Re Tr[XW] for the W of ρ and Z. @param add adds an element of it */
function addBetween(
  slopes: TapeSlopes,
  form: PlacedForm,
  factor: number,
  rho: KnownBand,
  z: KnownBand,
  add: (into: SummedElement, rho: HermitianBand, z: HermitianBand, at: At) => void,
): void {
  addTrace(slopes, form, factor, rho.value.size, (ket, i, bra, j, sum, correction) => {
    const at = [ket, i, bra, j] as const;
    add(sum, rho.value, z.value, at);
    add(correction, rho.correction, z.value, at);
    add(correction, rho.value, z.correction, at);
  });
}

/** Adds those of factor · Tr[Z(−i)[H, ρ]] by the numbers of H. */
export function addHamiltonian(
  slopes: TapeSlopes,
  form: PlacedForm,
  factor: number,
  rho: KnownBand,
  z: KnownBand,
): void {
  addBetween(slopes, form, factor, rho, z, (into, r, w, at) => {
    const commutator = nothing();
    addProductAt(commutator, 1, w, r, at);
    addProductAt(commutator, -1, r, w, at);
    into.re -= commutator.im;
    into.im += commutator.re;
    into.size += commutator.size;
  });
}

/** The elements of a jump on a window, by the level that each leads from. */
class JumpElements {
  readonly #from: readonly Entry[][];
  readonly #to = new Map<number, Entry[]>();

  constructor(
    operator: Operator,
    private readonly states: number,
  ) {
    this.#from = Array.from({ length: operator.window.size }, () => []);
    eachElement(operator, ({ to, from, shift }, departure, re, im) => {
      const entry = { to, arrival: departure + shift, from, departure, re, im };
      this.#from[departure].push(entry);
      getOrInsert(this.#to, this.#key(to, entry.arrival), () => []).push(entry);
    });
  }

  #key(state: number, level: number): number {
    return level * this.states + state;
  }

  from(level: number): readonly Entry[] {
    return this.#from[level];
  }

  to(state: number, level: number): readonly Entry[] {
    return this.#to.get(this.#key(state, level)) ?? [];
  }
}

interface Entry {
  readonly to: number;
  readonly arrival: number;
  readonly from: number;
  readonly departure: number;
  readonly re: number;
  readonly im: number;
}

/** Adds factor · (u + iv)(re − i im) */
function addConjugated(
  sum: SummedElement,
  factor: number,
  [u, v]: readonly [number, number],
  { re, im }: Pick<Entry, 're' | 'im'>,
): void {
  sum.re += factor * (u * re + v * im);
  sum.im += factor * (v * re - u * im);
}

/** Adds ⟨ket, i|ρA†Z|bra, j⟩. */
function addReturned(
  sum: SummedElement,
  jump: JumpElements,
  r: HermitianBand,
  z: HermitianBand,
  [ket, i, bra, j]: At,
): void {
  const { size, reach } = r;
  const end = Math.min(size, i + reach + 1);
  for (let level = Math.max(0, i - reach); level < end; level++) {
    for (const entry of jump.from(level)) {
      if (!z.isWithin(entry.arrival, j)) continue;
      const p = r.place(ket, i, entry.from, level);
      const q = z.place(entry.to, entry.arrival, bra, j);
      const [a, b, c, d] = [r.re[p], r.im[p], z.re[q], z.im[q]];
      addConjugated(sum, 1, [a * c - b * d, a * d + b * c], entry);
      const size = (Math.abs(a) + Math.abs(b)) * (Math.abs(c) + Math.abs(d));
      sum.size += size * (Math.abs(entry.re) + Math.abs(entry.im));
    }
  }
}

/** Adds ⟨ket, i|ρA†|bra, j⟩. */
function addArriving(
  sum: SummedElement,
  jump: JumpElements,
  r: HermitianBand,
  [ket, i, bra, j]: At,
): void {
  for (const entry of jump.to(bra, j)) {
    if (!r.isWithin(i, entry.departure)) continue;
    const p = r.place(ket, i, entry.from, entry.departure);
    const [a, b] = [r.re[p], r.im[p]];
    addConjugated(sum, 1, [a, b], entry);
    sum.size += (Math.abs(a) + Math.abs(b)) * (Math.abs(entry.re) + Math.abs(entry.im));
  }
}

/** Adds ⟨ket, i|ρA†Z − MA†|bra, j⟩. */
function addJumpElement(
  sum: SummedElement,
  jump: JumpElements,
  r: HermitianBand,
  z: HermitianBand,
  at: At,
): void {
  addReturned(sum, jump, r, z, at);
  const [ket, i, bra, j] = at;
  for (const entry of jump.to(bra, j)) {
    const m = nothing();
    const before = [ket, i, entry.from, entry.departure] as const;
    addProductAt(m, 0.5, z, r, before);
    addProductAt(m, 0.5, r, z, before);
    addConjugated(sum, -1, [m.re, m.im], entry);
    sum.size += m.size * (Math.abs(entry.re) + Math.abs(entry.im));
  }
}

/** Adds those of factor · Tr[Z D[A]ρ] by the numbers of a jump A. @param operator the same as numbers */
export function addJump(
  slopes: TapeSlopes,
  form: PlacedForm,
  operator: Operator,
  factor: number,
  rho: KnownBand,
  z: KnownBand,
): void {
  const jump = new JumpElements(operator, rho.value.states);
  addBetween(slopes, form, 2 * factor, rho, z, (into, r, w, at) => {
    addJumpElement(into, jump, r, w, at);
  });
}

/**
 * Adds those of factor · Tr[Z AρA†] by the numbers of a jump A, of the elements of ρ and of Z as they are.
 * @param z null for 1
 * @param operator the same as numbers
 */
export function addSandwich(
  slopes: TapeSlopes,
  form: PlacedForm,
  operator: Operator,
  factor: number,
  rho: KnownBand,
  z: KnownBand | null,
): void {
  const jump = new JumpElements(operator, rho.value.states);
  if (z !== null) {
    addBetween(slopes, form, 2 * factor, rho, z, (into, r, w, at) => {
      addReturned(into, jump, r, w, at);
    });
    return;
  }
  addTrace(slopes, form, 2 * factor, rho.value.size, (ket, i, bra, j, sum, correction) => {
    addArriving(sum, jump, rho.value, [ket, i, bra, j]);
    addArriving(correction, jump, rho.correction, [ket, i, bra, j]);
  });
}
