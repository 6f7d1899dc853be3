/** Means over quantum trajectories of a described machine, with error bars. */
import { entriesByPlace, entriesOf, ketSystem } from '../generator/kets.js';
import { describedMachine } from '../machine/description/described.js';
import type { MachineModel } from '../machine/description/models.js';
import type { Values } from '../machine/tape.js';
import { adjoint, adjointProduct, type Operator, scale, sum } from '../operators/operator.js';
import { gained, isDiagonal } from '../spectrum/countedBath.js';
import { machineInitial } from './machineInitial.js';
import { type MachineNumbers, MachineSystem } from './machineSystem.js';
import type { Estimate, Moments } from './moments.js';
import { TrajectorySet, type UnravelledMeans } from './unravelling.js';

/** What a machine's trajectory depends on, besides its number. Plain data: it is sent to threads. */
export interface MachineTrajectoryRequest {
  /** Its file, by what errors call it and what is in it. */
  readonly machine: {
    readonly file: string;
    readonly text: string;
    readonly model: MachineModel;
  };
  readonly values: Values;
  readonly lmin: number;
  readonly lmax: number;
  /** Rising, from 0 on. */
  readonly times: readonly number[];
  /** A whole number from 0 to 2⁵³ − 1. */
  readonly seed: number;
}

type ByName<T> = Readonly<Record<string, T>>;

/** Means over a machine's trajectories at one time. */
export interface MachineTrajectorySnapshot {
  readonly t: number;
  /** By subsystem, one for each of its levels. */
  readonly populations: ByName<readonly Estimate[]>;
  readonly ladder: {
    readonly symbol: string;
    readonly mean: Estimate;
    readonly meanSquare: Estimate;
    readonly populations: readonly Estimate[];
  } | null;
  readonly energies: ByName<Estimate>;
  /** From each bath, of the state at this time. */
  readonly heat: ByName<Estimate>;
  readonly work: ByName<Estimate>;
  /**
   * The heat that the jumps until this time have brought in; null of a bath with a jump that changes the energy that
   * counts as heat by no sharp amount.
   */
  readonly exchanged: ByName<Estimate | null>;
  /** The jumps until this time. */
  readonly jumps: ByName<Estimate>;
  /** The real part of an operator that is not Hermitian, and beside it the imaginary one. */
  readonly observables: ByName<Estimate | { readonly re: Estimate; readonly im: Estimate }>;
}

/** ⟨·⟩ of a bath's 𝓛† of X: Σ_j A†XA − ½{A†A, X}. */
function gainOf(jumps: readonly Operator[], x: Operator): Operator {
  const parts = jumps.flatMap((a) => {
    const decay = adjointProduct(a, a);
    return [
      adjointProduct(a, adjointProduct(x, a)),
      scale(adjointProduct(decay, x), -0.5),
      scale(adjointProduct(x, decay), -0.5),
    ];
  });
  return sum(x.window, ...parts);
}

/** What a jump's gains may differ by, beside the largest. */
const SHARP = 1e-9;

/** Whether a jump adds one energy to whatever it acts on, or, by a diagonal X, one to whatever leads to a state. */
function isSharp(x: Operator, jump: Operator): boolean {
  // [X, A], entry by entry beside A.
  const gains = entriesByPlace(gained(x, jump));
  const groups = new Map<number, { low: number; high: number }>();
  const byTarget = isDiagonal(x);
  let [largest, stray] = [0, 0];
  for (const [place, { re, im, target }] of entriesByPlace(jump)) {
    const found = gains.get(place) ?? { re: 0, im: 0 };
    gains.delete(place);
    const size = re * re + im * im;
    const gain = (found.re * re + found.im * im) / size;
    stray = Math.max(stray, Math.abs(found.im * re - found.re * im) / size);
    largest = Math.max(largest, Math.abs(gain));
    const group = byTarget ? target : -1;
    const { low, high } = groups.get(group) ?? { low: gain, high: gain };
    groups.set(group, { low: Math.min(low, gain), high: Math.max(high, gain) });
  }
  for (const { low, high } of groups.values()) stray = Math.max(stray, high - low);
  for (const { re, im } of gains.values()) stray = Math.max(stray, Math.hypot(re, im));
  return stray <= SHARP * largest;
}

/** What is gathered of a machine beside its jumps, by what it is and its name. */
class Gathered {
  readonly operators: Operator[] = [];
  readonly #places = new Map<string, number>();

  add(kind: string, name: string, operator: Operator): void {
    this.#places.set(`${kind} ${name}`, this.operators.length);
    this.operators.push(operator);
  }

  of({ operators }: UnravelledMeans, kind: string, name: string): Estimate | null {
    const at = this.#places.get(`${kind} ${name}`);
    return at === undefined ? null : operators[at];
  }
}

