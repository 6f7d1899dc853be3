/**
 * The global model's zero-charge steady state in many decimal digits: Eqs. (A1)–(A17) on matrices of the
 * truncated space, element by element.
 */
import { Decimal as Base } from 'decimal.js';
import type { Numbers } from '../support/dense.js';
import { exactDecimal } from '../support/exactDecimal.js';
import { type Decimals, solveDecimals } from './decimals.js';
import { type PreciseCounts, preciseCounting } from './preciseCounting.js';

const Decimal = Base.clone({ precision: 60 });
type D = InstanceType<typeof Decimal>;
const ZERO = new Decimal(0);

/** A real matrix by its elements that are not 0: row, then column. */
class Sparse {
  readonly rows = new Map<number, Map<number, D>>();
  add(row: number, column: number, value: D): void {
    const found = this.rows.get(row) ?? new Map<number, D>();
    const before = found.get(column);
    found.set(column, before === undefined ? value : before.plus(value));
    this.rows.set(row, found);
  }
  get transposed(): Sparse {
    const result = new Sparse();
    for (const [r, c, x] of this.elements()) result.add(c, r, x);
    return result;
  }
  *elements(): Generator<[number, number, D]> {
    for (const [r, row] of this.rows) for (const [c, x] of row) yield [r, c, x];
  }
  times(other: Sparse): Sparse {
    const result = new Sparse();
    for (const [r, k, x] of this.elements()) {
      for (const [c, y] of other.rows.get(k) ?? []) result.add(r, c, x.times(y));
    }
    return result;
  }
  scaled(factor: D): Sparse {
    const result = new Sparse();
    for (const [r, c, x] of this.elements()) result.add(r, c, x.times(factor));
    return result;
  }
  plus(other: Sparse): Sparse {
    const result = new Sparse();
    for (const all of [this, other]) for (const [r, c, x] of all.elements()) result.add(r, c, x);
    return result;
  }
  /** Tr[this · other]. */
  traceWith(other: Sparse): D {
    let total = ZERO;
    for (const [r, c, x] of this.elements()) {
      const y = other.rows.get(c)?.get(r);
      if (y !== undefined) total = total.plus(x.times(y));
    }
    return total;
  }
}

export interface HighPrecisionState {
  /** [s][l − lmin], s = 00, 01, 10, 11. */
  readonly populations: D[][];
  /** Re and Im of ⟨10, l + 1|ρ|01, l⟩. */
  readonly coherences: { readonly re: D[]; readonly im: D[] };
  readonly heat: { readonly Q1: D; readonly Q2: D; readonly Qr: D };
  readonly work: { readonly WQ: D; readonly Wr: D };
  /** The first cumulants of the quanta of the load. */
  counted(order?: number): PreciseCounts;
}

type Dissipator = (x: Sparse) => Sparse;

/** D[A] for a real A, which maps the two parts of ρ = X + iY alike. */
function dissipatorOf(a: Sparse): Dissipator {
  const { transposed } = a;
  const rate = transposed.times(a).scaled(new Decimal(-0.5));
  return (x) => a.times(x).times(transposed).plus(rate.times(x)).plus(x.times(rate));
}

/**
 * @param values with Ω, or else it is the largest Bohr frequency
 * @param digits more than the populations span decades
 */
