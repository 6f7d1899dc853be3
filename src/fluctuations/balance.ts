/** The diagonal state in which each move of a bath between states and levels is balanced by its reverse. */
import type { Move } from '../lindblad/charges.js';
import { getOrInsert } from '../maps.js';
import { zeros } from '../zeros.js';

/** By move how fast it happens, by the level that it leaves. */
export type Rates = Map<string, Float64Array>;

export const NOT_BALANCED = 'no diagonal state is left alone by its jumps';

const keyOf = ({ to, from, shift }: Move): string => `${to} ${from} ${shift}`;

/** The rates of a move, to be added to. */
export const rateOf = (rates: Rates, move: Move, size: number): Float64Array =>
  getOrInsert(rates, keyOf(move), () => zeros(size));

/** How fast a move happens, and its reverse, by the level that each leaves; null where there is none. */
export interface BalancedMove extends Move {
  readonly table: Float64Array;
  readonly reverse: Float64Array | null;
}

/** As `potentialOf` has it. */
export function balancedPotential(
  states: number,
  size: number,
  rates: Rates,
): Float64Array | string {
  const moves = [...rates.entries()].map(([key, table]): BalancedMove => {
    const [to, from, shift] = key.split(' ').map(Number);
    return { to, from, shift, table, reverse: rates.get(`${from} ${to} ${-shift}`) ?? null };
  });
  return potentialOf(states, size, moves);
}

/** Its logarithm, state by state and level by level, or why there is none. */
export function potentialOf(
  states: number,
  size: number,
  moves: readonly BalancedMove[],
): Float64Array | string {
  const potential = zeros(states * size).fill(Number.NaN);
  const movesOf = Array.from({ length: states }, (_, s) => moves.filter(({ from }) => from === s));
  const members = new Int32Array(potential.length);
  for (let start = 0; start < potential.length; start++) {
    if (!Number.isNaN(potential[start])) continue;
    potential[start] = 0;
    members[0] = start;
    let count = 1;
    for (let m = 0; m < count; m++) {
      const at = members[m];
      const s = Math.floor(at / size);
      const i = at % size;
      for (const { to, shift, table, reverse } of movesOf[s]) {
        const j = i + shift;
        if (j < 0 || j >= size) continue;
        const there = table[i];
        const back = reverse === null ? 0 : reverse[j];
        if (there === 0 && back === 0) continue;
        if (there === 0 || back === 0) {
          return 'a jump has no reverse: as of a bath at temperature 0, it is infinite';
        }
        const next = to * size + j;
        if (!Number.isNaN(potential[next])) continue;
        potential[next] = potential[at] + Math.log(there / back);
        members[count++] = next;
      }
    }
    // Of each set of states that the bath connects, the largest weight is 1.
    let most = Number.NEGATIVE_INFINITY;
    for (let m = 0; m < count; m++) most = Math.max(most, potential[members[m]]);
    for (let m = 0; m < count; m++) potential[members[m]] -= most;
  }
  return potential;
}
