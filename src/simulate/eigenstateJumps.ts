/**
 * The jumps of the global master equation of a machine without a ladder: of a coupling A the parts Σ Π(ε′) A Π(ε) over
 * all pairs of energies with one difference ε′ − ε, each with the rate of that difference.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Operator, Transition } from '../operators/operator.js';

/** Energies, and differences of them, within this share of the largest count as one. */
const SAME = 1e-9;
/** Elements within this share of the largest are rounding. */
const NOTHING = 1e-13;

/** A complex matrix A + iB as the real one [[A, −B], [B, A]], which products keep. */
function realForm({ transitions }: Operator, states: number): Matrix {
  const found = Matrix.zeros(2 * states, 2 * states);
  for (const { to, from, coefficient, table } of transitions) {
    const [re, im] = table === null ? [1, 0] : [table.re[0], table.im?.[0] ?? 0];
    const a = coefficient.re * re - coefficient.im * im;
    const b = coefficient.re * im + coefficient.im * re;
    found.set(to, from, found.get(to, from) + a);
    found.set(states + to, states + from, found.get(states + to, states + from) + a);
    found.set(states + to, from, found.get(states + to, from) + b);
    found.set(to, states + from, found.get(to, states + from) - b);
  }
  return found;
}

function operatorOf(window: Operator['window'], real: Matrix, states: number): Operator {
  const transitions: Transition[] = [];
  const least = NOTHING * Math.max(real.max(), -real.min());
  for (let to = 0; to < states; to++) {
    for (let from = 0; from < states; from++) {
      const coefficient = { re: real.get(to, from), im: real.get(states + to, from) };
      if (Math.hypot(coefficient.re, coefficient.im) <= least) continue;
      transitions.push({ to, from, shift: 0, coefficient, table: null });
    }
  }
  return { window, transitions };
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

/**
 * @param rate of what brings an energy into the machine
 * @returns null where a part of the coupling changes no energy, so that no spectrum gives it a rate
 */
export function eigenstateJumps(
  hamiltonian: Operator,
  coupling: Operator,
  states: number,
  rate: (gain: number) => number,
): Operator[] | null {
  const { window } = hamiltonian;
  const h = realForm(hamiltonian, states);
  const a = realForm(coupling, states);
  const found = new EigenvalueDecomposition(h, { assumeSymmetric: true });
  const vectors = found.eigenvectorMatrix;
  const energies = found.realEigenvalues;
  const largest = Math.max(...energies.map(Math.abs));
  const width = SAME * largest;
  const all = energies.map((energy, k) => ({ energy, k }));
  const levels = groups(all, ({ energy }) => energy, width).map((members) => {
    const own = vectors.subMatrixColumn(members.map(({ k }) => k));
    return {
      energy: members.reduce((sum, { energy }) => sum + energy, 0) / members.length,
      // The space of an energy in the real form is that of the complex one, each vector twice.
      projector: own.mmul(own.transpose()),
    };
  });
  const strength = Math.max(a.max(), -a.min());
  const parts = levels.flatMap((to) =>
    levels.flatMap((from) => {
      const part = to.projector.mmul(a).mmul(from.projector);
      const most = Math.max(part.max(), -part.min());
      return most <= NOTHING * strength ? [] : [{ gain: to.energy - from.energy, part }];
    }),
  );
  if (parts.some(({ gain }) => Math.abs(gain) <= width)) return null;
  return groups(parts, ({ gain }) => gain, width).map((members) => {
    const gain = members.reduce((sum, one) => sum + one.gain, 0) / members.length;
    const total = Matrix.zeros(2 * states, 2 * states);
    for (const { part } of members) total.add(part);
    return operatorOf(window, total.mul(Math.sqrt(rate(gain))), states);
  });
}
