/**
 * Derivatives of the entropy production in layers, by every parameter at once, as sensitivity/entropySensitivity.ts has
 * them in a sector: where each bath moves populations alone and balances each move against its reverse it is
 * Σ k p ln(k/k') over all moves between bare states, with rates k and k'. Of baths between eigenstates of all of H, which
 * leave Gibbs' state alone, it is −βQ of their heat.
 */
import { balancedPotential, NOT_BALANCED, type Rates, rateOf } from '../fluctuations/balance.js';
import { bounds } from '../machine/range.js';
import { SAFETY } from '../machine/scalarSlopes.js';
import type { Numbers, Place } from '../machine/tape.js';
import { groupBy } from '../maps.js';
import { ONE, type Operator } from '../operators/operator.js';
import type { Differential } from '../sensitivity/differential.js';
import { mixesArrivals } from '../sensitivity/entropySensitivity.js';
import { IN_SLOPES, NoDerivativeError, ROUNDING } from '../sensitivity/noiseSensitivity.js';
import { matrixOf } from '../state/spectrum.js';
import { zeros } from '../zeros.js';
import { known, LayeredSlopes, type StateInLayers } from './layeredSlopes.js';
import type { MachineOperators } from './machineOperators.js';

/** By how much the ways round a loop of moves may differ. */
const BALANCED = 1e-9;

/** All terms of a bath's jumps that take one state to another one. */
interface Move {
  readonly bath: string;
  readonly to: number;
  readonly from: number;
  readonly shift: number;
  readonly rate: Float64Array;
  readonly parts: readonly {
    readonly place: Place;
    readonly first: number;
    readonly end: number;
  }[];
}

const keyOf = ({ bath, to, from, shift }: Omit<Move, 'rate' | 'parts'>): string =>
  `${to} ${from} ${shift} ${bath}`;

const numberAt = (numbers: Numbers, { kind, at }: Place, i: number): number =>
  kind === 'scalar' ? numbers.scalar(at) : numbers.table(at)[i];

/** @throws {NoDerivativeError} where a bath moves more than populations */
function movesOf(operators: MachineOperators): Map<string, Move> {
  const { equation, jumps, window, eigenstates } = operators;
  for (const { name, jumps: forms } of equation.dissipators) {
    if (eigenstates?.has(name)) continue;
    if (forms.some(mixesArrivals)) {
      throw new NoDerivativeError(`${name} moves coherences to populations`);
    }
  }
  const numbers = operators.numbers();
  const moves = new Map<string, Move>();
  for (const { bath, form } of jumps) {
    if (eigenstates?.has(bath)) continue;
    for (const { to, from, shift, range, re, im } of form) {
      if (to === from && shift === 0) continue;
      const own = { bath, to, from, shift };
      const found = moves.get(keyOf(own)) ?? { ...own, rate: zeros(window.size), parts: [] };
      const [first, end] = bounds(range, window.size);
      const parts = [re, im].flatMap((place) => (place === null ? [] : [{ place, first, end }]));
      for (const { place } of parts) {
        for (let i = first; i < end; i++) found.rate[i] += numberAt(numbers, place, i) ** 2;
      }
      moves.set(keyOf(own), { ...found, parts: [...found.parts, ...parts] });
    }
  }
  return moves;
}

/** @throws {NoDerivativeError} where a bath leaves no diagonal state alone, or has a move without a reverse */
function requireBalance(moves: Iterable<Move>, { window, system }: MachineOperators): void {
  const { size } = window;
  for (const [bath, own] of groupBy(moves, (move) => move.bath)) {
    const rates: Rates = new Map();
    for (const move of own) rateOf(rates, move, size).set(move.rate);
    const potential = balancedPotential(system.states, size, rates);
    if (typeof potential === 'string') throw new NoDerivativeError(`${bath}: ${potential}`);
    for (const { to, from, shift, rate } of own) {
      const reverse = rateOf(rates, { to: from, from: to, shift: -shift }, size);
      for (let i = Math.max(0, -shift); i < size - Math.max(0, shift); i++) {
        if (rate[i] === 0) continue;
        const apart = potential[to * size + i + shift] - potential[from * size + i];
        const affinity = Math.log(rate[i] / reverse[i + shift]);
        if (!(Math.abs(apart - affinity) <= BALANCED * (1 + Math.abs(apart)))) {
          throw new NoDerivativeError(`${bath}: ${NOT_BALANCED}`);
        }
      }
    }
  }
}

/** Of the baths between bare states. @throws {NoDerivativeError | Ended} */
export async function entropyProduction(state: StateInLayers): Promise<Differential> {
  const { operators, inverse, rho, edge } = state;
  const { window, system } = operators;
  const { size } = window;
  const moves = movesOf(operators);
  requireBalance(moves.values(), operators);
  const numbers = operators.numbers();
  const slopes = new LayeredSlopes(operators);
  const rows = Array.from({ length: system.states }, () => zeros(size));
  const population = (s: number, i: number) => {
    const at = rho.value.place(s, i, s, i);
    return { p: rho.value.re[at], lost: Math.abs(rho.correction.re[at]) };
  };
  let error = 0;
  for (const move of moves.values()) {
    const { bath, to, from, shift, rate, parts } = move;
    const reverse = moves.get(keyOf({ bath, to: from, from: to, shift: -shift }))?.rate;
    const [byRate, lost] = [zeros(size), zeros(size)];
    for (let i = Math.max(0, -shift); i < size - Math.max(0, shift); i++) {
      const back = reverse?.[i + shift] ?? 0;
      if (rate[i] === 0) continue;
      const [here, there] = [population(from, i), population(to, i + shift)];
      const affinity = Math.log(rate[i] / back);
      rows[from][i] += rate[i] * affinity;
      error += ROUNDING * rate[i] * Math.abs(here.p) * (1 + Math.abs(affinity));
      // By the rate itself, which is in the affinity of its reverse, too.
      byRate[i] = here.p * (affinity + 1) - (back * there.p) / rate[i];
      lost[i] =
        SAFETY * (here.lost * Math.abs(affinity + 1) + (back * there.lost) / rate[i]) +
        IN_SLOPES * (Math.abs(here.p) * (1 + Math.abs(affinity)) + Math.abs(byRate[i]));
    }
    for (const { place, first, end } of parts) {
      for (let i = first; i < end; i++) {
        const amplitude = 2 * numberAt(numbers, place, i);
        slopes.own.add(place, i, amplitude * byRate[i], Math.abs(amplitude) * lost[i]);
      }
    }
  }
  const row: Operator = {
    window,
    transitions: rows.map((re, s) => ({
      ...{ to: s, from: s, shift: 0, coefficient: ONE },
      table: { re, im: null },
    })),
  };
  const matrix = matrixOf(row, system.states);
  const read = await inverse.adjointOf(matrix);
  slopes.addGenerator(-1, rho, known(read.adjoint, read.correction));
  return {
    value: { value: read.mean.value, error: read.mean.error + error },
    gradient: slopes.gradient(read.leftOut * edge),
  };
}
