/**
 * Eigenvalues of a dense complex matrix with their right and left eigenvectors: Householder's reduction to Hessenberg
 * form, then QR steps with Wilkinson's shifts to Schur form, from which eigenvectors follow by substitution. No
 * library at hand has the eigenvectors of complex matrices that are not Hermitian.
 */

/** A square matrix by rows. */
export interface ComplexMatrix {
  readonly size: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export interface Eigenpairs {
  readonly re: Float64Array;
  readonly im: Float64Array;
  /** Of norm 1, one after another, interleaved. */
  readonly right: readonly Float64Array[];
  /** yᴴA = λyᴴ; of norm 1. */
  readonly left: readonly Float64Array[];
}

/** QR steps for an eigenvalue, as a rule two or three. */
const MOST_STEPS = 60;

class NoSchurFormError extends Error {
  override readonly name = 'NoSchurFormError';
}

/** A = Q T Qᴴ in place of a copy of A: T upper triangular. */
class Schur {
  readonly n: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly qr: Float64Array;
  readonly qi: Float64Array;

  constructor({ size, re, im }: ComplexMatrix) {
    this.n = size;
    this.re = re.slice();
    this.im = im.slice();
    this.qr = new Float64Array(size * size);
    this.qi = new Float64Array(size * size);
    for (let i = 0; i < size; i++) this.qr[i * size + i] = 1;
    this.#reduce();
    this.#iterate();
  }

  /** To Hessenberg form. */
  #reduce(): void {
    const { n, re, im } = this;
    const vr = new Float64Array(n);
    const vi = new Float64Array(n);
    for (let k = 0; k < n - 2; k++) {
      let below = 0;
      for (let i = k + 2; i < n; i++) below += re[i * n + k] ** 2 + im[i * n + k] ** 2;
      if (below === 0) continue;
      const at = (k + 1) * n + k;
      const head = Math.hypot(re[at], im[at]);
      const norm = Math.sqrt(head * head + below);
      // v = x + e^{i arg x₀}‖x‖e₀, H = 1 − 2vvᴴ/‖v‖²
      const [c, s] = head === 0 ? [1, 0] : [re[at] / head, im[at] / head];
      vr[k + 1] = re[at] + c * norm;
      vi[k + 1] = im[at] + s * norm;
      for (let i = k + 2; i < n; i++) {
        vr[i] = re[i * n + k];
        vi[i] = im[i * n + k];
      }
      const factor = 2 / ((head + norm) ** 2 + below);
      for (let j = k; j < n; j++) {
        let a = 0;
        let b = 0;
        for (let i = k + 1; i < n; i++) {
          const [u, v] = [re[i * n + j], im[i * n + j]];
          a += vr[i] * u + vi[i] * v;
          b += vr[i] * v - vi[i] * u;
        }
        a *= factor;
        b *= factor;
        for (let i = k + 1; i < n; i++) {
          re[i * n + j] -= vr[i] * a - vi[i] * b;
          im[i * n + j] -= vr[i] * b + vi[i] * a;
        }
      }
      for (const [r, m] of [
        [re, im],
        [this.qr, this.qi],
      ]) {
        for (let row = 0; row < n * n; row += n) {
          let a = 0;
          let b = 0;
          for (let j = k + 1; j < n; j++) {
            a += r[row + j] * vr[j] - m[row + j] * vi[j];
            b += r[row + j] * vi[j] + m[row + j] * vr[j];
          }
          a *= factor;
          b *= factor;
          for (let j = k + 1; j < n; j++) {
            r[row + j] -= a * vr[j] + b * vi[j];
            m[row + j] -= b * vr[j] - a * vi[j];
          }
        }
      }
      for (let i = k + 2; i < n; i++) {
        re[i * n + k] = 0;
        im[i * n + k] = 0;
      }
    }
  }