export function highPrecisionGlobal(
  values: Numbers & { readonly Omega?: number },
  lmin: number,
  lmax: number,
  digits = 60,
): HighPrecisionState {
  Decimal.set({ precision: digits });
  const d = (x: number) => exactDecimal(Decimal, x);
  const size = lmax - lmin + 1;
  const at = (s: number, l: number) => s * size + l - lmin;
  const { B1, B2, I } = values;
  const [lambda, inertia] = [d(values.lambda), d(I)];
  const free = (s: number, l: number) =>
    d(B1)
      .times(s >= 2 ? 1 : -1)
      .plus(d(B2).times(s % 2 === 1 ? 1 : -1))
      .plus(d(l * l).div(inertia.times(2)));

  // Eigenstates: energy and amplitudes.
  const eigen: { energy: D; amplitudes: Map<number, D> }[] = [];
  const single = (s: number, l: number) =>
    eigen.push({ energy: free(s, l), amplitudes: new Map([[at(s, l), d(1)]]) });
  for (let l = lmin; l <= lmax; l++) {
    single(0, l);
    single(3, l);
    if (l === lmax) break;
    const half = free(2, l + 1)
      .minus(free(1, l))
      .div(2);
    const mean = free(2, l + 1)
      .plus(free(1, l))
      .div(2);
    const split = half.times(half).plus(lambda.times(lambda)).sqrt();
    for (const sign of [1, -1]) {
      // (half − ε)u + λv = 0 for the amplitudes u of |10, l+1⟩ and v of |01, l⟩.
      const u = lambda;
      const v = split.times(sign).minus(half);
      const norm = u.times(u).plus(v.times(v)).sqrt();
      eigen.push({
        energy: mean.plus(split.times(sign)),
        amplitudes: new Map([
          [at(2, l + 1), u.div(norm)],
          [at(1, l), v.div(norm)],
        ]),
      });
    }
  }
  single(2, lmin);
  single(1, lmax);

  // A_i(ω) of Eq. (A5), frequencies alike within the digits carried.
  const lowered = (qubit: 1 | 2) => {
    const bit = qubit === 1 ? 2 : 1;
    const byFrequency: { omega: D; a: Sparse }[] = [];
    for (const from of eigen) {
      for (const to of eigen) {
        let amplitude = ZERO;
        for (const [index, x] of from.amplitudes) {
          const s = Math.floor(index / size);
          const y = (s & bit) === 0 ? undefined : to.amplitudes.get(index - bit * size);
          if (y !== undefined) amplitude = amplitude.plus(x.times(y));
        }
        if (amplitude.isZero()) continue;
        const omega = from.energy.minus(to.energy);
        let group = byFrequency.find((g) => g.omega.minus(omega).abs().lt('1e-40'));
        if (group === undefined) {
          group = { omega, a: new Sparse() };
          byFrequency.push(group);
        }
        for (const [i, x] of from.amplitudes) {
          for (const [j, y] of to.amplitudes) group.a.add(j, i, amplitude.times(x).times(y));
        }
      }
    }
    return byFrequency;
  };
  const groups = { 1: lowered(1), 2: lowered(2) };
  let cutoff = Decimal.max(d(B1), d(B2)).times(2);
  for (const { omega } of [...groups[1], ...groups[2]]) cutoff = Decimal.max(cutoff, omega.abs());
  if (values.Omega !== undefined) cutoff = d(values.Omega);

  const bath = (qubit: 1 | 2, beta: number, coupling: D): Dissipator[] =>
    groups[qubit].flatMap(({ omega, a }) => {
      const size2 = omega.abs();
      const spectral = coupling.times(coupling).times(size2).div(omega.div(cutoff).pow(2).plus(1));
      const n = d(1).div(d(beta).times(size2).exp().minus(1));
      const [more, less] = [spectral.times(n.plus(1)).sqrt(), spectral.times(n).sqrt()];
      const [falls, rises] = omega.isNegative() ? [less, more] : [more, less];
      return [a.scaled(falls), a.transposed.scaled(rises)].map(dissipatorOf);
    });
  const g = d(values.g);
  const ratio = d(values.betaR).div(inertia.times(4));
  const amplitude = inertia.times(d(values.gamma)).div(d(values.betaR)).sqrt();
  const load = [new Sparse(), new Sparse()];
  const [hamiltonian, kinetic, interaction] = [new Sparse(), new Sparse(), new Sparse()];
  for (let s = 0; s < 4; s++) {
    for (let l = lmin; l <= lmax; l++) {
      hamiltonian.add(at(s, l), at(s, l), free(s, l));
      kinetic.add(at(s, l), at(s, l), d(l * l).div(inertia.times(2)));
      if (l < lmax)
        load[0].add(at(s, l + 1), at(s, l), amplitude.times(d(1).minus(ratio.times(l))));
      if (l > lmin) load[1].add(at(s, l - 1), at(s, l), amplitude.times(d(1).plus(ratio.times(l))));
    }
  }
  for (let l = lmin; l < lmax; l++) {
    interaction.add(at(2, l + 1), at(1, l), lambda);
    interaction.add(at(1, l), at(2, l + 1), lambda);
  }
  const total = hamiltonian.plus(interaction);
  const channels = {
    bath1: bath(1, values.beta1, g.times(d(1).minus(d(values.chi)))),
    bath2: bath(2, values.beta2, g.times(d(1).plus(d(values.chi)))),
    load: load.map(dissipatorOf),
  };

  // ρ = X + iY, X symmetric, Y antisymmetric; ρ̇ = [H, Y] + D X + i(−[H, X] + D Y).
  const through = (jumps: readonly Dissipator[], x: Sparse) =>
    jumps.map((dissipate) => dissipate(x)).reduce((total, one) => total.plus(one));
  const commutator = (x: Sparse) => total.times(x).plus(x.times(total).scaled(new Decimal(-1)));
  const all = [...channels.bath1, ...channels.bath2, ...channels.load];
  const unknowns: { ket: number; bra: number; part: 'x' | 'y' }[] = [];
  for (let i = 0; i < 4 * size; i++) unknowns.push({ ket: i, bra: i, part: 'x' });
  for (let l = lmin; l < lmax; l++) {
    for (const part of ['x', 'y'] as const)
      unknowns.push({ ket: at(2, l + 1), bra: at(1, l), part });
  }
  const matrixOf = ({ ket, bra, part }: (typeof unknowns)[number], value: D): Sparse => {
    const m = new Sparse();
    m.add(ket, bra, value);
    if (ket !== bra) m.add(bra, ket, part === 'x' ? value : value.neg());
    return m;
  };
  const system: Decimals = unknowns.map(() => unknowns.map(() => ZERO).concat(ZERO));
  unknowns.forEach((unknown, column) => {
    const m = matrixOf(unknown, new Decimal(1));
    const own = through(all, m);
    const turned = unknown.part === 'x' ? commutator(m).scaled(new Decimal(-1)) : commutator(m);
    unknowns.forEach(({ ket, bra, part }, row) => {
      const from = part === unknown.part ? own : turned;
      system[row][column] = from.rows.get(ket)?.get(bra) ?? ZERO;
    });
  });
  const generator = system.map((row) => [...row]);
  const jumpsOf = (a: Sparse): Decimals => {
    const matrix: Decimals = unknowns.map(() => unknowns.map(() => ZERO));
    unknowns.forEach((unknown, column) => {
      const image = a.times(matrixOf(unknown, new Decimal(1))).times(a.transposed);
      unknowns.forEach(({ ket, bra, part }, row) => {
        if (part === unknown.part) matrix[row][column] = image.rows.get(ket)?.get(bra) ?? ZERO;
      });
    });
    return matrix;
  };
  // The sum of all populations' equations is 0 = 0; the normalisation takes the place of one.
  system[0] = unknowns.map(({ ket, bra }) => (ket === bra ? d(1) : ZERO)).concat(d(1));
  const solution = solveDecimals(system);
  let x = new Sparse();
  unknowns.forEach((unknown, i) => {
    if (unknown.part === 'x') x = x.plus(matrixOf(unknown, solution[i]));
  });
  const gain = (energy: Sparse, jumps: readonly Dissipator[]) =>
    energy.traceWith(through(jumps, x));
  const pairs = solution.slice(4 * size);
  return {
    populations: [0, 1, 2, 3].map((s) =>
      Array.from({ length: size }, (_, i) => solution[s * size + i]),
    ),
    coherences: {
      re: pairs.filter((_, i) => i % 2 === 0),
      im: pairs.filter((_, i) => i % 2 === 1),
    },
    heat: {
      Q1: gain(total, channels.bath1),
      Q2: gain(total, channels.bath2),
      Qr: gain(kinetic, channels.load),
    },
    work: {
      WQ: gain(interaction, [...channels.bath1, ...channels.bath2]),
      Wr: gain(interaction, channels.load),
    },
    counted: (order) => {
      const [up, down] = load.map(jumpsOf);
      const isPopulation = unknowns.map(({ ket, bra }) => ket === bra);
      return preciseCounting(solution, { generator, isPopulation, up, down }, order);
    },
  };
}
