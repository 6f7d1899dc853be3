/**
 * The steady state of the global master equation in a potential to more digits than float64 has: eigenstates of H by
 * Jacobi's rotations in 44 decimal digits, jumps between each two of them, and a float64 solution of the dense equations
 * refined by residuals in as many digits.
 */
import { Decimal as Base } from 'decimal.js';
import { type Dense, globalChannels, type Numbers, operators } from './dense.js';
import { denseSolver } from './denseThermodynamics.js';
import { exactDecimal } from './exactDecimal.js';

const Decimal = Base.clone({ precision: 44 });
type D = InstanceType<typeof Decimal>;
const d = (x: number) => exactDecimal(Decimal, x);
const ZERO = d(0);

/** A real square matrix by rows. */
type Rows = readonly D[][];

/** Σ factor · (real part, or imaginary one) of matrices whose numbers float64 holds exactly. */
const combination = (
  ...parts: readonly (readonly [m: Dense, factor: D, part?: 're' | 'im'])[]
): D[][] => {
  const [[{ n }]] = parts;
  return Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) =>
      parts.reduce((sum, [m, factor, part = 're']) => {
        const x = (part === 're' ? m.re : m.im)[i * n + j];
        return x === 0 ? sum : sum.plus(factor.times(x));
      }, ZERO),
    ),
  );
};

const transposed = (x: Rows): D[][] => x.map((_, i) => x.map((row) => row[i]));
const product = (x: Rows, y: Rows): D[][] =>
  x.map((row) => {
    const used = row.flatMap((a, k) => (a.isZero() ? [] : [k]));
    return y.map((_, j) => used.reduce((sum, k) => sum.plus(row[k].times(y[k][j])), ZERO));
  });
const plus = (x: Rows, y: Rows, factor: number): D[][] =>
  x.map((row, i) => row.map((a, j) => a.plus(y[i][j].times(factor))));

/** Eigenvalues of a symmetric matrix, and eigenvectors by columns. */
function eigenOf(h: Rows): { energies: D[]; vectors: D[][] } {
  const n = h.length;
  const a = h.map((row) => [...row]);
  const v = h.map((row, i) => row.map((_, j) => d(i === j ? 1 : 0)));
  const size = h.flat().reduce((most, x) => Decimal.max(most, x.abs()), ZERO);
  for (let sweep = 0; sweep < 40; sweep++) {
    let isDone = true;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (a[p][q].abs().lte(size.times('1e-43'))) continue;
        isDone = false;
        const theta = a[q][q].minus(a[p][p]).div(a[p][q].times(2));
        const t = d(theta.isNegative() ? -1 : 1).div(
          theta.abs().plus(theta.times(theta).plus(1).sqrt()),
        );
        const c = d(1).div(t.times(t).plus(1).sqrt());
        const s = t.times(c);
        const turn = (x: D, y: D): [D, D] => [
          c.times(x).minus(s.times(y)),
          s.times(x).plus(c.times(y)),
        ];
        for (let k = 0; k < n; k++) [a[k][p], a[k][q]] = turn(a[k][p], a[k][q]);
        for (let k = 0; k < n; k++) [a[p][k], a[q][k]] = turn(a[p][k], a[q][k]);
        for (let k = 0; k < n; k++) [v[k][p], v[k][q]] = turn(v[k][p], v[k][q]);
      }
    }
    if (isDone) return { energies: a.map((row, i) => row[i]), vectors: v };
  }
  throw new Error('the rotations do not converge');
}

export type PreciseNumbers = Readonly<Record<keyof Numbers, D>>;

export const precise = (p: Numbers): PreciseNumbers =>
  Object.fromEntries(
    Object.entries({ V2: 0, ...p }).map(([key, x]) => [key, d(x)]),
  ) as PreciseNumbers;

/** Rates between eigenstates, into each of a row from each of a column. */
function ratesOf(
  p: PreciseNumbers,
  cutoff: number,
  of: 1 | 2,
  lower: Rows,
  { energies, vectors }: ReturnType<typeof eigenOf>,
) {
  const beta = of === 1 ? p.beta1 : p.beta2;
  const share = of === 1 ? d(1).minus(p.chi) : d(1).plus(p.chi);
  const strength = p.g.times(share).pow(2);
  const element = product(transposed(vectors), product(lower, vectors));
  return energies.map((to, i) =>
    energies.map((from, j) => {
      const size = element[i][j].pow(2).plus(element[j][i].pow(2));
      if (i === j || size.isZero()) return ZERO;
      const gain = to.minus(from);
      const scaled = gain.div(cutoff);
      const density = strength.times(gain).div(scaled.times(scaled).plus(1));
      return size.times(density.div(beta.times(gain).exp().minus(1)));
    }),
  );
}

