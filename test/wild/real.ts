/** Real numbers with as many bits as are asked for and exponents without end, fast enough for linear systems. */

/** How many bits a mantissa has. */
export class Precision {
  readonly #bits: bigint;
  /** 2^(bits − 1), the smallest normal mantissa. */
  readonly smallest: bigint;
  readonly zero: Real;
  readonly one: Real;

  constructor(readonly bits: number) {
    this.#bits = BigInt(bits);
    this.smallest = 1n << (this.#bits - 1n);
    this.zero = new Real(this, 0n, 0);
    this.one = this.of(1);
  }

  /** The very number that a float64 is. */
  of(x: number): Real {
    if (!Number.isFinite(x)) throw new RangeError(`${x} is no real number`);
    let mantissa = x;
    let exponent = 0;
    for (; !Number.isInteger(mantissa); exponent--) mantissa *= 2;
    return this.normal(BigInt(mantissa), exponent);
  }

  /** mantissa · 2^exponent, cut off after as many bits as there are. */
  normal(mantissa: bigint, exponent: number): Real {
    if (mantissa === 0n) return this.zero ?? new Real(this, 0n, 0);
    const excess = bitLength(mantissa) - this.bits;
    return excess >= 0
      ? new Real(this, mantissa >> BigInt(excess), exponent + excess)
      : new Real(this, mantissa << BigInt(-excess), exponent + excess);
  }

  /** The same of a product or quotient, which has at least as many bits and at most a few more. */
  product(mantissa: bigint, exponent: number): Real {
    let shifted = mantissa >> this.#bits;
    let shift = this.bits;
    const size = shifted < 0n ? -shifted : shifted;
    if (size < this.smallest) {
      shifted = mantissa >> (this.#bits - 1n);
      shift--;
    }
    return new Real(this, shifted, exponent + shift);
  }
}

const bitLength = (x: bigint): number => {
  const digits = (x < 0n ? -x : x).toString(16);
  return 4 * digits.length - Math.clz32(Number.parseInt(digits[0], 16)) + 28;
};

/** (√x), rounded down. */
function integerRoot(x: bigint): bigint {
  let root = 1n << BigInt((bitLength(x) + 1) >> 1);
  for (;;) {
    const next = (root + x / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

export class Real {
  constructor(
    readonly precision: Precision,
    /** 0, or of as many bits as the precision has. */
    readonly mantissa: bigint,
    readonly exponent: number,
  ) {}

  get isZero(): boolean {
    return this.mantissa === 0n;
  }
  neg(): Real {
    return new Real(this.precision, -this.mantissa, this.exponent);
  }
  abs(): Real {
    return this.mantissa < 0n ? this.neg() : this;
  }
  plus(other: Real): Real {
    if (this.mantissa === 0n) return other;
    if (other.mantissa === 0n) return this;
    const apart = this.exponent - other.exponent;
    if (apart < 0) return other.plus(this);
    if (apart > this.precision.bits + 2) return this;
    return this.precision.normal((this.mantissa << BigInt(apart)) + other.mantissa, other.exponent);
  }
  minus(other: Real): Real {
    return this.plus(other.neg());
  }
  times(other: Real | number): Real {
    if (typeof other === 'number') return this.times(this.precision.of(other));
    if (this.mantissa === 0n || other.mantissa === 0n) return this.precision.zero;
    return this.precision.product(this.mantissa * other.mantissa, this.exponent + other.exponent);
  }
  /** @throws {RangeError} for a division by 0 */
  div(other: Real | number): Real {
    if (typeof other === 'number') return this.div(this.precision.of(other));
    if (this.mantissa === 0n) return this;
    const { bits } = this.precision;
    const quotient = (this.mantissa << BigInt(2 * bits)) / other.mantissa;
    return this.precision.normal(quotient, this.exponent - other.exponent - 2 * bits);
  }
  squared(): Real {
    return this.times(this);
  }
  sqrt(): Real {
    if (this.mantissa === 0n) return this;
    const { bits } = this.precision;
    const shift = bits + ((this.exponent + bits) % 2 === 0 ? 0 : 1);
    const root = integerRoot(this.mantissa << BigInt(shift));
    return this.precision.normal(root, (this.exponent - shift) / 2);
  }
  /** e to the power of this, by Taylor's series of a 2^k-th of it. */
  exp(): Real {
    if (this.mantissa === 0n) return this.precision.one;
    const { bits } = this.precision;
    const halvings = Math.max(0, this.exponent + bits) + 24;
    const finer = new Precision(bits + halvings + 32);
    const x = finer.normal(this.mantissa, this.exponent - halvings);
    let [sum, term] = [finer.one, finer.one];
    for (let k = 1; ; k++) {
      term = term.times(x).div(k);
      if (term.isZero || term.exponent + 2 * finer.bits < sum.exponent + finer.bits - 2) break;
      sum = sum.plus(term);
    }
    for (let k = 0; k < halvings; k++) sum = sum.squared();
    return this.precision.normal(sum.mantissa, sum.exponent);
  }
  /** e to the power of this, less 1, with all its digits also where this is small. */
  expm1(): Real {
    const { bits } = this.precision;
    const small = Math.max(0, -(this.exponent + bits));
    const finer = new Precision(bits + small + 8);
    const difference = finer.normal(this.mantissa, this.exponent).exp().minus(finer.one);
    return this.precision.normal(difference.mantissa, difference.exponent);
  }
  /** −1, 0 or 1 as this is less than the other, equal or greater. */
  compare(other: Real): number {
    const { mantissa } = this.minus(other);
    return mantissa < 0n ? -1 : mantissa > 0n ? 1 : 0;
  }
  /** log2 of the magnitude, to the bit. */
  get magnitude(): number {
    return this.mantissa === 0n ? Number.NEGATIVE_INFINITY : this.exponent + this.precision.bits;
  }
  toNumber(): number {
    if (this.mantissa === 0n) return 0;
    const excess = this.precision.bits - 64;
    const leading = Number(excess > 0 ? this.mantissa >> BigInt(excess) : this.mantissa);
    const exponent = this.exponent + Math.max(0, excess);
    // In two steps: 2^exponent alone may be out of range where the product is not.
    const half = Math.trunc(exponent / 2);
    return leading * 2 ** half * 2 ** (exponent - half);
  }
}

/** The solution of a linear system, rows of a matrix each followed by its right-hand side, which it overwrites. */
export function solveReals(m: Real[][]): Real[] {
  const n = m.length;
  for (let j = 0; j < n; j++) {
    let pivot = j;
    for (let i = j + 1; i < n; i++) if (m[i][j].magnitude > m[pivot][j].magnitude) pivot = i;
    [m[j], m[pivot]] = [m[pivot], m[j]];
    const columns = m[j].flatMap((value, k) => (k > j && !value.isZero ? [k] : []));
    for (let i = j + 1; i < n; i++) {
      if (m[i][j].isZero) continue;
      const factor = m[i][j].div(m[j][j]);
      for (const k of columns) m[i][k] = m[i][k].minus(factor.times(m[j][k]));
    }
  }
  const x: Real[] = [];
  for (let j = n - 1; j >= 0; j--) {
    let value = m[j][n];
    for (let k = j + 1; k < n; k++) if (!m[j][k].isZero) value = value.minus(m[j][k].times(x[k]));
    x[j] = value.div(m[j][j]);
  }
  return x;
}
