/** Block-tridiagonal chains, factorised and solved in float64. */
import { type Chains, SingularMatrixError } from '../../generator/chains.js';

/** A pivot smaller than this share of the block's largest entry is rounding. */
const SMALLEST_PIVOT = 1e-15;

/** Chains and M⁻¹ by block elimination, S_s = D_s − L_s S_{s−1}⁻¹ U_{s−1}; plain arrays, for threads. */
export interface FactorisedChains {
  readonly chains: Chains;
  /** By site: S⁻¹, L times S⁻¹ of the site before, and S⁻¹U. */
  readonly inverses: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Room for every unknown. */
  readonly work: Float64Array;
}

/** Room for the factors of chains. */
export function roomForFactors(
  chains: Chains,
  allocate: (length: number) => Float64Array,
): FactorisedChains {
  const { width: w, first } = chains;
  const sites = first[first.length - 1];
  const blocks = () => allocate(2 * sites * w * w);
  return {
    chains,
    inverses: blocks(),
    lower: blocks(),
    upper: blocks(),
    work: allocate(2 * sites * w),
  };
}

/** Factorises the chains begin ≤ k < end. @throws {SingularMatrixError} */
export function factoriseRange(
  { chains, inverses, lower, upper }: FactorisedChains,
  begin: number,
  end: number,
): void {
  const { width: w, first, entries } = chains;
  const block = 2 * w * w;
  const work = new Float64Array(4 * w * w);
  const blockAt = (site: number, b: number): Float64Array => {
    const out = new Float64Array(block);
    for (let r = 0; r < w; r++) {
      const from = 2 * ((site * w + r) * 3 + b) * w;
      out.set(entries.subarray(from, from + 2 * w), 2 * r * w);
    }
    return out;
  };
  for (let k = begin; k < end; k++) {
    for (let s = first[k]; s < first[k + 1]; s++) {
      const at = s * block;
      const pivot = blockAt(s, 1);
      if (s > first[k]) {
        multiply(w, blockAt(s, 0), 0, inverses, at - block, lower, at);
        const fill = new Float64Array(block);
        multiply(w, lower, at, blockAt(s - 1, 2), 0, fill, 0);
        for (let i = 0; i < block; i++) pivot[i] -= fill[i];
      }
      invert(w, pivot, work, inverses.subarray(at, at + block));
      if (s + 1 < first[k + 1]) multiply(w, inverses, at, blockAt(s, 2), 0, upper, at);
    }
  }
}

/** Writes what the chains begin ≤ k < end have of y = M⁻¹ x (interleaved complex vectors of the space). */
export function solveRange(
  { chains, inverses, lower, upper, work: z }: FactorisedChains,
  x: Float64Array,
  y: Float64Array,
  begin: number,
  end: number,
): void {
  const { width: w, first, places, mirrors } = chains;
  const copied = new Float64Array(2 * w);
  for (let k = begin; k < end; k++) {
    for (let s = first[k]; s < first[k + 1]; s++) {
      const at = 2 * s * w;
      for (let r = 0; r < w; r++) {
        const place = places[s * w + r];
        z[at + 2 * r] = place < 0 ? 0 : x[2 * place];
        z[at + 2 * r + 1] = place < 0 ? 0 : x[2 * place + 1];
      }
      if (s > first[k]) subtractProduct(w, lower, 2 * s * w * w, z, at - 2 * w, z, at);
    }
    for (let s = first[k + 1] - 1; s >= first[k]; s--) {
      const at = 2 * s * w;
      product(w, inverses, 2 * s * w * w, z, at, copied);
      if (s + 1 < first[k + 1]) subtractProduct(w, upper, 2 * s * w * w, z, at + 2 * w, z, at);
      for (let r = 0; r < w; r++) {
        const place = places[s * w + r];
        if (place < 0) continue;
        const mirror = mirrors[s * w + r];
        y[2 * place] = z[at + 2 * r];
        y[2 * place + 1] = z[at + 2 * r + 1];
        if (mirror < 0) continue;
        y[2 * mirror] = z[at + 2 * r];
        y[2 * mirror + 1] = -z[at + 2 * r + 1];
      }
    }
  }
}

/** M⁻¹ of a batch of chains. */
export interface ChainFactors {
  /** y = M⁻¹ x (interleaved complex vectors of the space); what no chain holds is set to 0. */
  solve(x: Float64Array, y: Float64Array): void;
}

/** @throws {SingularMatrixError} */
export function factoriseChains(chains: Chains): ChainFactors {
  const count = chains.first.length - 1;
  const factors = roomForFactors(chains, (length) => new Float64Array(length));
  factoriseRange(factors, 0, count);
  return {
    solve: (x, y) => {
      y.fill(0);
      solveRange(factors, x, y, 0, count);
    },
  };
}

