/** One collision with dense matrices, straight from Eqs. (5)–(9), (18) and (22), by Kronecker products. */
import { Dense, hamiltonians, type Numbers, operators, symmetricEigen } from './dense.js';

export interface DenseCollision {
  readonly after: Dense;
  readonly Q1: number;
  readonly Q2: number;
  readonly WQ: number;
}

/** Tr over the last factor, of dimension m. */
function partialTrace(joint: Dense, m: number): Dense {
  return Dense.from(joint.n / m, (i, j) => {
    let [re, im] = [0, 0];
    for (let k = 0; k < m; k++) {
      const at = (i * m + k) * joint.n + j * m + k;
      re += joint.re[at];
      im += joint.im[at];
    }
    return [re, im];
  });
}

/** e^{−iHt} of a real symmetric matrix. */
function propagator(h: Dense, t: number): Dense {
  const { values, vectors } = symmetricEigen(h);
  return Dense.from(h.n, (i, j) => {
    let [re, im] = [0, 0];
    values.forEach((energy, k) => {
      re += vectors[k][i] * vectors[k][j] * Math.cos(energy * t);
      im -= vectors[k][i] * vectors[k][j] * Math.sin(energy * t);
    });
    return [re, im];
  });
}

/** The thermal weights of an oscillator's quanta, renormalised. */
function weightsOf(beta: number, field: number, nmax: number): number[] {
  const weights = Array.from({ length: nmax + 1 }, (_, k) => Math.exp(-2 * beta * field * k));
  const total = weights.reduce((sum, w) => sum + w, 0);
  return weights.map((w) => w / total);
}

/** H_B of both baths, H_S + H_B, and the unitary of a collision, on system ⊗ bath 1 ⊗ bath 2. */
function joint(
  p: Numbers,
  { lmin, lmax }: { lmin: number; lmax: number },
  nmax: number,
  tau: number,
) {
  const m = nmax + 1;
  const one = Dense.identity(m);
  const { lower1, lower2, dimension } = operators(lmin, lmax);
  const system = Dense.identity(dimension);
  const lower = Dense.from(m, (i, j) => (j === i + 1 ? Math.sqrt(j) : 0));
  const number = lower.dagger().dot(lower);
  const hs = hamiltonians(p, lmin, lmax).total.kron(one).kron(one);
  const hb1 = system
    .kron(number)
    .kron(one)
    .times(2 * p.B1);
  const hb2 = system
    .kron(one)
    .kron(number)
    .times(2 * p.B2);
  const first = lower1.kron(lower.dagger()).kron(one);
  const second = lower2.kron(one).kron(lower.dagger());
  const interaction = first
    .plus(first.dagger())
    .times(p.g * (1 - p.chi))
    .plus(second.plus(second.dagger()), p.g * (1 + p.chi));
  const free = hs.plus(hb1).plus(hb2);
  return { hb1, hb2, free, u: propagator(free.plus(interaction, 1 / Math.sqrt(tau)), tau) };
}

/** What one collision of duration tau makes of ρ, and the energies it brings in (per collision). */
export function denseCollision(
  p: Numbers,
  window: { lmin: number; lmax: number },
  nmax: number,
  tau: number,
  rho: Dense,
): DenseCollision {
  const m = nmax + 1;
  const { hb1, hb2, free, u } = joint(p, window, nmax, tau);
  const thermal = (beta: number, field: number) => {
    const weights = weightsOf(beta, field, nmax);
    return Dense.from(m, (i, j) => (i === j ? weights[i] : 0));
  };
  const before = rho.kron(thermal(p.beta1, p.B1)).kron(thermal(p.beta2, p.B2));
  const end = u.dot(before).dot(u.dagger());
  const change = end.plus(before, -1);
  return {
    after: partialTrace(end, m * m),
    Q1: -hb1.dot(change).trace()[0],
    Q2: -hb2.dot(change).trace()[0],
    WQ: free.dot(change).trace()[0],
  };
}

/** The same as a matrix on vec(ρ), by the Kraus operators √w_b ⟨a|U|b⟩. */
export function denseCollisionMap(
  p: Numbers,
  window: { lmin: number; lmax: number },
  nmax: number,
  tau: number,
): Dense {
  const m = nmax + 1;
  const { u } = joint(p, window, nmax, tau);
  const n = u.n / (m * m);
  const [first, second] = [weightsOf(p.beta1, p.B1, nmax), weightsOf(p.beta2, p.B2, nmax)];
  let map = new Dense(n * n);
  for (let a = 0; a < m * m; a++) {
    for (let b = 0; b < m * m; b++) {
      const kraus = Dense.from(n, (i, j) => {
        const at = (i * m * m + a) * u.n + j * m * m + b;
        return [u.re[at], u.im[at]];
      });
      map = map.plus(kraus.kron(kraus.conjugate()), first[Math.floor(b / m)] * second[b % m]);
    }
  }
  return map;
}