/** Heats of the qubits' baths and ⟨L_z⟩; a solver of the equations of a device beside it may be given. */
export function preciseEigenstates(
  p: PreciseNumbers,
  lmin: number,
  lmax: number,
  cutoff: number,
  solve: ReturnType<typeof denseSolver>,
) {
  const { z1, z2, lower1, lower2, Lz, shift, cos, sin } = operators(lmin, lmax);
  const mill = lower1.dagger().dot(lower2).dot(shift);
  const twice = shift.dot(shift);
  const one = d(1);
  const h = combination(
    ...([
      [z1, p.B1],
      [z2, p.B2],
      [Lz.dot(Lz), one.div(p.I.times(2))],
      [mill.plus(mill.dagger()), p.lambda],
      [cos, p.V],
      [twice.plus(twice.dagger()), p.V2.div(2)],
    ] as const),
  );
  const eigen = eigenOf(h);
  const { energies, vectors } = eigen;
  const back = transposed(vectors);
  const rates = [lower1, lower2].map((lower, k) =>
    ratesOf(p, cutoff, k === 0 ? 1 : 2, combination([lower, one]), eigen),
  );
  const a = p.betaR.div(p.I.times(4));
  const strength = p.I.times(2).times(p.gamma).div(p.betaR).sqrt();
  // cos φ − ia sin φ L is real, and sin φ + ia cos φ L is i times a real one.
  const load = [
    combination([cos, strength], [sin.dot(Lz), strength.times(a), 'im']),
    combination([sin, strength, 'im'], [cos.dot(Lz), strength.times(a)]),
  ].map((jump) => ({ jump, back: transposed(jump), rate: product(transposed(jump), jump) }));
  /** What the baths of the qubits do between eigenstates. */
  const between = (x: Rows, own: readonly Rows[]): Rows =>
    own.reduce<Rows>(
      (sum, w) => {
        const decay = w.map((_, j) => w.reduce((total, row) => total.plus(row[j]), ZERO));
        return sum.map((row, i) =>
          row.map((value, j) => {
            const less = value.minus(x[i][j].times(decay[i].plus(decay[j])).div(2));
            return i === j
              ? w[i].reduce((total, rate, f) => total.plus(rate.times(x[f][f])), less)
              : less;
          }),
        );
      },
      x.map((row) => row.map(() => ZERO)),
    );
  const dissipated = (x: Rows): D[][] => {
    const turned = product(back, product(x, vectors));
    let found = product(vectors, product(between(turned, rates), back));
    for (const { jump, back: dagger, rate } of load) {
      found = plus(found, product(jump, product(x, dagger)), 1);
      found = plus(plus(found, product(rate, x), -0.5), product(x, rate), -0.5);
    }
    return found;
  };
  const commutator = (x: Rows): D[][] => plus(product(h, x), product(x, h), -1);
  const n = h.length;
  let [re, im] = [0, 1].map(() => h.map((row) => row.map(() => ZERO)));
  for (let pass = 0; ; pass++) {
    const left = [
      plus(dissipated(re), commutator(im), 1),
      plus(dissipated(im), commutator(re), -1),
    ];
    const residual = new Float64Array(2 * n * n);
    left.forEach((part, k) => {
      part.forEach((row, i) => {
        row.forEach((value, j) => {
          residual[2 * (i * n + j) + k] = -value.toNumber();
        });
      });
    });
    const trace = re.reduce((sum, row, i) => sum.minus(row[i]), one);
    const correction = solve(residual, trace.toNumber());
    const half = correction.plus(correction.dagger()).times(0.5);
    re = plus(re, combination([half, one]), 1);
    im = plus(im, combination([half, one, 'im']), 1);
    if (correction.max() < 1e-36) break;
    if (pass > 20) throw new Error('the refinement of a dense solution does not converge');
  }
  const state = product(back, product(re, vectors));
  const heat = (own: Rows): D => {
    const change = between(state, [own]);
    return energies.reduce((sum, energy, i) => sum.plus(energy.times(change[i][i])), ZERO);
  };
  const levels = re.reduce((sum, row, i) => sum.plus(row[i].times(Lz.re[i * n + i])), ZERO);
  const gaps = energies.flatMap((x, i) => energies.slice(i + 1).map((y) => x.minus(y).abs()));
  const largest = energies.reduce((most, x) => Decimal.max(most, x.abs()), ZERO);
  return {
    'heat.Q1': heat(rates[0]),
    'heat.Q2': heat(rates[1]),
    'rotor.Lz': levels,
    nearest: Decimal.min(...gaps).div(largest),
  };
}

/** Derivatives by a parameter, and how near two energies are to one another. */
export function preciseSlopes(p: Numbers, lmin: number, lmax: number, cutoff: number) {
  const solve = denseSolver(globalChannels(p, lmin, lmax, cutoff).total);
  const at = (changed: Partial<PreciseNumbers>) =>
    preciseEigenstates({ ...precise(p), ...changed }, lmin, lmax, cutoff, solve);
  return {
    here: at({}),
    by: (name: keyof Numbers) => {
      const x = d(p[name] ?? 0);
      const step = x.abs().times(new Decimal(2).pow(-56));
      const [after, before] = [at({ [name]: x.plus(step) }), at({ [name]: x.minus(step) })];
      const slope = (of: 'heat.Q1' | 'heat.Q2' | 'rotor.Lz') =>
        after[of].minus(before[of]).div(step.times(2)).toNumber();
      return {
        'heat.Q1': slope('heat.Q1'),
        'heat.Q2': slope('heat.Q2'),
        'rotor.Lz': slope('rotor.Lz'),
      };
    },
  };
}
