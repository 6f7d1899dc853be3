/**
 * The jumps of the global master equation, known as numbers: of a coupling A the parts Σ Π(ε′) A Π(ε) over all pairs of
 * energies with one difference ε′ − ε, each with the rate of that difference. The eigenstates are found block by block
 * of H. Breuer and Petruccione, The Theory of Open Quantum Systems, Sec. 3.3.1,
 * doi:10.1093/acprof:oso/9780199213900.001.0001.
 */
import { ONE, type Operator, type Transition } from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import { blockEigenvectors, hermitianBlocks } from '../state/hermitianBlocks.js';
import { matrixOf } from '../state/spectrum.js';
import { zeros } from '../zeros.js';

/**
 * Energies, and differences of them, within this share of the largest count as one: of eigenstates that are nearer, float64
 * does not tell one from the other.
 */
const SAME = 1e-9;
/** Elements within this share of the largest are rounding. */
const NOTHING = 1e-13;

/** A square complex matrix by rows. */
interface Dense {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

const dense = (order: number): Dense => ({
  re: new Float64Array(order ** 2),
  im: new Float64Array(order ** 2),
});

/** An operator between basis states, each at state · levels + level. */
function matrixIn({ window: { size }, transitions }: Operator, order: number): Dense {
  const matrix = dense(order);
  for (const { to, from, shift, coefficient, table } of transitions) {
    for (let l = Math.max(0, -shift); l < Math.min(size, size - shift); l++) {
      const [re, im] = table === null ? [1, 0] : [table.re[l], table.im?.[l] ?? 0];
      const at = (to * size + l + shift) * order + from * size + l;
      matrix.re[at] += coefficient.re * re - coefficient.im * im;
      matrix.im[at] += coefficient.re * im + coefficient.im * re;
    }
  }
  return matrix;
}

/** The largest magnitude of a real or an imaginary part. */
function largestOf({ re, im }: Dense): number {
  let most = 0;
  for (const part of [re, im]) for (const x of part) most = Math.max(most, Math.abs(x));
  return most;
}

/** factor · the operator of a matrix between basis states, but for what is rounding. */
function operatorOf(window: Window, states: number, matrix: Dense, factor: number): Operator {
  const { size } = window;
  const order = states * size;
  const least = NOTHING * largestOf(matrix);
  const transitions: Transition[] = [];
  for (let to = 0; to < states; to++) {
    for (let from = 0; from < states; from++) {
      for (let shift = 1 - size; shift < size; shift++) {
        const [re, im] = [zeros(size), zeros(size)];
        let [isSome, isReal] = [false, true];
        for (let l = Math.max(0, -shift); l < Math.min(size, size - shift); l++) {
          const at = (to * size + l + shift) * order + from * size + l;
          if (Math.hypot(matrix.re[at], matrix.im[at]) <= least) continue;
          isSome = true;
          isReal &&= matrix.im[at] === 0;
          re[l] = factor * matrix.re[at];
          im[l] = factor * matrix.im[at];
        }
        const table = { re, im: isReal ? null : im };
        if (isSome) transitions.push({ to, from, shift, coefficient: ONE, table });
      }
    }
  }
  return { window, transitions };
}

/** An eigenstate, by its amplitudes on the basis states that it has any on. */
interface Eigenstate {
  readonly energy: number;
  readonly at: readonly number[];
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** By block of H. */
const eigenstatesOf = (hamiltonian: Operator, states: number): Eigenstate[][] =>
  hermitianBlocks(matrixOf(hamiltonian, states)).map((block) =>
    blockEigenvectors(block).map(({ value, re, im }) => ({
      energy: value,
      at: block.members,
      re,
      im,
    })),
  );

/** Of what counts as one energy. */
const widthOf = (eigenstates: readonly Eigenstate[]): number =>
  SAME * eigenstates.reduce((most, { energy }) => Math.max(most, Math.abs(energy)), 0);

/** ⟨to|A|from⟩ */
function element(a: Dense, order: number, to: Eigenstate, from: Eigenstate): [number, number] {
  let [re, im] = [0, 0];
  to.at.forEach((row, i) => {
    let [u, v] = [0, 0];
    from.at.forEach((column, j) => {
      const at = row * order + column;
      u += a.re[at] * from.re[j] - a.im[at] * from.im[j];
      v += a.re[at] * from.im[j] + a.im[at] * from.re[j];
    });
    re += to.re[i] * u + to.im[i] * v;
    im += to.re[i] * v - to.im[i] * u;
  });
  return [re, im];
}

/** Adds (re + i im) |to⟩⟨from|. */
function addOuter(
  sum: Dense,
  order: number,
  { to, from, re, im }: Pick<Part, 'to' | 'from' | 're' | 'im'>,
): void {
  to.at.forEach((row, i) => {
    const u = re * to.re[i] - im * to.im[i];
    const v = re * to.im[i] + im * to.re[i];
    from.at.forEach((column, j) => {
      const at = row * order + column;
      sum.re[at] += u * from.re[j] + v * from.im[j];
      sum.im[at] += v * from.re[j] - u * from.im[j];
    });
  });
}

/** An element of a coupling between two eigenstates, and the energy that the machine gains by it. */
interface Part {
  readonly to: Eigenstate;
  readonly from: Eigenstate;
  readonly re: number;
  readonly im: number;
  readonly gain: number;
}

/** Numbers that are the same up to rounding, together. @param width of what counts as the same */
function groups<T>(all: readonly T[], value: (one: T) => number, width: number): T[][] {
  const found: T[][] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const one of [...all].sort((a, b) => value(a) - value(b))) {
    if (value(one) - before > width) found.push([]);
    found[found.length - 1].push(one);
    before = value(one);
  }
  return found;
}

/** The smallest difference of two energies that do not count as one, within a block of H; infinite where there is none. */
export function smallestGap(hamiltonian: Operator, states: number): number {
  const blocks = eigenstatesOf(hamiltonian, states);
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

const meanOf = (numbers: readonly number[]): number =>
  numbers.reduce((sum, x) => sum + x, 0) / numbers.length;

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
  const { window } = hamiltonian;
  const order = states * window.size;
  const a = matrixIn(coupling, order);
  const eigenstates = eigenstatesOf(hamiltonian, states).flat();
  const width = widthOf(eigenstates);
  const levels = groups(eigenstates, ({ energy }) => energy, width).map((members) => ({
    energy: meanOf(members.map(({ energy }) => energy)),
    members,
  }));
  const strength = largestOf(a);
  const parts = levels.flatMap((upper) =>
    levels.flatMap((lower): Part[] => {
      const gain = upper.energy - lower.energy;
      const elements = upper.members.flatMap((to) =>
        lower.members.map((from): Part => {
          const [re, im] = element(a, order, to, from);
          return { to, from, re, im, gain };
        }),
      );
      const most = elements.reduce((m, { re, im }) => Math.max(m, Math.hypot(re, im)), 0);
      return most <= NOTHING * strength ? [] : elements;
    }),
  );
  const jumps: Operator[] = [];
  for (const members of groups(parts, ({ gain }) => gain, width)) {
    const gain = meanOf(members.map((one) => one.gain));
    const found = rate(Math.abs(gain) <= width ? 0 : gain);
    if (found === null) return null;
    if (found === 0) continue;
    const total = dense(order);
    for (const part of members) addOuter(total, order, part);
    jumps.push(operatorOf(window, states, total, Math.sqrt(found)));
  }
  return jumps;
}