/** The energy of which what a bath brings in is heat, or work. @param isHeat whether the bath gives heat at all */
function countedAs(
  kind: 'heat' | 'work',
  { described, energies, window }: MachineNumbers,
  isHeat: boolean,
): Operator {
  const counted = described.energies.filter((e) => (e.isHeat && isHeat) === (kind === 'heat'));
  return sum(window, ...counted.map(({ name }) => energies[name]));
}

function gatheredOf(numbers: MachineNumbers) {
  const { described, system, energies, observables, window } = numbers;
  const gathered = new Gathered();
  const { subsystems } = described;
  subsystems.all.forEach(({ name, levels }, at) => {
    levels.forEach((level, k) => {
      const transitions = Array.from({ length: subsystems.states }, (_, s) => s)
        .filter((s) => subsystems.levelOf(at, s) === k)
        .map((s) => ({ to: s, from: s, shift: 0, coefficient: { re: 1, im: 0 }, table: null }));
      gathered.add(`population ${name}`, level, { window, transitions });
    });
  });
  for (const [name, energy] of Object.entries(energies)) gathered.add('energy', name, energy);
  for (const { name, isHeat } of described.baths) {
    const { operators } = system.jumps[name];
    for (const kind of ['heat', 'work'] as const) {
      gathered.add(kind, name, gainOf(operators, countedAs(kind, numbers, isHeat)));
    }
  }
  for (const [name, x] of Object.entries(observables)) {
    const [half, other] = [scale(x, 0.5), scale(adjoint(x), 0.5)];
    gathered.add('re', name, sum(window, half, other));
    const difference = sum(window, half, scale(other, -1));
    // 0 up to rounding where it is Hermitian.
    if (largest(difference) <= HERMITIAN * largest(x)) continue;
    gathered.add('im', name, scale(difference, { re: 0, im: -1 }));
  }
  return gathered;
}

/** Largest |X − X†|/2 beside |X|. */
const HERMITIAN = 1e-12;

const largest = (x: Operator): number =>
  entriesOf(x).reduce((most, { re, im }) => Math.max(most, Math.hypot(re, im)), 0);

/** Runs a machine's trajectories. */
export class MachineTrajectories extends TrajectorySet {
  readonly numbers: MachineNumbers;
  readonly #gathered: Gathered;
  /** Baths whose jumps bring in sharp energies. */
  readonly #sharp: ReadonlySet<string>;

  /** @throws {MachineError | ParameterError} */
  constructor({ machine, values, lmin, lmax, times, seed }: MachineTrajectoryRequest) {
    const described = describedMachine(machine.file, machine.text, machine.model);
    const window = { lmin, lmax, size: lmax - lmin + 1 };
    const numbers = new MachineSystem(described).on(window, values);
    const { system, energies, quantity } = numbers;
    const counted = Object.fromEntries(
      described.baths.map(({ name, isHeat }) => [name, countedAs('heat', numbers, isHeat)]),
    );
    const gathered = gatheredOf(numbers);
    const stored = Object.values(energies).filter(isDiagonal);
    super({
      kets: ketSystem(system, counted),
      states: described.subsystems.states,
      quantity,
      operators: gathered.operators,
      stored: described.baths.map(() => stored),
      initial: machineInitial(numbers),
      times,
      seed,
    });
    this.numbers = numbers;
    this.#gathered = gathered;
    this.#sharp = new Set(
      Object.entries(counted).flatMap(([name, energy]) =>
        system.jumps[name].operators.every((jump) => isSharp(energy, jump)) ? [name] : [],
      ),
    );
  }

  /** What moments mean, a set of them for each time. */
  snapshots(moments: readonly Moments[]): MachineTrajectorySnapshot[] {
    const { described } = this.numbers;
    const { baths, subsystems, ladder } = described;
    return this.estimates(moments).map((means) => {
      const of = (kind: string, name: string) => this.#gathered.of(means, kind, name) as Estimate;
      const byBath = <T>(value: (name: string, b: number) => T): ByName<T> =>
        Object.fromEntries(baths.map(({ name }, b) => [name, value(name, b)]));
      return {
        t: means.t,
        populations: Object.fromEntries(
          subsystems.all.map(({ name, levels }) => [
            name,
            levels.map((level) => of(`population ${name}`, level)),
          ]),
        ),
        ladder:
          ladder.symbol === null
            ? null
            : {
                symbol: ladder.symbol,
                mean: means.mean,
                meanSquare: means.meanSquare,
                populations: means.levels,
              },
        energies: Object.fromEntries(
          described.energies.map(({ name }) => [name, of('energy', name)]),
        ),
        heat: byBath((name) => of('heat', name)),
        work: byBath((name) => of('work', name)),
        exchanged: byBath((name, b) => (this.#sharp.has(name) ? means.exchanged[b] : null)),
        jumps: byBath((_, b) => means.jumps[b]),
        observables: Object.fromEntries(
          described.observables.map(({ name }) => {
            const im = this.#gathered.of(means, 'im', name);
            const re = of('re', name);
            return [name, im === null ? re : { re, im }];
          }),
        ),
      };
    });
  }
}
