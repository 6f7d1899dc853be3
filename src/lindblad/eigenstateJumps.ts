/**
 * The jumps of the global master equation, known as numbers: of a coupling A the parts Σ Π(ε′) A Π(ε) over all pairs of
 * energies with one difference ε′ − ε, each with the rate of that difference. The eigenstates are found block by block
 * of H. Breuer and Petruccione, The Theory of Open Quantum Systems, Sec. 3.3.1,
 * doi:10.1093/acprof:oso/9780199213900.001.0001.
 */
import { OpenSystemError } from '../generator/checkedSystem.js';
import {
  type Complex,
  eachElement,
  ONE,
  type Operator,
  type Transition,
} from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import { disturbance } from '../solve/disturbance.js';
import {
  blockEigenvectors,
  type HermitianBlock,
  hermitianBlocks,
} from '../state/hermitianBlocks.js';
import { matrixOf } from '../state/spectrum.js';
import { zeros } from '../zeros.js';
import { MOST_ELEMENTS } from './mostEigenstates.js';

/**
 * Energies, and differences of them, within this share of the largest count as one: of eigenstates that are nearer, float64
 * does not tell one from the other.
 */
const SAME = 1e-9;
/** Elements within this share of the largest are rounding. */
const NOTHING = 1e-13;

/** An eigenstate, by its amplitudes on the basis states of its block of H. */
export interface Eigenstate {
  readonly energy: number;
  readonly at: readonly number[];
  readonly re: Float64Array;
  readonly im: Float64Array;
}

const blocksOf = (hamiltonian: Operator, states: number): HermitianBlock[] =>
  hermitianBlocks(matrixOf(hamiltonian, states));

const eigenstatesOf = (block: HermitianBlock): Eigenstate[] =>
  blockEigenvectors(block).map(({ value, re, im }) => ({
    energy: value,
    at: block.members,
    re,
    im,
  }));

/** Of what counts as one energy. */
const widthOf = (eigenstates: readonly Eigenstate[]): number =>
  SAME * eigenstates.reduce((most, { energy }) => Math.max(most, Math.abs(energy)), 0);

/** Whether a Hamiltonian's eigenstates are more than jumps are made between. */
export function hasManyEigenstates(hamiltonian: Operator, states: number): boolean {
  const orders = blocksOf(hamiltonian, states).map(({ members }) => members.length);
  const count = states * hamiltonian.window.size;
  const largest = orders.reduce((most, order) => Math.max(most, order), 0);
  return count * largest ** 3 > MOST_ELEMENTS;
}

/** The smallest difference of two energies that do not count as one, within a block of H; infinite where there is none. */
export function smallestGap(hamiltonian: Operator, states: number): number {
  const blocks = blocksOf(hamiltonian, states).map(eigenstatesOf);
  const width = widthOf(blocks.flat());
  let least = Number.POSITIVE_INFINITY;
  for (const block of blocks) {
    const energies = block.map(({ energy }) => energy).sort((a, b) => a - b);
    energies.slice(1).forEach((energy, i) => {
      const gap = energy - energies[i];
      if (gap > width) least = Math.min(least, gap);
    });
  }
  return least;
}

