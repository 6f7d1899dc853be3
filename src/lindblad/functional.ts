/** Operators, ready for their means to be read off the elements of states. */
import { isZero } from '../machine/expression.js';
import type { OperatorForm } from '../machine/operatorForm.js';
import type { Range } from '../machine/range.js';
import type { Place, Tape } from '../machine/tape.js';
import type { Window } from '../operators/window.js';

/** Elements of a state with their errors, by the level of the ket less the window's lowest. */
export interface ElementReader {
  readonly window: Window;
  /**
   * ⟨ket, l|ρ|bra, l + apart⟩.
   * @returns null where the state has no such elements
   */
  read(ket: number, bra: number, apart: number): ElementTable | null;
  /** Populations of each level, whatever the other subsystems are in, where they are read faster than by elements. */
  levels?(): Float64Array;
  /**
   * What populations may be off by, relative to themselves, at its most, where it is read faster than by elements.
   * @param faintest populations below it do not count
   */
  populationError?(faintest: number): number;
  /**
   * The elements that `read` gives, real and imaginary parts in turn, into an array where they are read faster so.
   * @param at where the first of the window goes that is there; what is behind the last stays as it is
   */
  put?(ket: number, bra: number, apart: number, out: Float64Array, at: number): void;
}

export interface ElementTable {
  readonly re: Float64Array;
  /** Null where they are real. */
  readonly im: Float64Array | null;
  /** How far each real part may be off. */
  readonly error: Float64Array;
  /** The same of imaginary parts, which may be much smaller or larger; null where they are real. */
  readonly imError: Float64Array | null;
}

/** Unknowns of a sector, and what each may be off by. */
export interface Unknowns {
  readonly x: Float64Array;
  readonly errors: Float64Array;
}

/** A Hermitian operator, ready for its mean to be read off states. */
export type Functional = readonly {
  readonly ket: number;
  readonly bra: number;
  readonly apart: number;
  readonly range: Range;
  readonly re: Place | null;
  readonly im: Place | null;
}[];

export const functionalOf = (tape: Tape, form: OperatorForm): Functional =>
  form.map(({ to, from, shift, range, f }) => ({
    ket: from,
    bra: to,
    apart: shift,
    range,
    re: isZero(f.re) ? null : tape.place(f.re),
    im: isZero(f.im) ? null : tape.place(f.im),
  }));

/** Bare states, or the eigenstates that the sector was solved in. */
export type Representation = 'bare' | 'eigen';