  #iterate(): void {
    const { n, re, im } = this;
    const size = (i: number, j: number) => Math.abs(re[i * n + j]) + Math.abs(im[i * n + j]);
    let whole = 0;
    for (let i = 0; i < n * n; i++) whole = Math.max(whole, Math.abs(re[i]) + Math.abs(im[i]));
    let last = n - 1;
    let steps = 0;
    while (last > 0) {
      let first = last;
      for (; first > 0; first--) {
        const beside = size(first, first) + size(first - 1, first - 1);
        if (size(first, first - 1) <= Number.EPSILON * (beside === 0 ? whole : beside)) {
          re[first * n + first - 1] = 0;
          im[first * n + first - 1] = 0;
          break;
        }
      }
      if (first === last) {
        last--;
        steps = 0;
        continue;
      }
      if (++steps > MOST_STEPS)
        throw new NoSchurFormError('a matrix has no Schur form to rounding');
      const [a, b] = this.#shift(last, steps);
      this.#step(first, last, a, b);
    }
  }

  /** The eigenvalue of the last 2×2 block that is nearer to its corner; now and then another shift. */
  #shift(last: number, steps: number): [number, number] {
    const { n, re, im } = this;
    const d = last * n + last;
    if (steps % 10 === 0) {
      return [re[d] + Math.abs(re[d - 1]) + Math.abs(im[d - 1]), im[d]];
    }
    const p = d - n - 1;
    const b = d - n;
    const c = d - 1;
    const [ur, ui] = [(re[p] - re[d]) / 2, (im[p] - im[d]) / 2];
    const bcr = re[b] * re[c] - im[b] * im[c];
    const bci = re[b] * im[c] + im[b] * re[c];
    const [sr, si] = squareRoot(ur * ur - ui * ui + bcr, 2 * ur * ui + bci);
    // λ = d − bc/(u ± √(u² + bc)), the sign for the larger denominator
    const sign = ur * sr + ui * si >= 0 ? 1 : -1;
    const [er, ei] = [ur + sign * sr, ui + sign * si];
    const norm = er * er + ei * ei;
    if (norm === 0) return [re[d], im[d]];
    return [re[d] - (bcr * er + bci * ei) / norm, im[d] - (bci * er - bcr * ei) / norm];
  }

  /** A − z = QR, A ← RQ + z on rows first … last, and the same of what stands above and beside. */
  #step(first: number, last: number, zr: number, zi: number): void {
    const { n, re, im, qr, qi } = this;
    const count = last - first;
    const cs = new Float64Array(count);
    const sr = new Float64Array(count);
    const si = new Float64Array(count);
    for (let i = first; i <= last; i++) {
      re[i * n + i] -= zr;
      im[i * n + i] -= zi;
    }
    for (let k = first; k < last; k++) {
      const top = k * n;
      const low = top + n;
      const [a, b, c, d] = [re[top + k], im[top + k], re[low + k], im[low + k]];
      const x = Math.hypot(a, b);
      const y = Math.hypot(c, d);
      const r = Math.hypot(x, y);
      // [c s; −s̄ c]: c real
      let cosine = 1;
      let [u, v] = [0, 0];
      if (r > 0 && x === 0) {
        cosine = 0;
        [u, v] = [c / y, -d / y];
      } else if (r > 0) {
        cosine = x / r;
        const [pr, pi] = [a / x, b / x];
        u = (pr * c + pi * d) / r;
        v = (pi * c - pr * d) / r;
      }
      cs[k - first] = cosine;
      sr[k - first] = u;
      si[k - first] = v;
      for (let j = k; j < n; j++) {
        const [e, f, g, h] = [re[top + j], im[top + j], re[low + j], im[low + j]];
        re[top + j] = cosine * e + u * g - v * h;
        im[top + j] = cosine * f + u * h + v * g;
        re[low + j] = cosine * g - u * e - v * f;
        im[low + j] = cosine * h - u * f + v * e;
      }
    }
    // A row at a time, which lies together in memory.
    const turns = { first, last, cs, sr, si };
    for (let i = 0; i <= last; i++) turnRow(re, im, i * n, Math.max(first, i - 1), turns);
    for (let i = 0; i < n; i++) turnRow(qr, qi, i * n, first, turns);
    for (let i = first; i <= last; i++) {
      re[i * n + i] += zr;
      im[i * n + i] += zi;
    }
  }

  /** Q times a vector of T's basis, of norm 1. */
  normalised(x: Float64Array): Float64Array {
    const { n, qr, qi } = this;
    const y = new Float64Array(2 * n);
    let norm = 0;
    for (let i = 0; i < n; i++) {
      let [a, b] = [0, 0];
      for (let j = 0; j < n; j++) {
        a += qr[i * n + j] * x[2 * j] - qi[i * n + j] * x[2 * j + 1];
        b += qr[i * n + j] * x[2 * j + 1] + qi[i * n + j] * x[2 * j];
      }
      y[2 * i] = a;
      y[2 * i + 1] = b;
      norm += a * a + b * b;
    }
    norm = Math.sqrt(norm);
    for (let i = 0; i < 2 * n; i++) y[i] /= norm;
    return y;
  }
}

/** Rotations of columns k and k + 1, for k from first to last − 1. */
interface Turns {
  readonly first: number;
  readonly last: number;
  readonly cs: Float64Array;
  readonly sr: Float64Array;
  readonly si: Float64Array;
}