/** Elements of a coupling between two blocks of H, by rows of the first and columns of the second. */
interface Between {
  readonly to: number;
  readonly from: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Those that are not 0 throughout. */
function betweenBlocks(coupling: Operator, blocks: readonly HermitianBlock[]): Between[] {
  const places = new Map<number, { readonly block: number; readonly place: number }>();
  blocks.forEach(({ members }, block) => {
    members.forEach((member, place) => {
      places.set(member, { block, place });
    });
  });
  const found = new Map<number, Between>();
  const { size } = coupling.window;
  eachElement(coupling, (transition, level, re, im) => {
    const row = transition.to * size + level + transition.shift;
    const column = transition.from * size + level;
    const [to, from] = [row, column].map((at) => places.get(at)) as [Place, Place];
    const key = to.block * blocks.length + from.block;
    let between = found.get(key);
    if (between === undefined) {
      const length = blocks[to.block].members.length * blocks[from.block].members.length;
      const [zeroRe, zeroIm] = [new Float64Array(length), new Float64Array(length)];
      between = { to: to.block, from: from.block, re: zeroRe, im: zeroIm };
      found.set(key, between);
    }
    const at = to.place * blocks[from.block].members.length + from.place;
    between.re[at] += re;
    between.im[at] += im;
  });
  return [...found.values()];
}

type Place = { readonly block: number; readonly place: number };

/** ⟨to|A|from⟩ */
function element({ re, im }: Between, to: Eigenstate, from: Eigenstate): Complex {
  const columns = from.at.length;
  let [x, y] = [0, 0];
  for (let i = 0; i < to.at.length; i++) {
    let [u, v] = [0, 0];
    for (let j = 0; j < columns; j++) {
      const at = i * columns + j;
      u += re[at] * from.re[j] - im[at] * from.im[j];
      v += re[at] * from.im[j] + im[at] * from.re[j];
    }
    x += to.re[i] * u + to.im[i] * v;
    y += to.re[i] * v - to.im[i] * u;
  }
  return { re: x, im: y };
}

/** What a coupling does between two eigenstates, and the energy that the machine gains by it. */
interface Part {
  readonly to: Eigenstate;
  readonly from: Eigenstate;
  readonly value: Complex;
  readonly gain: number;
}

/** √rate · Σ value |to⟩⟨from|, but for what is rounding. */
export function operatorOf(window: Window, parts: readonly Part[], rate: number): Operator {
  const { size } = window;
  const moves = new Map<string, Pick<Transition, 'to' | 'from' | 'shift'> & { table: Filled }>();
  for (const { to, from, value } of parts) {
    to.at.forEach((row, i) => {
      const u = value.re * to.re[i] - value.im * to.im[i];
      const v = value.re * to.im[i] + value.im * to.re[i];
      from.at.forEach((column, j) => {
        const [after, before] = [Math.floor(row / size), Math.floor(column / size)];
        const shift = (row % size) - (column % size);
        const name = `${after} ${before} ${shift}`;
        let move = moves.get(name);
        if (move === undefined) {
          const table = { re: zeros(size), im: zeros(size) };
          move = { to: after, from: before, shift, table };
          moves.set(name, move);
        }
        move.table.re[column % size] += u * from.re[j] + v * from.im[j];
        move.table.im[column % size] += v * from.re[j] - u * from.im[j];
      });
    });
  }
  const all = [...moves.values()];
  const largest = all.reduce((most, { table }) => Math.max(most, largestOf(table)), 0);
  const least = NOTHING * largest;
  const root = Math.sqrt(rate);
  const transitions = all.flatMap(({ table, ...move }): Transition[] => {
    if (largestOf(table) <= least) return [];
    for (let l = 0; l < size; l++) {
      const isLeft = Math.hypot(table.re[l], table.im[l]) <= least;
      table.re[l] *= isLeft ? 0 : root;
      table.im[l] *= isLeft ? 0 : root;
    }
    const { re, im } = table;
    // Of one level a number says it all.
    if (size === 1) return [{ ...move, coefficient: { re: re[0], im: im[0] }, table: null }];
    return [{ ...move, coefficient: ONE, table: { re, im: im.every((x) => x === 0) ? null : im } }];
  });
  return { window, transitions };
}

type Filled = { readonly re: Float64Array; readonly im: Float64Array };

/** The largest magnitude of a number of a table. */
function largestOf({ re, im }: Filled): number {
  let most = 0;
  for (let i = 0; i < re.length; i++) most = Math.max(most, Math.hypot(re[i], im[i]));
  return most;
}

/**
 * Energies, or what is gained of them, that are the same up to rounding, together.
 * @param width of what counts as the same
 * @throws {OpenSystemError} where one overflows
 */
function groups<T>(all: readonly T[], value: (one: T) => number, width: number): T[][] {
  const found: T[][] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const one of [...all].sort((a, b) => value(a) - value(b))) {
    if (!Number.isFinite(value(one))) {
      throw new OpenSystemError(
        'hamiltonian: its energies, or differences of them, are not finite',
      );
    }
    if (value(one) - before > width) found.push([]);
    found[found.length - 1].push(one);
    before = value(one);
  }
  return found;
}

const meanOf = (numbers: readonly number[]): number =>
  numbers.reduce((sum, x) => sum + x, 0) / numbers.length;