/** c = a b for w × w complex blocks. */
function multiply(
  w: number,
  a: Float64Array,
  aStart: number,
  b: Float64Array,
  bStart: number,
  c: Float64Array,
  cStart: number,
): void {
  for (let i = 0; i < w; i++) {
    for (let k = 0; k < w; k++) {
      const re = a[aStart + 2 * (i * w + k)];
      const im = a[aStart + 2 * (i * w + k) + 1];
      if (re === 0 && im === 0) continue;
      let from = bStart + 2 * k * w;
      let to = cStart + 2 * i * w;
      for (let j = 0; j < w; j++, from += 2, to += 2) {
        c[to] += re * b[from] - im * b[from + 1];
        c[to + 1] += re * b[from + 1] + im * b[from];
      }
    }
  }
}

/** y ← y − A x for one block. */
function subtractProduct(
  w: number,
  a: Float64Array,
  aStart: number,
  x: Float64Array,
  xStart: number,
  y: Float64Array,
  yStart: number,
): void {
  let at = aStart;
  for (let i = 0; i < w; i++) {
    let re = 0;
    let im = 0;
    for (let j = 0; j < 2 * w; j += 2, at += 2) {
      re += a[at] * x[xStart + j] - a[at + 1] * x[xStart + j + 1];
      im += a[at] * x[xStart + j + 1] + a[at + 1] * x[xStart + j];
    }
    y[yStart + 2 * i] -= re;
    y[yStart + 2 * i + 1] -= im;
  }
}

/** x ← A x for one block; `copied` has room for x. */
function product(
  w: number,
  a: Float64Array,
  aStart: number,
  x: Float64Array,
  xStart: number,
  copied: Float64Array,
): void {
  for (let i = 0; i < 2 * w; i++) {
    copied[i] = x[xStart + i];
    x[xStart + i] = 0;
  }
  let at = aStart;
  for (let i = 0; i < w; i++) {
    let re = 0;
    let im = 0;
    for (let j = 0; j < 2 * w; j += 2, at += 2) {
      re += a[at] * copied[j] - a[at + 1] * copied[j + 1];
      im += a[at] * copied[j + 1] + a[at + 1] * copied[j];
    }
    x[xStart + 2 * i] = re;
    x[xStart + 2 * i + 1] = im;
  }
}

/** The inverse of one block, by Gauss and Jordan with partial pivoting; `work` holds two blocks. */
function invert(w: number, a: Float64Array, work: Float64Array, out: Float64Array): void {
  const row = 4 * w;
  let largest = 0;
  for (let i = 0; i < w; i++) {
    for (let j = 0; j < 2 * w; j++) {
      work[i * row + j] = a[2 * i * w + j];
      work[i * row + 2 * w + j] = j === 2 * i ? 1 : 0;
      largest = Math.max(largest, Math.abs(a[2 * i * w + j]));
    }
  }
  for (let k = 0; k < w; k++) {
    let best = k;
    let size = 0;
    for (let i = k; i < w; i++) {
      const here = Math.hypot(work[i * row + 2 * k], work[i * row + 2 * k + 1]);
      if (here > size) {
        size = here;
        best = i;
      }
    }
    if (!(size > SMALLEST_PIVOT * largest)) {
      throw new SingularMatrixError('a block of a chain is singular');
    }
    if (best !== k) {
      for (let j = 0; j < row; j++) {
        const kept = work[k * row + j];
        work[k * row + j] = work[best * row + j];
        work[best * row + j] = kept;
      }
    }
    const re = work[k * row + 2 * k] / (size * size);
    const im = -work[k * row + 2 * k + 1] / (size * size);
    for (let j = 0; j < row; j += 2) {
      const u = work[k * row + j];
      const v = work[k * row + j + 1];
      work[k * row + j] = re * u - im * v;
      work[k * row + j + 1] = re * v + im * u;
    }
    for (let i = 0; i < w; i++) {
      if (i === k) continue;
      const p = work[i * row + 2 * k];
      const q = work[i * row + 2 * k + 1];
      if (p === 0 && q === 0) continue;
      for (let j = 0; j < row; j += 2) {
        const u = work[k * row + j];
        const v = work[k * row + j + 1];
        work[i * row + j] -= p * u - q * v;
        work[i * row + j + 1] -= p * v + q * u;
      }
    }
  }
  for (let i = 0; i < w; i++) {
    for (let j = 0; j < 2 * w; j++) out[2 * i * w + j] = work[i * row + 2 * w + j];
  }
}
