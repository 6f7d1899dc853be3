/**
 * The steady state of the local master equation to more digits than float64 has: a float64 solution of the
 * dense equations, refined by residuals Lρ in 40 decimal digits of a Lindbladian built in as many.
 *
 * float64 alone leaves a steady state the rounding of the rates over the slowest of them, 1e-8 for hot baths
 * with a weak load: that of the numbers in L already.
 */
import { Decimal as Base } from 'decimal.js';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { Dense, localChannels, type Numbers, operators } from './dense.js';
import { denseSolver } from './denseThermodynamics.js';
import { exactDecimal } from './exactDecimal.js';

const Decimal = Base.clone({ precision: 40 });
type D = InstanceType<typeof Decimal>;
const d = (x: number) => exactDecimal(Decimal, x);

interface Entry {
  readonly i: number;
  readonly j: number;
  readonly re: D;
  readonly im: D;
}

/** A square matrix by its entries that are not 0. */
type Sparse = readonly Entry[];

/** Adds up entries at the same place. */
function collected(entries: Iterable<Entry>): Sparse {
  const places = new Map<string, Entry>();
  for (const entry of entries) {
    const key = `${entry.i} ${entry.j}`;
    const known = places.get(key);
    const sum = known && { ...entry, re: known.re.plus(entry.re), im: known.im.plus(entry.im) };
    places.set(key, sum ?? entry);
  }
  return [...places.values()].filter(({ re, im }) => !re.isZero() || !im.isZero());
}

/** Σ (re + i·im) M over matrices M whose numbers float64 holds exactly. */
function combination(...parts: readonly (readonly [m: Dense, re: D, im?: D])[]): Sparse {
  return collected(
    parts.flatMap(([m, re, im = d(0)]) =>
      Array.from(m.re, (_, at): Entry => {
        const [a, b] = [m.re[at], m.im[at]];
        const [i, j] = [Math.floor(at / m.n), at % m.n];
        return { i, j, re: re.times(a).minus(im.times(b)), im: re.times(b).plus(im.times(a)) };
      }),
    ),
  );
}

const dagger = (a: Sparse): Sparse =>
  a.map(({ i, j, re, im }) => ({ i: j, j: i, re, im: im.neg() }));
const scaled = (a: Sparse, factor: D): Sparse =>
  a.map(({ i, j, re, im }) => ({ i, j, re: re.times(factor), im: im.times(factor) }));

function product(a: Sparse, b: Sparse): Sparse {
  const rows = new Map<number, Entry[]>();
  for (const entry of b) rows.set(entry.i, [...(rows.get(entry.i) ?? []), entry]);
  return collected(
    a.flatMap(({ i, j: k, re, im }) =>
      (rows.get(k) ?? []).map((e) => ({
        i,
        j: e.j,
        re: re.times(e.re).minus(im.times(e.im)),
        im: re.times(e.im).plus(im.times(e.re)),
      })),
    ),
  );
}

/** Gρ + ρG† + Σ AρA†, as G and the As by bath, and the parts of H. */
function lindbladian(p: Numbers, lmin: number, lmax: number) {
  const { z1, z2, lower1, lower2, Lz, shift, cos, sin } = operators(lmin, lmax);
  const mill = lower1.dagger().dot(lower2).dot(shift);
  const [one, zero] = [d(1), d(0)];
  const twice = shift.dot(shift);
  const parts = {
    qubit1: combination([z1, d(p.B1)]),
    qubit2: combination([z2, d(p.B2)]),
    kinetic: combination([Lz.dot(Lz), one.div(d(p.I).times(2))]),
    interaction: combination([mill.plus(mill.dagger()), d(p.lambda)]),
    potential: combination([cos, d(p.V)], [twice.plus(twice.dagger()).times(0.5), d(p.V2 ?? 0)]),
    Lz: combination([Lz, one]),
  };
  const { Lz: _, ...energies } = parts;
  const hamiltonian = collected(Object.values(energies).flat());
  const thermal = (lower: Dense, beta: number, field: number, share: D) => {
    const n = one.div(d(2).times(d(beta)).times(d(field)).exp().minus(1));
    const coupling = d(p.g).times(share);
    return [
      combination([lower.dagger(), coupling.times(n.sqrt())]),
      combination([lower, coupling.times(n.plus(1).sqrt())]),
    ];
  };
  const a = d(p.betaR).div(d(4).times(d(p.I)));
  const load = d(2).times(d(p.I)).times(d(p.gamma)).div(d(p.betaR)).sqrt();
  const baths = {
    bath1: thermal(lower1, p.beta1, p.B1, one.minus(d(p.chi))),
    bath2: thermal(lower2, p.beta2, p.B2, one.plus(d(p.chi))),
    load: [
      scaled(combination([cos, one], [sin.dot(Lz), zero, a.neg()]), load),
      scaled(combination([sin, one], [cos.dot(Lz), zero, a]), load),
    ],
  };
  const jumps = Object.values(baths).flat();
  const decay = jumps.flatMap((jump) => scaled(product(dagger(jump), jump), d(-0.5)));
  const turning = hamiltonian.map(({ i, j, re, im }) => ({ i, j, re: im, im: re.neg() }));
  return { g: collected([...turning, ...decay]), jumps, baths, parts, hamiltonian };
}

