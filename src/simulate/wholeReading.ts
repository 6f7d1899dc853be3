/**
 * What fluctuates in a steady state of any system, read by the counting of its jumps, whichever way that is done.
 *
 * Quanta are those of charges that the jumps change by definite amounts and that all of the Hamiltonian conserves but a
 * potential.
 */

import { quantumOf } from '../fluctuations/counters.js';
import type { CountedName } from '../fluctuations/dynamics.js';
import { type EntropyReading, unknown } from '../fluctuations/entropyProduction.js';
import { CountedReading } from '../fluctuations/fluctuatingState.js';
import type { Current } from '../fluctuations/relations.js';
import { fullSpace } from '../generator/classes.js';
import { isNothing, type Symmetry, symmetryOf } from '../generator/symmetry.js';
import type { Estimate } from '../lindblad/estimate.js';
import type { OpenSystem } from '../operators/openSystem.js';
import { ONE, type Operator } from '../operators/operator.js';
import type { CountedBath } from '../spectrum/countedBath.js';
import type { Counting } from '../spectrum/counting.js';
import { SpohnEntropy, type SteadySystem } from '../spectrum/spohnEntropy.js';
import { AFFORDABLE_VECTORS } from '../state/affordableOrder.js';
import { embedded } from '../state/embed.js';

/** A system, and what is counted in it. */
export interface CountedSystem {
  readonly system: OpenSystem;
  readonly symmetry: Symmetry;
  /** The energy that counts as heat; null where jumps change none by definite amounts. */
  readonly heat: Operator | null;
  /** Baths whose jumps are between eigenstates of all of H. */
  readonly between?: readonly string[];
}

/** A bath that has jumps, but for their terms that are 0. */
export interface Bath {
  readonly name: string;
  readonly jumps: readonly Operator[];
}

export function bathsOf({ jumps }: OpenSystem): Bath[] {
  return Object.entries(jumps)
    .map(([name, { operators }]) => ({
      name,
      jumps: operators
        .map(({ window, transitions }) => ({
          window,
          transitions: transitions.filter((t) => !isNothing(t)),
        }))
        .filter(({ transitions }) => transitions.length > 0),
    }))
    .filter(({ jumps: own }) => own.length > 0);
}

/**
 * What a bath's quanta are, as an operator that each of its jumps changes by their number; null where there are none. Jumps
 * between eigenstates mix what the rest of the machine conserves: where that gives none, it is told without them.
 */
function quantityOf({ symmetry, system, between = [] }: SystemInCharges, bath: Bath) {
  const found = quantityAmong(symmetry, system, bath);
  if (found !== null || between.length === 0) return found;
  const { states, window, hamiltonian, jumps } = system;
  const bare = Object.entries(jumps).filter(([name]) => !between.includes(name));
  const rest = { states, window, hamiltonian, jumps: Object.fromEntries(bare) };
  return quantityAmong(symmetryOf(rest), system, bath);
}

type SystemInCharges = Pick<CountedSystem, 'symmetry' | 'system' | 'between'>;

function quantityAmong(
  symmetry: Symmetry,
  { states, window }: OpenSystem,
  { jumps }: Bath,
): Operator | null {
  const charges = symmetry.charges.filter(
    ({ offsets }) => window.size > 1 || offsets.some((c) => c !== 0),
  );
  const quantum = quantumOf(
    charges.map(({ offsets, perLevel }) => Float64Array.of(...offsets, perLevel)),
    states,
    jumps.map(({ transitions }) => transitions),
  );
  if (quantum === null) return null;
  const norm = quantum.charges.reduce((total, x) => total + x * x, 0);
  const value = (state: number, level: number) =>
    charges.reduce(
      (total, { offsets, perLevel }, k) =>
        total + (quantum.charges[k] * (offsets[state] + perLevel * level)) / norm,
      0,
    );
  return {
    window,
    transitions: Array.from({ length: states }, (_, s) => {
      const re = Float64Array.from({ length: window.size }, (_, i) => value(s, i));
      return { to: s, from: s, shift: 0, coefficient: ONE, table: { re, im: null } };
    }),
  };
}

export type Counter = CountedName & CountedBath;

