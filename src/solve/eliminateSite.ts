/** The elimination of one site of conservingElimination.ts, in place. */
import { afterOwn } from './sitePairs.js';

/** Adds to the first `count` unknowns of a site what they have from the later ones and another, the inner site's. */
export function substitute(
  entries: Float64Array,
  x: Float64Array,
  site: number,
  inner: number,
  count: number,
  width: number,
  paired: number,
): void {
  const own = site * width;
  const beyond = inner * width;
  for (let j = count - 1; j >= 0; j--) {
    const at = (own + j) * 3 * width + width;
    // Two sums, so that code may add to both at a time. What was found last is waited for last.
    let [even, odd] = [x[own + j], 0];
    if (inner !== site) {
      for (let k = 0; k < width; k += 2) even += entries[at + width + k] * x[beyond + k];
      for (let k = 1; k < width; k += 2) odd += entries[at + width + k] * x[beyond + k];
    }
    const first = afterOwn(j, paired);
    for (let k = width - 1; k >= first; k--) {
      const product = entries[at + k] * x[own + k];
      if ((k - first) % 2 === 0) even += product;
      else odd += product;
    }
    x[own + j] = even + odd;
  }
}

/**
 * Eliminates the unknowns `begin` … `count` − 1 of one site, two at a time where it can.
 * @param site, inner where the rows of the site and of its inner neighbour start in `entries`; inner < 0
 * for none
 * @param reach for each unknown of the site, how many of the inner neighbour's (in their order) it or an
 * earlier one is coupled to
 * @returns a population that cannot reach the remaining ones, or −1 where all can.
 */
export function eliminateSite(
  entries: Float64Array,
  site: number,
  inner: number,
  begin: number,
  count: number,
  width: number,
  paired: number,
  reach: Int32Array,
): number {
  const row = 3 * width;
  // A site's own columns are followed by its inner neighbour's. In the neighbour's rows the same
  // columns begin with the row, the site being its outer neighbour.
  const own = site + width;
  const ownEnd = own + width * row;

  let j = begin;
  while (j < count) {
    const two = j + 1 < count;
    const met = inner < 0 ? 0 : reach[two ? j + 1 : j];
    const columns = width + met;
    const innerEnd = inner + met * row;
    const first = own + j * row;
    const second = first + row;

    if (j < paired) {
      const a = entries[first + j];
      const b = entries[first + j + 1];
      const c = entries[second + j];
      const d = entries[second + j + 1];
      const inverse = 1 / (a * d - b * c);
      const e = -d * inverse;
      const f = b * inverse;
      const g = c * inverse;
      const h = -a * inverse;
      for (let k = j + 2; k < columns; k++) {
        const u = entries[first + k];
        const v = entries[second + k];
        entries[first + k] = e * u + f * v;
        entries[second + k] = g * u + h * v;
      }
    } else {
      let outflow = 0;
      for (let i = second; i < ownEnd; i += row) outflow += entries[i + j];
      for (let i = inner + paired * row; i < innerEnd; i += row) outflow += entries[i + j];
      if (!(outflow > 0)) return j;
      const inverse = 1 / outflow;
      for (let k = j + 1; k < columns; k++) entries[first + k] *= inverse;
      if (!two) {
        addOne(entries, second, ownEnd, row, first, j, columns);
        addOne(entries, inner, innerEnd, row, first, j, columns);
        return -1;
      }
      // The second population follows at once; what the first adds to its column is all it needs.
      const factor = entries[first + j + 1];
      const passed = entries[second + j];
      for (let k = j + 2; k < columns; k++) entries[second + k] += passed * entries[first + k];
      outflow = 0;
      for (let i = second + row; i < ownEnd; i += row) {
        outflow += entries[i + j + 1] += factor * entries[i + j];
      }
      for (let i = inner; i < innerEnd; i += row) entries[i + j + 1] += factor * entries[i + j];
      for (let i = inner + paired * row; i < innerEnd; i += row) outflow += entries[i + j + 1];
      if (!(outflow > 0)) return j + 1;
      const other = 1 / outflow;
      for (let k = j + 2; k < columns; k++) entries[second + k] *= other;
    }
    addTwo(entries, second + row, ownEnd, row, first, second, j, columns);
    addTwo(entries, inner, innerEnd, row, first, second, j, columns);
    j += 2;
  }
  return -1;
}

/** Puts a pivot row's combination in place of its unknown j in the rows from `begin` to `end`. */
function addOne(
  entries: Float64Array,
  begin: number,
  end: number,
  row: number,
  pivot: number,
  j: number,
  columns: number,
) {
  for (let target = begin; target < end; target += row) {
    const m = entries[target + j];
    if (m === 0) continue;
    for (let k = j + 1; k < columns; k++) entries[target + k] += m * entries[pivot + k];
  }
}

/** The same for two unknowns, j and j + 1; by tiles of columns, whose pivots stay in registers. */
function addTwo(
  entries: Float64Array,
  begin: number,
  end: number,
  row: number,
  first: number,
  second: number,
  j: number,
  columns: number,
) {
  let k = j + 2;
  for (; k + 3 < columns; k += 4) {
    const u0 = entries[first + k];
    const u1 = entries[first + k + 1];
    const u2 = entries[first + k + 2];
    const u3 = entries[first + k + 3];
    const v0 = entries[second + k];
    const v1 = entries[second + k + 1];
    const v2 = entries[second + k + 2];
    const v3 = entries[second + k + 3];
    for (let target = begin; target < end; target += row) {
      const p = entries[target + j];
      const q = entries[target + j + 1];
      const at = target + k;
      entries[at] += p * u0 + q * v0;
      entries[at + 1] += p * u1 + q * v1;
      entries[at + 2] += p * u2 + q * v2;
      entries[at + 3] += p * u3 + q * v3;
    }
  }
  for (; k + 1 < columns; k += 2) {
    const u0 = entries[first + k];
    const u1 = entries[first + k + 1];
    const v0 = entries[second + k];
    const v1 = entries[second + k + 1];
    for (let target = begin; target < end; target += row) {
      const p = entries[target + j];
      const q = entries[target + j + 1];
      const at = target + k;
      entries[at] += p * u0 + q * v0;
      entries[at + 1] += p * u1 + q * v1;
    }
  }
  for (; k < columns; k++) {
    const u = entries[first + k];
    const v = entries[second + k];
    for (let target = begin; target < end; target += row) {
      entries[target + k] += entries[target + j] * u + entries[target + j + 1] * v;
    }
  }
}
