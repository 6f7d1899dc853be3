/**
 * Random open systems of every kind that an OpenSystem can be, and their superoperators as dense matrices, straight
 * from the operators' entries.
 */
import fc from 'fast-check';
import type { Jumps, ResolvedJumps } from '../../src/operators/jumps.js';
import type { OpenSystem } from '../../src/operators/openSystem.js';
import {
  adjoint,
  type Complex,
  type Operator,
  operator,
  sum,
} from '../../src/operators/operator.js';
import type { Window } from '../../src/operators/window.js';
import { commutator, Dense, dissipator } from './dense.js';
import { denseOperator } from './generators.js';
import { randomElements } from './vectors.js';

export interface Kind {
  readonly seed: number;
  readonly states: number;
  readonly size: number;
  readonly lmin: number;
  /** The largest |k| of e^{ikφ}. */
  readonly reach: 1 | 2;
  /** What is conserved: by everything, by the jumps and some terms of H, or nothing that is looked for. */
  readonly conserved: 'all' | 'jumps' | 'none';
  /** Whether dissipation moves every level and every state, so that the steady state is unique as a rule. */
  readonly mixing: boolean;
  readonly resolved: boolean;
}

/** @param largest dimension of the Hilbert space */
export const kinds = (largest: number): fc.Arbitrary<Kind> =>
  fc
    .record({
      seed: fc.integer({ min: 1, max: 2 ** 30 }),
      states: fc.integer({ min: 1, max: 6 }),
      size: fc.integer({ min: 3, max: 9 }),
      lmin: fc.integer({ min: -6, max: 2 }),
      reach: fc.constantFrom(1 as const, 2 as const),
      conserved: fc.constantFrom('all' as const, 'jumps' as const, 'none' as const),
      mixing: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false)),
      resolved: fc.boolean(),
    })
    .filter(({ states, size }) => states * size <= largest);

/** Numbers in [−1, 1) and choices, one after another. */
class Draws {
  #numbers: Float64Array;
  #next = 0;

  constructor(seed: number) {
    this.#numbers = randomElements(4096, seed);
    // The first numbers of neighbouring seeds are alike.
    this.#next = 64;
  }

  number(): number {
    return this.#numbers[this.#next++ % this.#numbers.length];
  }

  /** An integer from min to max. */
  integer(min: number, max: number): number {
    return Math.min(max, min + Math.floor(((this.number() + 1) / 2) * (max - min + 1)));
  }

  chance(probability: number): boolean {
    return (this.number() + 1) / 2 < probability;
  }

  /** Numbers by level, none of them small, or powers of l. */
  table(window: Window): (l: number) => number {
    const values = Array.from(
      { length: window.size },
      () => (0.3 + Math.abs(this.number())) * (this.chance(0.5) ? 1 : -1),
    );
    return (l) => values[l - window.lmin];
  }

  complex(): Complex {
    return { re: this.number(), im: this.chance(0.5) ? this.number() : 0 };
  }
}

/** The charge's part of each state of the subsystems. */
function offsetsOf(draws: Draws, { states, reach }: Kind): number[] {
  return Array.from({ length: states }, () => draws.integer(0, reach));
}

function randomHamiltonian(draws: Draws, kind: Kind, window: Window, offsets: number[]): Operator {
  const { states, reach, conserved } = kind;
  const diagonal = Array.from({ length: states }, (_, s) => {
    const [energy, slope, curvature] = [2 * draws.number(), draws.number(), draws.number()];
    const f = (l: number) => energy + slope * l + curvature * l * l;
    return operator(window, [{ to: s, from: s, value: { re: 1, im: 0 } }], { shift: 0, f });
  });
  const terms = Array.from({ length: draws.integer(1, states + 1) }, (_, at) => {
    const [to, from] = [draws.integer(0, states - 1), draws.integer(0, states - 1)];
    const keeps = conserved === 'all' || (conserved === 'jumps' && at % 2 === 0);
    const shift = keeps ? offsets[from] - offsets[to] : draws.integer(-reach, reach);
    const value = draws.complex();
    const rotor = draws.chance(0.5) ? { shift, f: draws.table(window) } : { shift };
    const half = operator(window, [{ to, from, value }], rotor);
    return [half, adjoint(half)];
  });
  return sum(window, ...diagonal, ...terms.flat());
}

