/**
 * Quantum mechanics with dense matrices, straight from the paper's equations: the independent route against
 * which the project's own is held. Nothing here uses the project's operators or generators.
 *
 * Basis |n1, n2, l⟩ at ((2·n1 + n2)·N + l − lmin); vec(ρ) by rows, so that AρB ↦ (A ⊗ Bᵀ) vec(ρ).
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

export class Dense {
  readonly re: Float64Array;
  readonly im: Float64Array;
  constructor(readonly n: number) {
    this.re = new Float64Array(n * n);
    this.im = new Float64Array(n * n);
  }

  static from(n: number, entry: (i: number, j: number) => number | [number, number]): Dense {
    const m = new Dense(n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const value = entry(i, j);
        [m.re[i * n + j], m.im[i * n + j]] = typeof value === 'number' ? [value, 0] : value;
      }
    }
    return m;
  }

  static identity(n: number): Dense {
    return Dense.from(n, (i, j) => (i === j ? 1 : 0));
  }

  plus(other: Dense, re = 1, im = 0): Dense {
    const result = new Dense(this.n);
    for (let at = 0; at < this.re.length; at++) {
      result.re[at] = this.re[at] + re * other.re[at] - im * other.im[at];
      result.im[at] = this.im[at] + re * other.im[at] + im * other.re[at];
    }
    return result;
  }

  times(re: number, im = 0): Dense {
    return new Dense(this.n).plus(this, re, im);
  }

  dot(other: Dense): Dense {
    const { n } = this;
    const result = new Dense(n);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < n; k++) {
        const a = this.re[i * n + k];
        const b = this.im[i * n + k];
        if (a === 0 && b === 0) continue;
        for (let j = 0; j < n; j++) {
          const c = other.re[k * n + j];
          const d = other.im[k * n + j];
          result.re[i * n + j] += a * c - b * d;
          result.im[i * n + j] += a * d + b * c;
        }
      }
    }
    return result;
  }

  transpose(): Dense {
    const { n } = this;
    const result = new Dense(n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        result.re[i * n + j] = this.re[j * n + i];
        result.im[i * n + j] = this.im[j * n + i];
      }
    }
    return result;
  }

  conjugate(): Dense {
    const result = new Dense(this.n);
    result.re.set(this.re);
    for (let at = 0; at < this.im.length; at++) result.im[at] = -this.im[at];
    return result;
  }

  dagger(): Dense {
    return this.transpose().conjugate();
  }

  kron(other: Dense): Dense {
    const [n, m] = [this.n, other.n];
    const result = new Dense(n * m);
    // Most entries are 0, of superoperators nearly all.
    for (let at = 0; at < n * n; at++) {
      const [a, b] = [this.re[at], this.im[at]];
      if (a === 0 && b === 0) continue;
      const corner = Math.floor(at / n) * m * n * m + (at % n) * m;
      for (let inner = 0; inner < m * m; inner++) {
        const [c, d] = [other.re[inner], other.im[inner]];
        const entry = corner + Math.floor(inner / m) * n * m + (inner % m);
        result.re[entry] = a * c - b * d;
        result.im[entry] = a * d + b * c;
      }
    }
    return result;
  }

  trace(): [number, number] {
    let re = 0;
    let im = 0;
    for (let i = 0; i < this.n; i++) {
      re += this.re[i * this.n + i];
      im += this.im[i * this.n + i];
    }
    return [re, im];
  }

  /** The largest |entry|. */
  max(): number {
    let largest = 0;
    for (let i = 0; i < this.re.length; i++) {
      largest = Math.max(largest, Math.hypot(this.re[i], this.im[i]));
    }
    return largest;
  }

  /** vec(·), interleaved. */
  vector(): Float64Array {
    const v = new Float64Array(2 * this.re.length);
    for (let i = 0; i < this.re.length; i++) {
      v[2 * i] = this.re[i];
      v[2 * i + 1] = this.im[i];
    }
    return v;
  }

  static ofVector(v: Float64Array): Dense {
    const n = Math.round(Math.sqrt(v.length / 2));
    return Dense.from(n, (i, j) => [v[2 * (i * n + j)], v[2 * (i * n + j) + 1]]);
  }

  apply(v: Float64Array): Float64Array {
    const { n } = this;
    const y = new Float64Array(2 * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const a = this.re[i * n + j];
        const b = this.im[i * n + j];
        if (a === 0 && b === 0) continue;
        y[2 * i] += a * v[2 * j] - b * v[2 * j + 1];
        y[2 * i + 1] += a * v[2 * j + 1] + b * v[2 * j];
      }
    }
    return y;
  }
}

/** Eigenvalues (rising) and, as columns, eigenvectors of a real symmetric matrix. */
export function symmetricEigen(h: Dense): { values: number[]; vectors: number[][] } {
  const found = coupledStates(h).flatMap((states) => {
    const block = new Matrix(states.length, states.length);
    states.forEach((i, row) => {
      states.forEach((j, column) => void block.set(row, column, h.re[i * h.n + j]));
    });
    const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(block, {
      assumeSymmetric: true,
    });
    return realEigenvalues.map((value, k) => {
      const vector = new Array<number>(h.n).fill(0);
      states.forEach((i, row) => {
        vector[i] = eigenvectorMatrix.get(row, k);
      });
      return { value, vector };
    });
  });
  found.sort((a, b) => a.value - b.value);
  return { values: found.map(({ value }) => value), vectors: found.map(({ vector }) => vector) };
}

