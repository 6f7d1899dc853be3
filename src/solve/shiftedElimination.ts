/**
 * Solutions of (hA − z) x = y for a block-tridiagonal generator A of a Lindblad equation, z complex.
 *
 * The row vector with 1 on populations and 0 on coherences is a left null vector of A, so that each
 * column of z − hA sums to z over its populations; to z − h·created where A creates some. As in Grassmann, Taksar and Heyman's elimination,
 * a population's pivot is what the other populations of its column leave of that sum, which is carried
 * along: the trace of x is right to rounding however large h is. Cost: O(sites · width³) to factorise,
 * O(sites · width²) to solve.
 */
import type { SiteMatrix } from '../generator/siteMatrix.js';
import type { Complex } from '../operators/operator.js';

/** z − hA, eliminated. */
export interface ShiftedFactors {
  readonly sites: number;
  readonly width: number;
  /**
   * For each site a panel of 2·width rows (its own, the next site's) and as many columns: rows of the
   * upper factor, pivots inverted, above multipliers.
   */
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export function shiftedFactors(matrix: SiteMatrix, h: number, z: Complex): ShiftedFactors {
  const { sites, width, coherences } = matrix;
  const size = 2 * width;
  const panel = size * size;
  const re = new Float64Array(sites * panel);
  const im = new Float64Array(sites * panel);
  // Sums over the populations of each column of what is left; later columns still have z.
  const sumRe = new Float64Array(size);
  const sumIm = new Float64Array(size);
  const { created, createdIm } = matrix;
  const sumsOf = (site: number) => {
    for (let r = 0; r < width; r++) {
      const own = created === undefined ? 0 : h * created[site * width + r];
      sumRe[width + r] = (r < coherences ? 0 : z.re) - own;
      const imaginary = createdIm === undefined ? 0 : h * createdIm[site * width + r];
      sumIm[width + r] = (r < coherences ? 0 : z.im) - imaginary;
    }
  };
  const put = (at: number, site: number, r: number, block: number, c: number) => {
    const from = ((site * width + r) * 3 + block) * width + c;
    re[at] = -h * matrix.re[from];
    im[at] = -h * matrix.im[from];
    if (block === 1 && r === c) {
      re[at] += z.re;
      im[at] += z.im;
    }
  };
  for (let r = 0; r < width; r++) {
    for (let c = 0; c < width; c++) put(r * size + c, 0, r, 1, c);
  }
  sumsOf(0);
  for (let site = 0; site < sites; site++) {
    const first = site * panel;
    const last = site === sites - 1;
    const end = last ? width : size;
    for (let r = 0; r < width; r++) {
      sumRe[r] = sumRe[width + r];
      sumIm[r] = sumIm[width + r];
      if (last) continue;
      for (let c = 0; c < width; c++) {
        put(first + r * size + width + c, site, r, 2, c);
        put(first + (width + r) * size + c, site + 1, r, 0, c);
        put(first + (width + r) * size + width + c, site + 1, r, 1, c);
      }
    }
    if (!last) sumsOf(site + 1);
    for (let p = 0; p < width; p++) {
      const pivotRow = first + p * size;
      let a = re[pivotRow + p];
      let b = im[pivotRow + p];
      if (p >= coherences) {
        a = sumRe[p];
        b = sumIm[p];
        for (let i = p + 1; i < end; i++) {
          if (i >= width && i < width + coherences) continue;
          a -= re[first + i * size + p];
          b -= im[first + i * size + p];
        }
      }
      const norm = a * a + b * b;
      const invRe = a / norm;
      const invIm = -b / norm;
      re[pivotRow + p] = invRe;
      im[pivotRow + p] = invIm;
      for (let i = p + 1; i < end; i++) {
        const row = first + i * size;
        const u = re[row + p];
        const v = im[row + p];
        if (u === 0 && v === 0) continue;
        const mRe = u * invRe - v * invIm;
        const mIm = u * invIm + v * invRe;
        re[row + p] = mRe;
        im[row + p] = mIm;
        for (let j = p + 1; j < end; j++) {
          const c = re[pivotRow + j];
          const d = im[pivotRow + j];
          re[row + j] -= mRe * c - mIm * d;
          im[row + j] -= mRe * d + mIm * c;
        }
      }
      const sRe = sumRe[p] * invRe - sumIm[p] * invIm;
      const sIm = sumRe[p] * invIm + sumIm[p] * invRe;
      if (sRe === 0 && sIm === 0) continue;
      for (let j = p + 1; j < end; j++) {
        const c = re[pivotRow + j];
        const d = im[pivotRow + j];
        sumRe[j] -= sRe * c - sIm * d;
        sumIm[j] -= sRe * d + sIm * c;
      }
    }
    if (last) break;
    for (let r = 0; r < width; r++) {
      for (let c = 0; c < width; c++) {
        const from = first + (width + r) * size + width + c;
        const to = first + panel + r * size + c;
        re[to] = re[from];
        im[to] = im[from];
      }
    }
  }
  return { sites, width, re, im };
}

/** x with (hA − z) x = y; interleaved complex vectors, site by site. `x` may be `y`. */
export function solveShifted(
  { sites, width, re, im }: ShiftedFactors,
  y: Float64Array,
  x: Float64Array,
): void {
  const size = 2 * width;
  const panel = size * size;
  for (let i = 0; i < y.length; i++) x[i] = -y[i];
  for (let site = 0; site < sites; site++) {
    const first = site * panel;
    const end = site === sites - 1 ? width : size;
    const base = 2 * site * width;
    for (let p = 0; p < width; p++) {
      const u = x[base + 2 * p];
      const v = x[base + 2 * p + 1];
      for (let i = p + 1; i < end; i++) {
        const a = re[first + i * size + p];
        const b = im[first + i * size + p];
        x[base + 2 * i] -= a * u - b * v;
        x[base + 2 * i + 1] -= a * v + b * u;
      }
    }
  }
  for (let site = sites - 1; site >= 0; site--) {
    const first = site * panel;
    const end = site === sites - 1 ? width : size;
    const base = 2 * site * width;
    for (let p = width - 1; p >= 0; p--) {
      let u = x[base + 2 * p];
      let v = x[base + 2 * p + 1];
      const row = first + p * size;
      for (let j = p + 1; j < end; j++) {
        const a = re[row + j];
        const b = im[row + j];
        u -= a * x[base + 2 * j] - b * x[base + 2 * j + 1];
        v -= a * x[base + 2 * j + 1] + b * x[base + 2 * j];
      }
      const a = re[row + p];
      const b = im[row + p];
      x[base + 2 * p] = a * u - b * v;
      x[base + 2 * p + 1] = a * v + b * u;
    }
  }
}

/** x with (hA − z)ᴴ x = y, by the same factors. `x` may be `y`. */
export function solveShiftedAdjoint(
  { sites, width, re, im }: ShiftedFactors,
  y: Float64Array,
  x: Float64Array,
): void {
  const size = 2 * width;
  const panel = size * size;
  for (let i = 0; i < y.length; i++) x[i] = -y[i];
  for (let site = 0; site < sites; site++) {
    const first = site * panel;
    const end = site === sites - 1 ? width : size;
    const base = 2 * site * width;
    for (let p = 0; p < width; p++) {
      const row = first + p * size;
      const a = re[row + p];
      const b = -im[row + p];
      const u = a * x[base + 2 * p] - b * x[base + 2 * p + 1];
      const v = a * x[base + 2 * p + 1] + b * x[base + 2 * p];
      x[base + 2 * p] = u;
      x[base + 2 * p + 1] = v;
      for (let j = p + 1; j < end; j++) {
        const c = re[row + j];
        const d = -im[row + j];
        x[base + 2 * j] -= c * u - d * v;
        x[base + 2 * j + 1] -= c * v + d * u;
      }
    }
  }
  for (let site = sites - 1; site >= 0; site--) {
    const first = site * panel;
    const end = site === sites - 1 ? width : size;
    const base = 2 * site * width;
    for (let p = width - 1; p >= 0; p--) {
      let u = x[base + 2 * p];
      let v = x[base + 2 * p + 1];
      for (let i = p + 1; i < end; i++) {
        const a = re[first + i * size + p];
        const b = -im[first + i * size + p];
        u -= a * x[base + 2 * i] - b * x[base + 2 * i + 1];
        v -= a * x[base + 2 * i + 1] + b * x[base + 2 * i];
      }
      x[base + 2 * p] = u;
      x[base + 2 * p + 1] = v;
    }
  }
}
