/**
 * An open system on state vectors: the effective Hamiltonian H − (i/2)Σ_j A_j†A_j in its invariant blocks,
 * and the jump operators A_j entry by entry.
 *
 * The component |s, l⟩, s the state of the subsystems, is at s·N + l − lmin.
 */
import { getOrInsert, groupBy } from '../maps.js';
import type { Jumps } from '../operators/jumps.js';
import type { OpenSystem } from '../operators/openSystem.js';
import { eachElement, type Operator } from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import { DisjointSets } from './disjointSets.js';

/** One entry of one jump operator: ⟨target|A|source⟩. */
interface Entry {
  readonly source: number;
  readonly target: number;
  readonly re: number;
  readonly im: number;
}

/** A jump operator, and the bath it belongs to, by its place in the system's order. */
interface Jump {
  readonly bath: number;
  readonly entries: readonly Entry[];
}

/**
 * Every jump operator's entries, by source. Entries of one operator with one target share a slot, in which
 * the amplitude of A ψ on that target adds up.
 */
export interface JumpTable {
  /** The entries of source c are at starts[c] … starts[c + 1] − 1. */
  readonly starts: Int32Array;
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly slots: Int32Array;
  /** By slot: the operator, the target, the bath, and the energy that a jump brings in from the bath. */
  readonly operators: Int32Array;
  readonly targets: Int32Array;
  readonly baths: Uint8Array;
  readonly energies: Float64Array;
}

/** A sparse complex matrix by rows: those of row i at starts[i] … starts[i + 1] − 1. */
export interface SparseMatrix {
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export interface KetSystem {
  readonly window: Window;
  readonly dimension: number;
  /** −iH − ½Σ_j A_j†A_j */
  readonly generator: SparseMatrix;
  /** The invariant blocks of it, by their components, and the block of each component. */
  readonly blocks: readonly Int32Array[];
  readonly blockOf: Int32Array;
  readonly jumps: JumpTable;
  /** The names of the baths, in the order that numbers them. */
  readonly baths: readonly string[];
}

/** The entries ⟨target|X|source⟩ of an operator that are not 0. */
export function entriesOf(operator: Operator): Entry[] {
  const { size } = operator.window;
  const entries: Entry[] = [];
  eachElement(operator, ({ to, from, shift }, level, re, im) => {
    entries.push({ source: from * size + level, target: to * size + level + shift, re, im });
  });
  return entries;
}

/** The same by where each leads, and from where. */
export const entriesByPlace = (operator: Operator): Map<string, Entry> =>
  new Map(entriesOf(operator).map((entry) => [`${entry.target} ${entry.source}`, entry]));

function jumpsOf({ size }: Window, bath: number, { operators, resolved }: Jumps): Jump[] {
  const jumps: Jump[] = operators.map((operator) => ({ bath, entries: entriesOf(operator) }));
  for (const { parts } of resolved) {
    for (let s = 0; s < parts[0].amplitudes.length; s++) {
      for (let k = 0; k < size; k++) {
        const entries = parts.flatMap(({ to, from, departure, arrival, sign, amplitudes }) => {
          const re = sign * amplitudes[s][k];
          if (re === 0) return [];
          return [
            { source: from * size + k + departure, target: to * size + k + arrival, re, im: 0 },
          ];
        });
        jumps.push({ bath, entries });
      }
    }
  }
  return jumps.filter(({ entries }) => entries.length > 0);
}

/** A sparse matrix that entries are added to. */
class Accumulator {
  private readonly rows: Map<number, { re: number; im: number }>[];
  constructor(size: number) {
    this.rows = Array.from({ length: size }, () => new Map());
  }

  add(row: number, column: number, re: number, im: number): void {
    const found = this.rows[row].get(column);
    if (found === undefined) {
      this.rows[row].set(column, { re, im });
    } else {
      found.re += re;
      found.im += im;
    }
  }

  get(row: number, column: number): { re: number; im: number } {
    return this.rows[row].get(column) ?? { re: 0, im: 0 };
  }