function randomJump(draws: Draws, kind: Kind, window: Window, offsets: number[]): Operator {
  const { states, reach, conserved } = kind;
  const change = draws.integer(-1, 1);
  const parts: Operator[] = [];
  for (let n = draws.chance(0.3) ? 2 : 1; n > 0; n--) {
    const [to, from] = [draws.integer(0, states - 1), draws.integer(0, states - 1)];
    const kept = change - offsets[to] + offsets[from];
    const free = conserved === 'none' || Math.abs(kept) > reach;
    // Of an operator of one transition any change is one change.
    if (free && conserved !== 'none' && parts.length > 0) continue;
    const shift = free ? draws.integer(-reach, reach) : kept;
    const rotor = draws.chance(0.7) ? { shift, f: draws.table(window) } : { shift };
    parts.push(operator(window, [{ to, from, value: draws.complex() }], rotor));
    if (free && conserved !== 'none') break;
  }
  return sum(window, ...parts);
}

/** Sets of operators of one level each: two parts that arrive from one level, or one part. */
function randomResolved(draws: Draws, { states }: Kind, { size }: Window): ResolvedJumps {
  const [from, to, other] = [0, 1, 2].map(() => draws.integer(0, states - 1));
  const departure = draws.integer(0, 1);
  const arrival = draws.integer(0, 1);
  const amplitudes = () =>
    Float64Array.from({ length: size }, (_, k) =>
      k + departure < size && k + arrival < size ? 0.3 + Math.abs(draws.number()) : 0,
    );
  const first = { from, departure, arrival, sign: 1 as const };
  const parts = [{ ...first, to, amplitudes: [amplitudes(), amplitudes()] }];
  if (other !== to && draws.chance(0.5)) {
    parts.push({ ...first, to: other, amplitudes: [amplitudes(), amplitudes()] });
  }
  return { parts };
}

/** Jumps between all states and all levels, each its own operator. */
function mixingJumps(draws: Draws, { states }: Kind, window: Window): Operator[] {
  const everywhere = Array.from({ length: states }, (_, s) => s);
  const single = (to: number, from: number, shift: number) =>
    operator(window, [{ to, from, value: { re: 1, im: 0 } }], { shift, f: draws.table(window) });
  return [
    ...everywhere.map((s) => single((s + 1) % states, s, 0)),
    ...everywhere.map((s) => single(s, s, draws.chance(0.5) ? 1 : -1)),
    single(0, 0, 1),
    single(0, 0, -1),
  ];
}

export function openSystem(kind: Kind): OpenSystem {
  const draws = new Draws(kind.seed);
  const { states, lmin, size } = kind;
  const window = { lmin, lmax: lmin + size - 1, size };
  const offsets = offsetsOf(draws, kind);
  const hamiltonian = randomHamiltonian(draws, kind, window, offsets);
  const jumps: Record<string, Jumps> = {};
  const baths = draws.integer(1, 3);
  for (let b = 0; b < baths; b++) {
    const operators = Array.from({ length: draws.integer(1, 2) }, () =>
      randomJump(draws, kind, window, offsets),
    );
    jumps[['hot', 'cold bath', 'Φ'][b]] = {
      operators,
      resolved:
        kind.resolved && b === 0 && kind.conserved === 'none'
          ? [randomResolved(draws, kind, window)]
          : [],
    };
  }
  if (kind.mixing) jumps.mixing = { operators: mixingJumps(draws, kind, window), resolved: [] };
  return { states, window, hamiltonian, jumps };
}

/** Every jump operator of a system, one of a level each where they are given so. */
export function denseJumps({ states, window, jumps }: OpenSystem): Dense[] {
  const { size } = window;
  return Object.values(jumps).flatMap(({ operators, resolved }) => [
    ...operators.map((x) => denseOperator(x, states)),
    ...resolved.flatMap(({ parts }) =>
      parts[0].amplitudes.flatMap((_, s) =>
        Array.from({ length: size }, (_, k) => {
          const m = new Dense(states * size);
          for (const { to, from, departure, arrival, sign, amplitudes } of parts) {
            const value = sign * amplitudes[s][k];
            if (value === 0) continue;
            m.re[(to * size + k + arrival) * m.n + from * size + k + departure] += value;
          }
          return m;
        }),
      ),
    ),
  ]);
}

export function denseLindbladian(system: OpenSystem): Dense {
  return denseJumps(system).reduce(
    (l, jump) => l.plus(dissipator(jump)),
    commutator(denseOperator(system.hamiltonian, system.states)),
  );
}
