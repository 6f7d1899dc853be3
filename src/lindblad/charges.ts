/**
 * Conserved charges q(s, l) = c_s + m l of a Lindblad equation, found from where its operators lead.
 *
 * A charge is conserved weakly, as the difference between ket and bra, where the Hamiltonian does not change it
 * and each jump operator changes it by one amount in all of its terms: then ρ falls into sectors of this difference
 * (Buča and Prosen 2012, doi:10.1088/1367-2630/14/7/073007).
 */

/** What a term of an operator does to a state. */
export interface Move {
  readonly to: number;
  readonly from: number;
  readonly shift: number;
}

/** The moves of a Lindblad equation. */
export interface Moves {
  readonly states: number;
  readonly hamiltonian: readonly Move[];
  /** By jump operator. */
  readonly jumps: readonly (readonly Move[])[];
}

/** c_0 … c_{S−1}, m. */
export type Charge = Float64Array;

const EPSILON = 1e-9;

const changeRow = (states: number, { to, from, shift }: Move): Float64Array => {
  const row = new Float64Array(states + 1);
  row[to] += 1;
  row[from] -= 1;
  row[states] += shift;
  return row;
};

/** Rows whose product with a conserved charge is 0. */
function constraints({ states, hamiltonian, jumps }: Moves): Float64Array[] {
  const rows = hamiltonian.map((move) => changeRow(states, move));
  for (const jump of jumps) {
    for (const other of jump.slice(1)) {
      const [a, b] = [changeRow(states, jump[0]), changeRow(states, other)];
      rows.push(a.map((x, i) => x - b[i]));
    }
  }
  return rows.filter((row) => row.some((x) => x !== 0));
}

/** Vectors that span what the rows leave, each with 1 at a place of its own where the others have 0. */
function nullSpace(rows: readonly Float64Array[], width: number): Float64Array[] {
  const reduced: { readonly row: Float64Array; readonly pivot: number }[] = [];
  for (const given of rows) {
    const row = given.slice();
    for (const { row: r, pivot } of reduced) {
      const factor = row[pivot];
      if (factor !== 0) for (let i = 0; i < width; i++) row[i] -= factor * r[i];
    }
    const pivot = row.findIndex((x) => Math.abs(x) > EPSILON);
    if (pivot < 0) continue;
    const scaled = row.map((x) => x / row[pivot]);
    for (const { row: r } of reduced) {
      const factor = r[pivot];
      if (factor !== 0) for (let i = 0; i < width; i++) r[i] -= factor * scaled[i];
    }
    reduced.push({ row: scaled, pivot });
  }
  const pivots = new Set(reduced.map(({ pivot }) => pivot));
  const vectors: Float64Array[] = [];
  for (let free = 0; free < width; free++) {
    if (pivots.has(free)) continue;
    const vector = new Float64Array(width);
    vector[free] = 1;
    for (const { row, pivot } of reduced) vector[pivot] = -row[free] + 0;
    vectors.push(vector);
  }
  return vectors;
}

/** A basis of all conserved charges; the first of them may be the trivial one, which is 1 everywhere. */
export const conservedCharges = (moves: Moves): Charge[] =>
  nullSpace(constraints(moves), moves.states + 1);

/** How far the charge is changed at most by any move. */
const largestChange = (moves: Moves, offsets: ArrayLike<number>): number => {
  let largest = 0;
  for (const { to, from, shift } of [...moves.hamiltonian, ...moves.jumps.flat()]) {
    largest = Math.max(largest, Math.abs(offsets[to] - offsets[from] + shift));
  }
  return largest;
};

/** Multiples of the other charges that are tried to find the one that changes least. */
const TRIED = [0, 1, -1] as const;
const MOST_OTHERS = 4;

/**
 * The offsets c_s of a conserved charge l + c_s with whole c_s ≥ 0, one of them 0; of several the one that jumps change
 * least. Null where none is conserved.
 */
export function ladderCharge(moves: Moves): Int32Array | null {
  const { states } = moves;
  const charges = conservedCharges(moves);
  const withLevel = charges.find((charge) => charge[states] !== 0);
  if (withLevel === undefined) return null;
  const others = charges
    .filter((charge) => charge !== withLevel)
    .map((charge) => {
      const m = charge[states] / withLevel[states];
      return charge.map((x, i) => x - m * withLevel[i]);
    })
    .slice(0, MOST_OTHERS);
  let candidates = [withLevel.map((x) => x / withLevel[states])];
  for (const other of others) {
    candidates = candidates.flatMap((c) => TRIED.map((t) => c.map((x, i) => x + t * other[i])));
  }
  let best: { offsets: Int32Array; change: number; spread: number } | null = null;
  for (const candidate of candidates) {
    const lowest = Math.min(...candidate.subarray(0, states));
    const exact = candidate.subarray(0, states).map((x) => x - lowest);
    if (exact.some((x) => Math.abs(x - Math.round(x)) > EPSILON)) continue;
    const offsets = Int32Array.from(exact, Math.round);
    const change = largestChange(moves, offsets);
    const spread = Math.max(...offsets);
    const better =
      best === null || change < best.change || (change === best.change && spread < best.spread);
    if (better) best = { offsets, change, spread };
  }
  return best?.offsets ?? null;
}