  matrix(): SparseMatrix {
    const starts = new Int32Array(this.rows.length + 1);
    this.rows.forEach((row, i) => {
      starts[i + 1] = starts[i] + row.size;
    });
    const entries = this.rows.flatMap((row) => [...row]);
    return {
      starts,
      columns: Int32Array.from(entries, ([column]) => column),
      re: Float64Array.from(entries, ([, { re }]) => re),
      im: Float64Array.from(entries, ([, { im }]) => im),
    };
  }
}

function matrixOf(dimension: number, operator: Operator): Accumulator {
  const matrix = new Accumulator(dimension);
  for (const { source, target, re, im } of entriesOf(operator)) matrix.add(target, source, re, im);
  return matrix;
}

/** The ε with [H, A] = εA: what a jump adds to the energy H. */
function quantum(hamiltonian: Accumulator, entries: readonly Entry[]): number {
  const bySource = groupBy(entries, ({ source }) => source);
  const byTarget = groupBy(entries, ({ target }) => target);
  let gain = 0;
  let weight = 0;
  for (const { source, target, re, im } of entries) {
    weight += re * re + im * im;
    // Re conj(A_e) A_other h
    const add = (other: Entry, h: { re: number; im: number }, sign: number) => {
      const [a, b] = [re * other.re + im * other.im, re * other.im - im * other.re];
      gain += sign * (a * h.re - b * h.im);
    };
    for (const other of bySource.get(source) ?? []) {
      add(other, hamiltonian.get(target, other.target), 1);
    }
    for (const other of byTarget.get(target) ?? []) {
      add(other, hamiltonian.get(other.source, source), -1);
    }
  }
  return gain / weight;
}

/** The invariant blocks of a matrix: the components that its entries connect. */
function blocksOf({ starts, columns }: SparseMatrix): Pick<KetSystem, 'blocks' | 'blockOf'> {
  const size = starts.length - 1;
  const sets = new DisjointSets(size);
  for (let i = 0; i < size; i++) {
    for (let e = starts[i]; e < starts[i + 1]; e++) sets.join(i, columns[e]);
  }
  const blocks = Array.from(sets.members().values(), (members) => Int32Array.from(members));
  const blockOf = new Int32Array(size);
  blocks.forEach((members, block) => {
    for (const c of members) blockOf[c] = block;
  });
  return { blocks, blockOf };
}

function jumpTable(dimension: number, jumps: readonly Jump[], energyOf: EnergyOf): JumpTable {
  const slots: { operator: number; target: number; bath: number; energy: number }[] = [];
  const bySource: { slot: number; re: number; im: number }[][] = Array.from(
    { length: dimension },
    () => [],
  );
  jumps.forEach(({ bath, entries }, operator) => {
    const slotOf = new Map<number, number>();
    const energy = energyOf(bath, entries);
    for (const entry of entries) {
      const { source, target, re, im } = entry;
      const newSlot = () => slots.push({ operator, target, bath, energy: energy(entry) }) - 1;
      const slot = getOrInsert(slotOf, target, newSlot);
      bySource[source].push({ slot, re, im });
    }
  });
  const starts = new Int32Array(dimension + 1);
  bySource.forEach((entries, c) => {
    starts[c + 1] = starts[c] + entries.length;
  });
  const entries = bySource.flat();
  return {
    starts,
    re: Float64Array.from(entries, ({ re }) => re),
    im: Float64Array.from(entries, ({ im }) => im),
    slots: Int32Array.from(entries, ({ slot }) => slot),
    operators: Int32Array.from(slots, ({ operator }) => operator),
    targets: Int32Array.from(slots, ({ target }) => target),
    baths: Uint8Array.from(slots, ({ bath }) => bath),
    energies: Float64Array.from(slots, ({ energy }) => energy),
  };
}

/** The energy that a jump of an operator brings in, entry by entry. */
type EnergyOf = (bath: number, entries: readonly Entry[]) => (entry: Entry) => number;

/** In a diagonal energy a jump's gain is its entry's own; in another it is the operator's quantum. */
function gains(dimension: number, energies: readonly Operator[]): EnergyOf {
  const matrices = energies.map((energy) => {
    const diagonal = energy.transitions.every(({ to, from, shift }) => to === from && shift === 0);
    return { matrix: matrixOf(dimension, energy), diagonal };
  });
  return (bath, entries) => {
    const { matrix, diagonal } = matrices[bath];
    if (diagonal) {
      return ({ source, target }) => matrix.get(target, target).re - matrix.get(source, source).re;
    }
    const epsilon = quantum(matrix, entries);
    return () => epsilon;
  };
}

/**
 * An open system on state vectors.
 * @param energies by bath, the energy that its jumps are counted in: diagonal, or one of which each of its
 * jump operators is an eigenoperator, [H, A] = εA
 */
export function ketSystem<B extends string>(
  { states, window, hamiltonian, jumps: ofBaths }: OpenSystem<B>,
  energies: Readonly<Record<B, Operator>>,
): KetSystem {
  const dimension = states * window.size;
  const baths = Object.keys(ofBaths) as B[];
  const jumps = baths.flatMap((bath, b) => jumpsOf(window, b, ofBaths[bath]));
  const generator = new Accumulator(dimension);
  for (let c = 0; c < dimension; c++) generator.add(c, c, 0, 0);
  for (const { source, target, re, im } of entriesOf(hamiltonian)) {
    generator.add(target, source, im, -re);
  }
  for (const { entries } of jumps) {
    for (const same of groupBy(entries, ({ target }) => target).values()) {
      for (const bra of same) {
        for (const ket of same) {
          // −½ conj(A_{target, bra}) A_{target, ket}
          generator.add(
            bra.source,
            ket.source,
            -0.5 * (bra.re * ket.re + bra.im * ket.im),
            -0.5 * (bra.re * ket.im - bra.im * ket.re),
          );
        }
      }
    }
  }
  const matrix = generator.matrix();
  return {
    window,
    dimension,
    generator: matrix,
    ...blocksOf(matrix),
    jumps: jumpTable(
      dimension,
      jumps,
      gains(
        dimension,
        baths.map((bath) => energies[bath]),
      ),
    ),
    baths,
  };
}