/**
 * The ρ with Lρ = 0 and Tr ρ = 1, right to rounding.
 * @throws where the corrections do not get smaller
 */
export const preciseFixedPoint = (p: Numbers, lmin: number, lmax: number): Dense =>
  denseOf(refined(p, lmin, lmax, 1e-20), 4 * (lmax - lmin + 1));

/** Flows and means of the same, to about 30 digits beside the largest of each. */
export function preciseMeans(p: Numbers, lmin: number, lmax: number): Readonly<Record<string, D>> {
  const { baths, parts, hamiltonian } = lindbladian(p, lmin, lmax);
  const rho = refined(p, lmin, lmax, 1e-33);
  const real = (x: Sparse, y: Sparse): D => {
    const at = new Map(y.map((entry) => [`${entry.i} ${entry.j}`, entry]));
    return x.reduce((sum, { i, j, re, im }) => {
      const other = at.get(`${j} ${i}`);
      return other === undefined ? sum : sum.plus(re.times(other.re)).minus(im.times(other.im));
    }, d(0));
  };
  const image = (jumps: readonly Sparse[]): Sparse =>
    collected(
      jumps.flatMap((jump) => {
        const half = scaled(product(product(dagger(jump), jump), rho), d(-0.5));
        return [...product(product(jump, rho), dagger(jump)), ...half, ...dagger(half)];
      }),
    );
  const [first, second, load] = [baths.bath1, baths.bath2, baths.load].map(image);
  const both = collected([...first, ...second]);
  const { qubit1, qubit2, kinetic, interaction, potential, Lz } = parts;
  const free = collected([...qubit1, ...qubit2, ...kinetic]);
  const turned = product(hamiltonian, rho).map(({ i, j, re, im }) => ({
    ...{ i, j },
    ...{ re: im, im: re.neg() },
  }));
  return {
    ...{ 'heat.Q1': real(free, first), 'heat.Q2': real(free, second), 'heat.Qr': real(free, load) },
    ...{ 'work.WQ': real(interaction, both), 'work.Wr': real(interaction, load) },
    'work.V': real(potential, both).plus(real(potential, load)),
    'power.intrinsic': real(kinetic, collected([...turned, ...dagger(turned)])),
    ...{ 'rotor.Lz': real(Lz, rho), 'rotor.Lz2': real(product(Lz, Lz), rho) },
    ...{ 'energy.interaction': real(interaction, rho), 'energy.potential': real(potential, rho) },
  };
}

/** Refines the X of a trace with LX = b, Hermitian, in as many digits. @throws where corrections do not get smaller */
function refinedIn(
  { g, jumps }: Pick<ReturnType<typeof lindbladian>, 'g' | 'jumps'>,
  solve: ReturnType<typeof denseSolver>,
  n: number,
  b: Sparse,
  wanted: D,
  enough: number,
): Sparse {
  let x: Sparse = [];
  let trace = wanted;
  for (let pass = 0; pass < 12; pass++) {
    const oneSide = product(g, x);
    const image = collected([
      ...oneSide,
      ...dagger(oneSide),
      ...jumps.flatMap((jump) => product(product(jump, x), dagger(jump))),
      ...scaled(b, d(-1)),
    ]);
    const residual = new Float64Array(2 * n * n);
    for (const { i, j, re, im } of image) {
      residual[2 * (i * n + j)] = -re.toNumber();
      residual[2 * (i * n + j) + 1] = -im.toNumber();
    }
    const correction = solve(residual, trace.toNumber());
    // Hermitian, as Gρ + (Gρ)† takes it to be.
    const half = correction.plus(correction.dagger()).times(0.5);
    x = collected([...x, ...combination([half, d(1)])]);
    trace = x.reduce((rest, { i, j, re }) => (i === j ? rest.minus(re) : rest), wanted);
    if (correction.max() < enough) return x;
  }
  throw new Error('the refinement of a dense solution does not converge');
}

const refined = (p: Numbers, lmin: number, lmax: number, enough: number): Sparse =>
  refinedIn(
    lindbladian(p, lmin, lmax),
    denseSolver(localChannels(p, lmin, lmax).total),
    4 * (lmax - lmin + 1),
    [],
    d(1),
    enough,
  );

const traceOf = (x: Sparse): D =>
  x.reduce((sum, { i, j, re }) => (i === j ? sum.plus(re) : sum), d(0));

/**
 * What the load's quanta vary by, and the entropy that all baths produce, to about 30 digits; and the state.
 *
 * The noise is ⟨1|J''|ρ⟩ − 2⟨1|J'|R⟩ with 𝓛R = (J' − ⟨J'⟩)ρ, of the load's two jumps that change l by one. A qubit's
 * bath leaves e^{−βBσ^z} alone, and the load the populations that balance each of its moves.
 */
