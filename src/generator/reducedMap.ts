/**
 * The map of a system's density matrix that a unitary on system and environment leaves behind,
 * ρ ↦ Tr_E[U (ρ ⊗ ρ_E) U†], for a diagonal ρ_E and a U in blocks of conserved charges.
 *
 * In a block, qubits and rotor level fix the environment's state. So an element of ρ between states x and
 * y of a ket's and a bra's block goes to every element between x' and y' of the same two blocks whose
 * environments agree, with the factor weight · U_{x'x} · conj(V_{y'y}).
 */

import {
  type Complex,
  ONE,
  type Operator,
  QUBIT_STATES,
  type Table,
  type Transition,
} from '../operators/operator.js';
import type { SparseSymmetric } from '../operators/sparseSymmetric.js';
import type { Window } from '../operators/window.js';
import { zeros } from '../zeros.js';
import { type ClassName, type DiagonalClass, type Space, spaceOf } from './classes.js';
import type { Coupling, Generator } from './generator.js';

/** A block's states and its unitary; see JointBlock and Unitary for their parts. */
export interface UnitaryBlock {
  readonly states: {
    readonly size: number;
    readonly qubits: Int32Array;
    readonly levels: Int32Array;
    readonly weights: Float64Array;
    readonly find: (qubits: number, level: number) => number;
  };
  readonly unitary: {
    readonly phase: number;
    readonly re: Float64Array;
    readonly im: Float64Array;
    readonly first: Int32Array;
    readonly end: Int32Array;
  };
}

/** What is this small changes no digit of a density matrix. */
const NEGLIGIBLE = 1e-22;

/** An element of ρ in a pair of blocks. */
interface Element {
  readonly x: number;
  readonly y: number;
  readonly class: number;
  readonly level: number;
  readonly weight: number;
}

function elementsOf({ classes }: Space, ket: UnitaryBlock, bra: UnitaryBlock): Element[] {
  const { size, qubits, levels, weights } = ket.states;
  const found: Element[] = [];
  for (let x = 0; x < size; x++) {
    for (let c = 0; c < classes.length; c++) {
      if (classes[c].ket !== qubits[x]) continue;
      const y = bra.states.find(classes[c].bra, levels[x] - classes[c].delta);
      if (y < 0) continue;
      found.push({ x, y, class: c, level: levels[x], weight: weights[x] });
    }
  }
  return found;
}

/** Gathers a map on a space, one pair of blocks after the other. */
export class ReducedMap {
  /** By target class, source class and shift of l: complex numbers by the ket's level. */
  private readonly tables: Table[][] = [];

  constructor(private readonly space: Space) {}

  /**
   * Adds what a pair of blocks does. Their environments must agree wherever `space` has a class.
   */
  add(ket: UnitaryBlock, bra: UnitaryBlock): void {
    const { size: n } = ket.states;
    const { size: m } = bra.states;
    const u = ket.unitary;
    const v = bra.unitary;
    const angle = u.phase - v.phase;
    const [cosine, sine] = [Math.cos(angle), -Math.sin(angle)];
    const elements = elementsOf(this.space, ket, bra);
    for (const target of elements) {
      for (const source of elements) {
        const { x, y, weight } = source;
        if (x < u.first[target.x] || x >= u.end[target.x]) continue;
        if (y < v.first[target.y] || y >= v.end[target.y]) continue;
        const a = target.x * n + x;
        const b = target.y * m + y;
        const re = weight * (u.re[a] * v.re[b] + u.im[a] * v.im[b]);
        const im = weight * (u.im[a] * v.re[b] - u.re[a] * v.im[b]);
        const table = this.table(target.class, source.class, target.level - source.level);
        table.re[source.level] += cosine * re - sine * im;
        if (table.im !== null) table.im[source.level] += cosine * im + sine * re;
      }
    }
  }

  private table(target: number, source: number, shift: number): Table {
    const { classes, window } = this.space;
    const at = target * classes.length + source;
    this.tables[at] ??= [];
    const row = this.tables[at];
    row[shift + window.size] ??= { re: zeros(window.size), im: zeros(window.size) };
    return row[shift + window.size];
  }

  /** The map, in the form of every generator. */
  generator(): Generator {
    const { classes, window } = this.space;
    const couplings: Coupling[] = [];
    this.tables.forEach((row, at) => {
      const targetClass = Math.floor(at / classes.length);
      const sourceClass = at % classes.length;
      row.forEach(({ re, im }, place) => {
        const shift = place - window.size;
        const matters = (part: Float64Array | null) =>
          part?.some((value) => Math.abs(value) > NEGLIGIBLE) ?? false;
        const complex = matters(im);
        if (!complex && !matters(re)) return;
        const [source, target] = [classes[sourceClass], classes[targetClass]];
        const ket: Table = { re, im: complex ? im : null };
        const coupling = shiftCoupling(source, target, shift, ket);
        couplings.push({ sourceClass, targetClass, ...coupling });
      });
    });
    return { space: this.space, couplings };
  }
}