/**
 * Sets of states of which none has an element with another: rounding would mix eigenvectors of two sets by eps over the
 * distance of their eigenvalues.
 */
function coupledStates({ n, re }: Dense): readonly number[][] {
  const setOf = new Int32Array(n).fill(-1);
  const sets: number[][] = [];
  for (let start = 0; start < n; start++) {
    if (setOf[start] >= 0) continue;
    const states = [start];
    setOf[start] = sets.length;
    for (const i of states) {
      for (let j = 0; j < n; j++) {
        if (setOf[j] >= 0 || re[i * n + j] === 0) continue;
        setOf[j] = sets.length;
        states.push(j);
      }
    }
    sets.push(states);
  }
  return sets;
}

/**
 * [[A, −B], [B, A]] of a Hermitian A + iB, whose eigenvalues are the same, each twice. Elements of which float64 has no
 * squares beside those of the largest are 0: the library's decomposition divides by what is left of them.
 */
export function embedded(h: Dense): Matrix {
  const { n } = h;
  const least = 1e-150 * h.max();
  const kept = (x: number) => (Math.abs(x) > least ? x : 0);
  const doubled = new Matrix(2 * n, 2 * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const re = kept((h.re[i * n + j] + h.re[j * n + i]) / 2);
      const im = kept((h.im[i * n + j] - h.im[j * n + i]) / 2);
      doubled.set(i, j, re);
      doubled.set(n + i, n + j, re);
      doubled.set(n + i, j, im);
      doubled.set(i, n + j, -im);
    }
  }
  return doubled;
}

/** Eigenvalues, rising, of a Hermitian matrix. */
export function hermitianEigenvalues(h: Dense): number[] {
  const found = new EigenvalueDecomposition(embedded(h), { assumeSymmetric: true });
  const values = found.realEigenvalues.sort((a, b) => a - b);
  return values.filter((_, i) => i % 2 === 0);
}

/** −i[H, ·]. */
export function commutator(h: Dense): Dense {
  const one = Dense.identity(h.n);
  return h.kron(one).plus(one.kron(h.transpose()), -1).times(0, -1);
}

/** D[A] = A·A† − ½{A†A, ·}. */
export function dissipator(a: Dense): Dense {
  const one = Dense.identity(a.n);
  const rate = a.dagger().dot(a);
  return a.kron(a.conjugate()).plus(rate.kron(one), -0.5).plus(one.kron(rate.transpose()), -0.5);
}

export interface Numbers {
  readonly beta1: number;
  readonly beta2: number;
  readonly betaR: number;
  readonly B1: number;
  readonly B2: number;
  readonly g: number;
  readonly chi: number;
  readonly lambda: number;
  readonly gamma: number;
  readonly I: number;
  readonly V: number;
  readonly V2?: number;
}

/** Fig. 2, its hot bath at 0.3 β1. */
export const figure2: Numbers = {
  beta1: 0.1,
  beta2: 0.03,
  betaR: 0.09,
  B1: 4,
  B2: 10,
  g: 1,
  chi: 0,
  lambda: 0.1,
  gamma: 5e-5,
  I: 1,
  V: 0,
};

/** The operators of the paper on |n1, n2, l⟩. */
export function operators(lmin: number, lmax: number) {
  const size = lmax - lmin + 1;
  const one = Dense.identity(2);
  const rotorOne = Dense.identity(size);
  const up = Dense.from(2, (i, j) => (i === 1 && j === 0 ? 1 : 0));
  const z = Dense.from(2, (i, j) => (i === j ? 2 * i - 1 : 0));
  const on1 = (a: Dense) => a.kron(one).kron(rotorOne);
  const on2 = (a: Dense) => one.kron(a).kron(rotorOne);
  const onRotor = (a: Dense) => one.kron(one).kron(a);
  const shift = onRotor(Dense.from(size, (i, j) => (i === j + 1 ? 1 : 0)));
  const cos = shift.plus(shift.dagger()).times(0.5);
  const sin = shift.plus(shift.dagger(), -1).times(0, -0.5);
  return {
    dimension: 4 * size,
    z1: on1(z),
    z2: on2(z),
    lower1: on1(up.dagger()),
    lower2: on2(up.dagger()),
    Lz: onRotor(Dense.from(size, (i, j) => (i === j ? lmin + i : 0))),
    shift,
    cos,
    sin,
  };
}