export function preciseFluctuations(p: Numbers, lmin: number, lmax: number) {
  const equation = lindbladian(p, lmin, lmax);
  const { baths, parts } = equation;
  const n = 4 * (lmax - lmin + 1);
  const solve = denseSolver(localChannels(p, lmin, lmax).total);
  const rho = refinedIn(equation, solve, n, [], d(1), 1e-33);
  const [cosine, sine] = baths.load;
  const root = d(2).sqrt();
  const turned = sine.map(({ i, j, re, im }) => ({ i, j, re: im.neg(), im: re }));
  const [up, down] = [1, -1].map((sign) =>
    scaled(collected([...cosine, ...scaled(turned, d(sign))]), d(1).div(root)),
  );
  const moved = (x: Sparse, sign: number) =>
    collected([
      ...product(product(up, x), dagger(up)),
      ...scaled(product(product(down, x), dagger(down)), d(sign)),
    ]);
  const current = traceOf(moved(rho, -1));
  const taken = collected([...moved(rho, -1), ...scaled(rho, current.neg())]);
  const response = refinedIn(equation, solve, n, taken, d(0), 1e-31);
  const activity = traceOf(moved(rho, 1));
  const noise = activity.minus(traceOf(moved(response, -1)).times(2));

  const heat = (jumps: readonly Sparse[], energy: Sparse): D =>
    jumps.reduce((sum, jump) => {
      const half = product(product(dagger(jump), jump), rho);
      const change = collected([
        ...product(product(jump, rho), dagger(jump)),
        ...scaled(half, d(-0.5)),
        ...scaled(dagger(half), d(-0.5)),
      ]);
      return sum.plus(traceOf(product(energy, change)));
    }, d(0));
  let entropy = heat(baths.bath1, parts.qubit1).times(d(-p.beta1));
  entropy = entropy.minus(heat(baths.bath2, parts.qubit2).times(d(p.beta2)));
  const at = new Map(rho.map((entry) => [`${entry.i} ${entry.j}`, entry.re]));
  const rates = (jump: Sparse) =>
    new Map(jump.map(({ i, j, re, im }) => [`${i} ${j}`, re.times(re).plus(im.times(im))]));
  const [forward, back] = [rates(up), rates(down)];
  for (const [key, rate] of forward) {
    const [to, from] = key.split(' ');
    const reverse = back.get(`${from} ${to}`) ?? d(0);
    const population = (place: string) => at.get(`${place} ${place}`) ?? d(0);
    const flow = rate.times(population(from)).minus(reverse.times(population(to)));
    entropy = entropy.plus(flow.times(rate.div(reverse).ln()));
  }
  return { current, noise, entropy, activity, rho };
}

/** The quantum Fisher information of a state by how it changes from one to another beside it, `apart` from it. */
export function preciseInformation(
  { rho }: { readonly rho: Sparse },
  [after, before]: readonly [{ readonly rho: Sparse }, { readonly rho: Sparse }],
  apart: number,
  n: number,
): number {
  const change = scaled(
    collected([...after.rho, ...scaled(before.rho, d(-1))]),
    d(1).div(d(apart)),
  );
  const embedded = (a: Sparse) => {
    const matrix = Matrix.zeros(2 * n, 2 * n);
    for (const { i, j, re, im } of a) {
      matrix.set(i, j, re.toNumber());
      matrix.set(n + i, n + j, re.toNumber());
      matrix.set(i, n + j, -im.toNumber());
      matrix.set(n + i, j, im.toNumber());
    }
    return matrix;
  };
  const { realEigenvalues: w, eigenvectorMatrix: v } = new EigenvalueDecomposition(embedded(rho), {
    assumeSymmetric: true,
  });
  const x = v.transpose().mmul(embedded(change)).mmul(v);
  // Every eigenvalue is there twice.
  return w.reduce(
    (sum, a, i) => sum + w.reduce((own, b, j) => own + x.get(i, j) ** 2 / (a + b), 0),
    0,
  );
}

/**
 * How far the fixed point may move where each number in L is rounded, element by element at most: the largest answer
 * −L⁻¹ δL ρ to eight errors δL ρ of the largest size there is, |L| |ρ| eps, with signs that have no pattern.
 */
export function roundingOf(p: Numbers, lmin: number, lmax: number, rho: Dense): number {
  const { total } = localChannels(p, lmin, lmax);
  const solve = denseSolver(total);
  const state = rho.vector();
  const size = total.n;
  const errors = Array.from({ length: size }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < size; j++) {
      const at = i * size + j;
      sum += Math.hypot(total.re[at], total.im[at]) * Math.hypot(state[2 * j], state[2 * j + 1]);
    }
    return sum * Number.EPSILON;
  });
  const answers = Array.from({ length: 8 }, (_, sample) => {
    const signs = errors.map(
      (error, i) => error * Math.sign(Math.sin((i + 1) * (sample + 1) ** 2)),
    );
    return solve(Float64Array.from(signs.flatMap((error) => [error, 0])), 0).max();
  });
  return Math.max(...answers);
}

function denseOf(a: Sparse, n: number): Dense {
  const m = new Dense(n);
  for (const { i, j, re, im } of a) {
    m.re[i * n + j] = re.toNumber();
    m.im[i * n + j] = im.toNumber();
  }
  return m;
}