/** What is counted at baths: their quanta, where they have some, and heat. */
export function countersOf(of: CountedSystem, baths: readonly Bath[]): Counter[] {
  const counter = (
    kind: CountedName['kind'],
    { name: bath, jumps }: Bath,
    quantity: Operator | null,
  ) => (quantity === null ? [] : [{ kind, bath, name: `${kind} of ${bath}`, jumps, quantity }]);
  return baths.flatMap((bath) => [
    ...counter('quanta', bath, quantityOf(of, bath)),
    ...counter('heat', bath, of.heat),
  ]);
}

/** Each number is computed when it is first asked for. */
export class WholeReading extends CountedReading {
  readonly #known = new Map<string, unknown>();

  /**
   * @param steady the only steady state
   * @param betas by bath, its inverse temperature; null where it has none
   */
  constructor(
    private readonly steady: SteadySystem,
    private readonly own: readonly Bath[],
    readonly counters: readonly Counter[],
    private readonly counting: Counting,
    protected readonly betas: Readonly<Record<string, number | null>>,
  ) {
    super();
  }

  #once<T>(name: string, compute: () => T): T {
    if (!this.#known.has(name)) this.#known.set(name, compute());
    return this.#known.get(name) as T;
  }

  get baths(): string[] {
    return this.own.map(({ name }) => name);
  }

  get counted(): string[] {
    return this.counters.flatMap(({ kind, bath }) => (kind === 'quanta' ? [bath] : []));
  }

  #nameOf(kind: CountedName['kind'], bath: string): string | null {
    return this.counters.find((one) => one.kind === kind && one.bath === bath)?.name ?? null;
  }

  #current(kind: CountedName['kind'], bath: string): Current | null {
    const name = this.#nameOf(kind, bath);
    if (name === null) return null;
    return this.#once(name, () => ({
      mean: this.counting.mean(name),
      noise: this.counting.covariance(name, name),
    }));
  }

  quanta(bath: string): Current | null {
    return this.#current('quanta', bath);
  }

  heat(bath: string): Current | null {
    return this.#current('heat', bath);
  }

  cumulants(bath: string, order: number): number[] {
    return this.#cumulants('quanta', bath, order);
  }

  heatCumulants(bath: string, order: number): number[] {
    return this.#cumulants('heat', bath, order);
  }

  #cumulants(kind: CountedName['kind'], bath: string, order: number): number[] {
    const name = this.#nameOf(kind, bath);
    const current = this.#current(kind, bath);
    if (name === null || current === null) return [];
    const known = [current.mean.value, current.noise.value].slice(0, order);
    return order <= 2 ? known : [...known, ...this.counting.cumulants(name, order).slice(2)];
  }

  covariance(first: string, second: string): Estimate {
    const [a, b] = [first, second].map((bath) => this.#nameOf('quanta', bath));
    if (a === null || b === null) throw new RangeError('of quanta that are not counted');
    return this.counting.covariance(a, b);
  }

  activity(bath: string): number {
    return this.#once(`activity of ${bath}`, () => {
      const { jumps } = this.own.find(({ name }) => name === bath) as Bath;
      return this.counting.activity(jumps);
    });
  }

  /** Why entropies are not computed; null where they are. */
  get #withoutEntropies(): string | null {
    const { states, window } = this.steady.system;
    const order = states * window.size;
    return 2 * order <= AFFORDABLE_VECTORS
      ? null
      : `its logarithm of ρ, a matrix of order ${order}, takes too long`;
  }

  /** From a state with all of its elements: fixed points of baths may have more than are solved. */
  #entropy(): SpohnEntropy {
    const { steady } = this;
    return this.#once('entropies', () => {
      const whole = embedded(steady.steady, fullSpace(steady.system));
      return new SpohnEntropy({ ...steady, steady: whole });
    });
  }

  entropyProduction(bath: string): EntropyReading {
    return this.#once(`entropy production of ${bath}`, () => {
      const reason = this.#withoutEntropies;
      return reason === null ? this.#entropy().of(bath, this.betas[bath] ?? null) : unknown(reason);
    });
  }

  get entropy(): number | null {
    return this.#withoutEntropies === null ? this.#entropy().entropy : null;
  }
}