/** H_S in its parts, Eqs. (1)–(3), and V cos φ + V2 cos 2φ. */
export function hamiltonians(p: Numbers, lmin: number, lmax: number) {
  const { z1, z2, lower1, lower2, Lz, shift, cos } = operators(lmin, lmax);
  const mill = lower1.dagger().dot(lower2).dot(shift);
  const qubit1 = z1.times(p.B1);
  const qubit2 = z2.times(p.B2);
  const kinetic = Lz.dot(Lz).times(1 / (2 * p.I));
  const interaction = mill.plus(mill.dagger()).times(p.lambda);
  const twice = shift.dot(shift);
  const cos2 = twice.plus(twice.dagger()).times(0.5);
  const potential = cos.times(p.V).plus(cos2.times(p.V2 ?? 0));
  return {
    qubit1,
    qubit2,
    kinetic,
    interaction,
    potential,
    total: [qubit1, qubit2, kinetic, interaction, potential].reduce((a, b) => a.plus(b)),
  };
}

export interface DenseChannels {
  readonly hamiltonian: Dense;
  readonly bath1: Dense;
  readonly bath2: Dense;
  readonly load: Dense;
  readonly total: Dense;
}

/** Eq. (17), with its two operators as printed. */
function loadDissipator(p: Numbers, lmin: number, lmax: number): Dense {
  const { Lz, cos, sin } = operators(lmin, lmax);
  const a = p.betaR / (4 * p.I);
  const first = cos.plus(sin.dot(Lz), 0, -a);
  const second = sin.plus(cos.dot(Lz), 0, a);
  return dissipator(first)
    .plus(dissipator(second))
    .times((2 * p.I * p.gamma) / p.betaR);
}

const sumOf = (parts: Omit<DenseChannels, 'total'>): DenseChannels => ({
  ...parts,
  total: parts.hamiltonian.plus(parts.bath1).plus(parts.bath2).plus(parts.load),
});

/** The local master equation, Eqs. (13)–(17). */
export function localChannels(p: Numbers, lmin: number, lmax: number): DenseChannels {
  const { lower1, lower2 } = operators(lmin, lmax);
  const thermal = (lower: Dense, beta: number, field: number, g: number) => {
    const n = 1 / Math.expm1(2 * beta * field);
    return dissipator(lower.dagger())
      .times(g * g * n)
      .plus(dissipator(lower).times(g * g * (n + 1)));
  };
  return sumOf({
    hamiltonian: commutator(hamiltonians(p, lmin, lmax).total),
    bath1: thermal(lower1, p.beta1, p.B1, p.g * (1 - p.chi)),
    bath2: thermal(lower2, p.beta2, p.B2, p.g * (1 + p.chi)),
    load: loadDissipator(p, lmin, lmax),
  });
}

/** Frequencies this close, relative to the largest, are one in Eq. (A5). */
const SAME_FREQUENCY = 1e-9;

/** Eq. (A5) read literally: the eigenoperators of A by their Bohr frequencies. */
export function eigenoperators(h: Dense, a: Dense): { omega: number; operator: Dense }[] {
  const { values, vectors } = symmetricEigen(h);
  const { n } = h;
  const scale = Math.max(...values.map(Math.abs));
  const found: { omega: number; operator: Dense }[] = [];
  for (let low = 0; low < n; low++) {
    for (let high = 0; high < n; high++) {
      let element = 0;
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          element += vectors[low][i] * a.re[i * n + j] * vectors[high][j];
        }
      }
      if (Math.abs(element) < 1e-14) continue;
      const omega = values[high] - values[low];
      let group = found.find((f) => Math.abs(f.omega - omega) < SAME_FREQUENCY * scale);
      if (group === undefined) {
        group = { omega, operator: new Dense(n) };
        found.push(group);
      }
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          group.operator.re[i * n + j] += element * vectors[low][i] * vectors[high][j];
        }
      }
    }
  }
  return found;
}

/**
 * The global master equation, Eqs. (A15)–(A17), from dense eigenvectors.
 * @param cutoff Ω, or null for the largest Bohr frequency
 */
export function globalChannels(
  p: Numbers,
  lmin: number,
  lmax: number,
  cutoff: number | null = null,
): DenseChannels & { readonly cutoff: number } {
  const { lower1, lower2 } = operators(lmin, lmax);
  const h = hamiltonians(p, lmin, lmax).total;
  const sets = [eigenoperators(h, lower1), eigenoperators(h, lower2)];
  const largest = Math.max(...sets.flat().map(({ omega }) => Math.abs(omega)));
  const Omega = cutoff ?? largest;
  const bath = (set: { omega: number; operator: Dense }[], beta: number, g: number) =>
    set.reduce(
      (total, { omega, operator }) => {
        const J = (g * g * omega * Omega * Omega) / (omega * omega + Omega * Omega);
        const n = 1 / Math.expm1(beta * omega);
        return total
          .plus(dissipator(operator.dagger()), J * n)
          .plus(dissipator(operator), J * (n + 1));
      },
      new Dense(h.n * h.n),
    );
  return {
    ...sumOf({
      hamiltonian: commutator(h),
      bath1: bath(sets[0], p.beta1, p.g * (1 - p.chi)),
      bath2: bath(sets[1], p.beta2, p.g * (1 + p.chi)),
      load: loadDissipator(p, lmin, lmax),
    }),
    cutoff: Omega,
  };
}
