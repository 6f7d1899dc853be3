/**
 * Observables of a dense density matrix, straight from the paper's equations, and functions of dense
 * Hermitian matrices. Nothing here uses the project's operators, generators or eigensolvers.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import {
  Dense,
  type DenseChannels,
  embedded,
  hamiltonians,
  hermitianEigenvalues,
  type Numbers,
  operators,
} from './dense.js';
import { denseFactors } from './denseLinear.js';

/** Re Tr[XY]. */
export function traceOfProduct(x: Dense, y: Dense): number {
  let total = 0;
  for (let i = 0; i < x.n; i++) {
    for (let j = 0; j < x.n; j++) {
      const a = i * x.n + j;
      const b = j * x.n + i;
      total += x.re[a] * y.re[b] - x.im[a] * y.im[b];
    }
  }
  return total;
}

/** Tr over the second factor of a matrix on C^outer ⊗ C^inner. */
export function traceOutInner(m: Dense, outer: number): Dense {
  const inner = m.n / outer;
  const reduced = new Dense(outer);
  for (let i = 0; i < outer; i++) {
    for (let j = 0; j < outer; j++) {
      for (let k = 0; k < inner; k++) {
        const at = (i * inner + k) * m.n + j * inner + k;
        reduced.re[i * outer + j] += m.re[at];
        reduced.im[i * outer + j] += m.im[at];
      }
    }
  }
  return reduced;
}

/** Tr over the first factor of a matrix on C^outer ⊗ C^inner. */
export function traceOutOuter(m: Dense, outer: number): Dense {
  const inner = m.n / outer;
  const reduced = new Dense(inner);
  for (let k = 0; k < outer; k++) {
    for (let i = 0; i < inner; i++) {
      for (let j = 0; j < inner; j++) {
        const at = (k * inner + i) * m.n + k * inner + j;
        reduced.re[i * inner + j] += m.re[at];
        reduced.im[i * inner + j] += m.im[at];
      }
    }
  }
  return reduced;
}

/** Eq. (35): the energy above that of the passive state. */
export function denseErgotropy(h: Dense, rho: Dense): number {
  const levels = hermitianEigenvalues(h);
  const populations = hermitianEigenvalues(rho).reverse();
  return traceOfProduct(h, rho) - levels.reduce((sum, e, i) => sum + e * populations[i], 0);
}

/** f(A) of a Hermitian A. */
export function hermitianFunction(a: Dense, f: (x: number) => number): Dense {
  const { n } = a;
  const found = new EigenvalueDecomposition(embedded(a), { assumeSymmetric: true });
  const v = found.eigenvectorMatrix;
  const result = v.mmul(Matrix.diag(found.realEigenvalues.map(f))).mmul(v.transpose());
  return Dense.from(n, (i, j) => [result.get(i, j), result.get(n + i, j)]);
}

/**
 * The ρ with Lρ = b and Tr ρ = t, by LU decomposition of the whole superoperator, for any b without trace
 * (interleaved) and any t.
 */
export function denseSolver(l: Dense): (b: Float64Array, t: number) => Dense {
  const n = Math.round(Math.sqrt(l.n));
  const system = l.times(1);
  // The equations of the populations sum to 0 = 0, so that the trace may stand in for one of them.
  for (let j = 0; j < l.n; j++) {
    system.re[j] = j % (n + 1) === 0 ? 1 : 0;
    system.im[j] = 0;
  }
  const solve = denseFactors(system);
  return (b, t) => {
    const right = b.slice();
    right.set([t, 0]);
    return Dense.ofVector(solve(right));
  };
}

/** What the project reports of a state, Eqs. (18)–(35), from dense matrices; local model. */
export function denseObservables(
  p: Numbers,
  lmin: number,
  lmax: number,
  channels: DenseChannels,
  rho: Dense,
) {
  const { lower1, lower2, Lz, shift, cos, sin } = operators(lmin, lmax);
  const h = hamiltonians(p, lmin, lmax);
  const v = rho.vector();
  const image = (channel: Dense) => Dense.ofVector(channel.apply(v));
  const by = {
    hamiltonian: image(channels.hamiltonian),
    bath1: image(channels.bath1),
    bath2: image(channels.bath2),
    load: image(channels.load),
  };
  const baths = by.bath1.plus(by.bath2);
  const dissipated = baths.plus(by.load);
  const derivative = by.hamiltonian.plus(dissipated);

  const bath = (lower: Dense, beta: number, field: number, g: number) => {
    const n = 1 / Math.expm1(2 * beta * field);
    const raise = lower.dagger();
    const down = traceOfProduct(lower.dot(raise), rho);
    const up = traceOfProduct(raise.dot(lower), rho);
    return {
      heat: 2 * field * g * g * (n * down - (n + 1) * up), // Eq. (19)
      width: g * g * (2 * n + 1),
    };
  };
  const bath1 = bath(lower1, p.beta1, p.B1, p.g * (1 - p.chi));
  const bath2 = bath(lower2, p.beta2, p.B2, p.g * (1 + p.chi));
  const free = h.qubit1.plus(h.qubit2).plus(h.kinetic);
  const mill = lower1.dagger().dot(lower2).dot(shift);
  const exchanged = traceOfProduct(mill, rho) + traceOfProduct(mill.dagger(), rho);
  const meanLz = traceOfProduct(Lz, rho);
  const qubits = traceOutInner(rho, 4);
  const rotor = traceOutOuter(rho, 4);
  const diagonal = (m: Dense) => Array.from({ length: m.n }, (_, i) => m.re[i * m.n + i]);
  const onQubits = Dense.from(4, (i, j) =>
    i === j ? p.B1 * (i >= 2 ? 1 : -1) + p.B2 * (i % 2 === 1 ? 1 : -1) : 0,
  );
  // Both are the identity on the qubits: a quarter of the trace over them.
  const onRotor = traceOutOuter(h.kinetic.plus(h.potential), 4).times(1 / 4);
  const WQ = -0.5 * p.lambda * (bath1.width + bath2.width) * exchanged; // Eq. (23)
  return {
    heat: { Q1: bath1.heat, Q2: bath2.heat, Qr: traceOfProduct(free, by.load) },
    work: {
      WQ,
      Wr: traceOfProduct(h.interaction, by.load),
      V: traceOfProduct(h.potential, dissipated),
      interaction: WQ,
    },
    rotor: {
      Lz: meanLz,
      Lz2: traceOfProduct(Lz.dot(Lz), rho),
      cos: traceOfProduct(cos, rho),
      sin: traceOfProduct(sin, rho),
      populations: diagonal(rotor),
    },
    qubits: { populations: diagonal(qubits) },
    power: {
      kinetic: traceOfProduct(h.kinetic, derivative),
      intrinsic: traceOfProduct(h.kinetic, by.hamiltonian),
      backAction: traceOfProduct(h.kinetic, dissipated),
      net: (meanLz * traceOfProduct(Lz, derivative)) / p.I,
    },
    ergotropy: {
      total: denseErgotropy(h.total, rho),
      qubits: denseErgotropy(onQubits, qubits),
      rotor: denseErgotropy(onRotor, rotor),
    },
  };
}