/** A row, of which `start` is the first place, times the adjoints of the rotations from k = `from` on. */
function turnRow(
  re: Float64Array,
  im: Float64Array,
  start: number,
  from: number,
  { first, last, cs, sr, si }: Turns,
): void {
  if (from >= last) return;
  let e = re[start + from];
  let f = im[start + from];
  for (let k = from; k < last; k++) {
    const at = start + k;
    const cosine = cs[k - first];
    const u = sr[k - first];
    const v = si[k - first];
    const g = re[at + 1];
    const h = im[at + 1];
    re[at] = cosine * e + u * g + v * h;
    im[at] = cosine * f + u * h - v * g;
    const [a, b] = [e, f];
    e = cosine * g - u * a + v * b;
    f = cosine * h - u * b - v * a;
  }
  re[start + last] = e;
  im[start + last] = f;
}

/** The root with a real part that is not negative. */
function squareRoot(re: number, im: number): [number, number] {
  const r = Math.hypot(re, im);
  if (r === 0) return [0, 0];
  const larger = Math.sqrt((r + Math.abs(re)) / 2);
  const smaller = Math.abs(im) / (2 * larger);
  return re >= 0 ? [larger, im >= 0 ? smaller : -smaller] : [smaller, im >= 0 ? larger : -larger];
}

/** The eigenvalues of a matrix, in no order, with any of their eigenvectors. */
export class Eigensystem {
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly #schur: Schur;
  /** What eigenvalues that are nearer to one another are parted by. */
  readonly #least: number;

  /** @throws {NoSchurFormError} */
  constructor(matrix: ComplexMatrix) {
    const schur = new Schur(matrix);
    const { n, re, im } = schur;
    this.#schur = schur;
    let norm = 0;
    for (let i = 0; i < n * n; i++) norm = Math.max(norm, Math.hypot(re[i], im[i]));
    this.#least = Math.max(Number.EPSILON * norm, Number.MIN_VALUE);
    this.re = Float64Array.from({ length: n }, (_, k) => re[k * n + k]);
    this.im = Float64Array.from({ length: n }, (_, k) => im[k * n + k]);
  }

  /** Puts −sum/(T_at − λ_k) in its place, or with both conjugated. */
  #divide(x: Float64Array, k: number, at: number, sumRe: number, sumIm: number, sign: 1 | -1) {
    let dr = this.re[at] - this.re[k];
    let di = this.im[at] - this.im[k];
    if (Math.hypot(dr, di) < this.#least) [dr, di] = [this.#least, 0];
    const square = dr * dr + di * di;
    x[2 * at] = -(sumRe * dr + sign * sumIm * di) / square;
    x[2 * at + 1] = -(sumIm * dr - sign * sumRe * di) / square;
  }

  /** Ax = λx, of norm 1, interleaved: (T − λ)x = 0 from row k upwards. */
  right(k: number): Float64Array {
    const { n, re, im } = this.#schur;
    const x = new Float64Array(2 * n);
    x[2 * k] = 1;
    for (let i = k - 1; i >= 0; i--) {
      let [sumRe, sumIm] = [0, 0];
      for (let j = i + 1; j <= k; j++) {
        sumRe += re[i * n + j] * x[2 * j] - im[i * n + j] * x[2 * j + 1];
        sumIm += re[i * n + j] * x[2 * j + 1] + im[i * n + j] * x[2 * j];
      }
      this.#divide(x, k, i, sumRe, sumIm, 1);
    }
    return this.#schur.normalised(x);
  }

  /** yᴴA = λyᴴ, of norm 1, interleaved: yᴴ(T − λ) = 0 from column k on. */
  left(k: number): Float64Array {
    const { n, re, im } = this.#schur;
    const y = new Float64Array(2 * n);
    y[2 * k] = 1;
    for (let j = k + 1; j < n; j++) {
      let [sumRe, sumIm] = [0, 0];
      for (let i = k; i < j; i++) {
        sumRe += re[i * n + j] * y[2 * i] + im[i * n + j] * y[2 * i + 1];
        sumIm += re[i * n + j] * y[2 * i + 1] - im[i * n + j] * y[2 * i];
      }
      this.#divide(y, k, j, sumRe, sumIm, -1);
    }
    return this.#schur.normalised(y);
  }
}

/** Every eigenvalue of a matrix with its eigenvectors, in no order. @throws {NoSchurFormError} */
export function eigenpairs(matrix: ComplexMatrix): Eigenpairs {
  const system = new Eigensystem(matrix);
  const all = Array.from({ length: matrix.size }, (_, k) => k);
  return {
    re: system.re,
    im: system.im,
    right: all.map((k) => system.right(k)),
    left: all.map((k) => system.left(k)),
  };
}