/** The parts of a coupling that change the energy by as much. */
export interface EqualGains {
  readonly gain: number;
  readonly members: readonly Part[];
}

/**
 * Eigenstates beside those that are found, as rounding may have left these.
 * @param width of what counts as one energy
 * @param which of several cases
 */
function disturbed(blocks: readonly Eigenstate[][], width: number, which: number): Eigenstate[][] {
  const size = (Number.EPSILON / SAME) * width;
  let next = which * blocks.reduce((sum, own) => sum + own.length ** 2, 0);
  return blocks.map((own) => {
    const moved = own.map(({ energy, at, re, im }) => ({
      ...{ energy: energy + size * disturbance(next++), at, re: re.slice(), im: im.slice() },
    }));
    const add = (a: number, b: number, turn: number) => {
      for (let i = 0; i < moved[a].re.length; i++) {
        moved[a].re[i] += turn * own[b].re[i];
        moved[a].im[i] += turn * own[b].im[i];
      }
    };
    for (let a = 0; a < own.length; a++) {
      for (let b = 0; b < a; b++) {
        const apart = own[a].energy - own[b].energy;
        if (Math.abs(apart) <= width) continue;
        const turn = (size * disturbance(next++)) / apart;
        add(a, b, turn);
        add(b, a, -turn);
      }
    }
    return moved;
  });
}

/** The eigenstates of a Hamiltonian, and what couplings do between them. */
export class Eigenstates {
  readonly all: readonly Eigenstate[];
  /** Of what counts as one energy. */
  readonly width: number;
  /** Those of one energy together. */
  readonly levels: readonly (readonly Eigenstate[])[];
  readonly #blocks: readonly HermitianBlock[];
  readonly #byBlock: readonly (readonly Eigenstate[])[];
  readonly #energies = new Map<Eigenstate, number>();

  /** @param which case of what an eigensolver may be off by, as if at random; null for none */
  constructor(hamiltonian: Operator, states: number, which: number | null = null) {
    this.#blocks = blocksOf(hamiltonian, states);
    const found = this.#blocks.map(eigenstatesOf);
    this.width = widthOf(found.flat());
    this.#byBlock = which === null ? found : disturbed(found, this.width, which);
    this.all = this.#byBlock.flat();
    this.levels = groups(this.all, ({ energy }) => energy, this.width);
    for (const members of this.levels) {
      const energy = meanOf(members.map((one) => one.energy));
      for (const one of members) this.#energies.set(one, energy);
    }
  }

  /** What a coupling does, by the energy that the machine gains, but for what is rounding. */
  parts(coupling: Operator): EqualGains[] {
    const between = betweenBlocks(coupling, this.#blocks);
    const strength = between.reduce((most, one) => Math.max(most, largestOf(one)), 0);
    const parts = between.flatMap((one) =>
      this.#byBlock[one.to].flatMap((to) =>
        this.#byBlock[one.from].flatMap((from): Part[] => {
          const value = element(one, to, from);
          const isNothing = Math.hypot(value.re, value.im) <= NOTHING * strength;
          return isNothing ? [] : [{ to, from, value, gain: this.gainOf(to, from) }];
        }),
      ),
    );
    return groups(parts, ({ gain }) => gain, this.width).map((members) => {
      const gain = meanOf(members.map((one) => one.gain));
      return { gain: Math.abs(gain) <= this.width ? 0 : gain, members };
    });
  }

  /** The energy of one less that of another. */
  gainOf(to: Eigenstate, from: Eigenstate): number {
    return (this.#energies.get(to) as number) - (this.#energies.get(from) as number);
  }
}

/**
 * @param rate of what brings an energy into the machine, 0 for what changes none; null where that has no rate
 * @returns null where a part of the coupling has no rate
 */
export function eigenstateJumps(
  hamiltonian: Operator,
  coupling: Operator,
  states: number,
  rate: (gain: number) => number | null,
): Operator[] | null {
  const jumps: Operator[] = [];
  for (const { gain, members } of new Eigenstates(hamiltonian, states).parts(coupling)) {
    const found = rate(gain);
    if (found === null) return null;
    if (found > 0) jumps.push(operatorOf(hamiltonian.window, members, found));
  }
  return jumps;
}