/** The coupling of the elements of one class to those of another whose ket is `shift` levels higher. */
export function shiftCoupling(
  source: DiagonalClass,
  target: DiagonalClass,
  shift: number,
  ket: Table,
): Omit<Coupling, 'sourceClass' | 'targetClass'> {
  const begin = Math.max(source.first, target.first - shift);
  const end = Math.min(source.first + source.length, target.first + target.length - shift);
  return {
    source: source.offset + begin - source.first,
    target: target.offset + begin + shift - target.first,
    count: end - begin,
    coefficient: ONE,
    ket,
    ketStart: begin,
    bra: null,
    braStart: 0,
  };
}

/**
 * Gathers the system operators X with Tr[Xρ] = Tr[O (U (ρ ⊗ ρ_E) U† − ρ ⊗ ρ_E)]: what the unitary adds to
 * the expectations of operators O that conserve the charges. On a sector that holds the populations.
 */
export class ReducedDifferences {
  /** By operator and class of the space: complex numbers by the ket's level. */
  private readonly tables: { re: Float64Array; im: Float64Array }[][];

  constructor(
    private readonly space: Space,
    count: number,
  ) {
    const { size } = space.window;
    this.tables = Array.from({ length: count }, () =>
      space.classes.map(() => ({ re: zeros(size), im: zeros(size) })),
    );
  }

  /** Adds what a block does; the operators in the same order each time. */
  add(block: UnitaryBlock, operators: readonly SparseSymmetric[]): void {
    for (const element of elementsOf(this.space, block, block)) {
      operators.forEach((operator, at) => {
        const { re, im } = difference(block, element, operator);
        const table = this.tables[at][element.class];
        table.re[element.level] += element.weight * re;
        table.im[element.level] += element.weight * im;
      });
    }
  }

  operators(): Operator[] {
    const { classes, window } = this.space;
    return this.tables.map((tables) => ({
      window,
      transitions: classes.map(
        ({ ket, bra, delta }, at): Transition => ({
          to: bra,
          from: ket,
          shift: -delta,
          coefficient: ONE,
          table: tables[at],
        }),
      ),
    }));
  }
}

/** ⟨y|U†OU − O|x⟩ */
function difference(
  { states: { size: n }, unitary: { re, im, first, end } }: UnitaryBlock,
  { x, y }: Element,
  { diagonal, couplings }: SparseSymmetric,
): Complex {
  let sumRe = 0;
  let sumIm = 0;
  const [low, high] = [Math.min(x, y), Math.max(x, y)];
  for (let i = 0; i < n; i++) {
    if (low < first[i] || high >= end[i]) continue;
    const a = i * n + x;
    const b = i * n + y;
    // Columns of a unitary are orthonormal: subtracting O_xx takes off what was there before.
    const value = diagonal[i] - diagonal[x];
    sumRe += value * (re[a] * re[b] + im[a] * im[b]);
    sumIm += value * (im[a] * re[b] - re[a] * im[b]);
  }
  for (const { i, j, value } of couplings) {
    if (low >= Math.max(end[i], end[j]) || high < Math.min(first[i], first[j])) continue;
    const [ix, jx, iy, jy] = [i * n + x, j * n + x, i * n + y, j * n + y];
    sumRe += value * (re[ix] * re[jy] + im[ix] * im[jy] + re[jx] * re[iy] + im[jx] * im[iy]);
    sumIm += value * (im[ix] * re[jy] - re[ix] * im[jy] + im[jx] * re[iy] - re[jx] * im[iy]);
    if (i === low && j === high) sumRe -= value;
  }
  return { re: sumRe, im: sumIm };
}

/** The classes of one pair of charges: n1 + n2 and n2 + l, of the ket less those of the bra. */
export function chargeSector(window: Window, qubitCharge: number, levelCharge: number): Space {
  const names: ClassName[] = [];
  for (let ket = 0; ket < QUBIT_STATES; ket++) {
    for (let bra = 0; bra < QUBIT_STATES; bra++) {
      const charge = (q: number) => (q >> 1) + (q & 1);
      if (charge(ket) - charge(bra) !== qubitCharge) continue;
      const delta = levelCharge - ((ket & 1) - (bra & 1));
      if (Math.abs(delta) < window.size) names.push({ ket, bra, delta });
    }
  }
  return spaceOf({ states: QUBIT_STATES, window }, names);
}
