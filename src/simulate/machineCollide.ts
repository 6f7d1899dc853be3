/** A described machine that collides with units, each of which comes fresh. */
import type { Backend } from '../backend/backend.js';
import { checkedSystem } from '../generator/checkedSystem.js';
import type { ClassName, Space } from '../generator/classes.js';
import type { Generator } from '../generator/generator.js';
import {
  chosenSpace,
  HAMILTONIAN,
  lindbladianOn,
  lindbladRules,
} from '../generator/lindbladian.js';
import { spectrumBounds } from '../generator/spectrumBounds.js';
import { MachineError } from '../machine/description/error.js';
import { ParameterError } from '../model/parameters.js';
import { type Complex, conjugate, type Operator, times } from '../operators/operator.js';
import { ChebyshevEvolution } from '../solve/chebyshevEvolution.js';
import { type DensityMatrix, expectation, trace } from '../state/densityMatrix.js';
import { initialDensityMatrix, populatedClasses } from '../state/initialState.js';
import { zeros } from '../zeros.js';
import { machineInitial } from './machineInitial.js';
import { type MachineState, machineState } from './machineState.js';
import type { MachineNumbers } from './machineSystem.js';
import { type ActsOn, actsOn } from './unitSplit.js';

type ByName<T> = Readonly<Record<string, T>>;

/**
 * One collision. Energies that flow are what the collision brings in; means are of what acts on the machine alone, and
 * populations of units as the collision leaves them.
 */
export interface MachineCollision extends MachineState {
  readonly step: number;
  /** The time at its end. */
  readonly t: number;
  /** The energy that each unit leaves behind. */
  readonly units: ByName<number>;
  /** What it takes to switch the coupling to fresh units on, and off again. */
  readonly switching: number;
  /** What the baths bring in after it. */
  readonly heat: ByName<number>;
  readonly work: ByName<number>;
  /** The change of the machine's energy, and it less all that was brought in. */
  readonly dU: number;
  readonly firstLaw: number;
  readonly traceError: number;
}

/** A collision is as exact as float64 has it. */
const TOLERANCES = { rtol: 1e-14, atol: 1e-17 };

const NORMALISED = 1e-12;
const ZERO: Complex = { re: 0, im: 0 };
const isZero = ({ re, im }: Complex): boolean => re === 0 && im === 0;

/** What a fresh unit's formulas give. */
interface Unit {
  readonly at: number;
  /** ρ of it. */
  readonly rho: readonly (readonly Complex[])[];
}

/** @throws {ParameterError} for weights that are none */
function unitsOf({ described, collisions }: MachineNumbers): readonly Unit[] {
  return (collisions?.units ?? []).map(({ at, isPure, numbers }) => {
    const { name } = described.subsystems.all[at];
    const weights = numbers.map(({ re, im }) => (isPure ? re * re + im * im : re));
    const total = weights.reduce((a, b) => a + b, 0);
    if (!weights.every((w) => w >= 0) || !(Math.abs(total - 1) <= NORMALISED)) {
      const allowed = isPure
        ? 'amplitudes whose squares add up to 1'
        : 'weights ≥ 0 that add up to 1';
      throw new ParameterError(`collisions.units.${name}`, weights, allowed);
    }
    return {
      at,
      rho: numbers.map((a, k) =>
        numbers.map((b, l) =>
          isPure ? times(a, conjugate(b)) : k === l ? { re: weights[k], im: 0 } : ZERO,
        ),
      ),
    };
  });
}

/** Takes the units' states from a joint state and puts fresh ones there. */
class Reset {
  /** Of states of all subsystems: the state with every unit at its lowest level. */
  private readonly rest: readonly number[];
  /** By rest, the states whose units are at the levels that are together numbered so. */
  private readonly withUnits: readonly (readonly number[])[];
  /** ρ of all units, by those numbers. */
  private readonly fresh: readonly (readonly Complex[])[];

  constructor({ described: { subsystems } }: MachineNumbers, units: readonly Unit[]) {
    const states = Array.from({ length: subsystems.states }, (_, s) => s);
    const levelsOf = (s: number) => units.map(({ at }) => subsystems.levelOf(at, s));
    const others = (s: number) =>
      subsystems.all
        .flatMap((_, at) => (units.some((u) => u.at === at) ? [] : [subsystems.levelOf(at, s)]))
        .join();
    const first = new Map<string, number>();
    for (const s of states) if (!first.has(others(s))) first.set(others(s), s);
    this.rest = states.map((s) => first.get(others(s)) as number);
    // In the order of the states, which is the same in every group.
    this.withUnits = states.map((r) => states.filter((s) => this.rest[s] === r));
    const combinations = this.withUnits[0].map(levelsOf);
    this.fresh = combinations.map((a) =>
      combinations.map((b) =>
        units.reduce((product, { rho }, k) => times(product, rho[a[k]][b[k]]), { re: 1, im: 0 }),
      ),
    );
  }

  /** The classes of the machine's part of a joint class; null where its units' states are different ones. */
  private kept({ ket, bra, delta }: ClassName): ClassName | null {
    const [k, b] = [this.rest[ket], this.rest[bra]];
    return this.withUnits[k].indexOf(ket) === this.withUnits[b].indexOf(bra)
      ? { ket: k, bra: b, delta }
      : null;
  }

  /** Where fresh units bring a class of the machine. */
  classesOf({
    ket,
    bra,
    delta,
  }: ClassName): { readonly name: ClassName; readonly value: Complex }[] {
    return this.fresh.flatMap((row, a) =>
      row.flatMap((value, b) =>
        isZero(value)
          ? []
          : [{ name: { ket: this.withUnits[ket][a], bra: this.withUnits[bra][b], delta }, value }],
      ),
    );
  }

  /** Classes that a state has elements in after the units of one in these classes were exchanged. */
  reached(names: readonly ClassName[]): ClassName[] {
    const found = names.flatMap((name) => {
      const kept = this.kept(name);
      return kept === null ? [] : this.classesOf(kept).map((one) => one.name);
    });
    return [...new Map(found.map((n) => [`${n.ket} ${n.bra} ${n.delta}`, n])).values()];
  }

  apply({ space, elements }: DensityMatrix): DensityMatrix {
    const result = zeros(2 * space.size);
    for (const source of space.classes) {
      const kept = this.kept(source);
      if (kept === null) continue;
      for (const { name, value } of this.classesOf(kept)) {
        const target = space.classes[space.find(name.ket, name.bra, name.delta)];
        for (let i = 0; i < source.length; i++) {
          const [re, im] = [
            elements[2 * (source.offset + i)],
            elements[2 * (source.offset + i) + 1],
          ];
          result[2 * (target.offset + i)] += value.re * re - value.im * im;
          result[2 * (target.offset + i) + 1] += value.re * im + value.im * re;
        }
      }
    }
    return { space, elements: result };
  }
}

/** A joint space that holds what collisions and fresh units lead to. */
function jointSpace(numbers: MachineNumbers, reset: Reset, start: readonly ClassName[]): Space {
  const rules = lindbladRules(numbers.system);
  let names = reset.reached(start);
  for (;;) {
    const space = chosenSpace(numbers.system, rules, 'sector', names);
    const missing = reset
      .reached(space.classes)
      .filter(({ ket, bra, delta }) => space.find(ket, bra, delta) < 0);
    if (missing.length === 0) return space;
    names = [...names, ...missing];
  }
}

/** A sequence of collisions. */
export class MachineCollisions<V> {
  readonly records: MachineCollision[] = [];
  /** Collisions so far. */
  step = 0;
  /** How long each of them takes. */
  readonly tau: number;
  private readonly reset: Reset;
  private readonly unitary: Generator;
  private readonly afterwards: readonly { readonly bath: string; readonly generator: Generator }[];
  private readonly acts: ByName<ActsOn>;
  /** What acts on the machine alone. */
  private readonly own: Readonly<Record<'energies' | 'observables', ByName<Operator>>>;
  private rho: DensityMatrix;

  /** @throws {MachineError | ParameterError} for a machine that collides with nothing */
  constructor(
    private readonly numbers: MachineNumbers,
    private readonly backend: Backend<V>,
  ) {
    const { described, system, energies, collisions } = numbers;
    const { file, subsystems } = described;
    if (collisions === null) {
      const instead = "it has no 'collisions', with tau and units, to say what it collides with";
      throw new MachineError(file, null, instead);
    }
    this.tau = collisions.tau;
    if (!(this.tau > 0 && this.tau < Infinity)) {
      throw new ParameterError('collisions.tau', this.tau, 'a number > 0');
    }
    checkedSystem(system);
    const units = unitsOf(numbers);
    const places = units.map(({ at }) => at);
    this.acts = Object.fromEntries(
      Object.entries(energies).map(([name, x]) => [name, actsOn(x, subsystems, places)]),
    );
    const own = (all: ByName<Operator>) =>
      Object.fromEntries(
        Object.entries(all).filter(([, x]) => actsOn(x, subsystems, places) === 'system'),
      );
    this.own = { energies: own(energies), observables: own(numbers.observables) };
    for (const [bath, { operators }] of Object.entries(system.jumps)) {
      if (operators.every((jump) => actsOn(jump, subsystems, places) === 'system')) continue;
      const what = `baths.${bath}: a jump acts on a unit, which comes fresh to every collision`;
      throw new MachineError(file, described.placeOf(['baths', bath]), what);
    }
    this.reset = new Reset(numbers, units);
    const initial = machineInitial(numbers);
    const space = jointSpace(numbers, this.reset, populatedClasses(initial));
    const { channels } = lindbladianOn(space, lindbladRules(system));
    this.unitary = channels[HAMILTONIAN];
    this.afterwards = described.baths
      .map(({ name: bath }) => ({ bath, generator: channels[bath] }))
      .filter(({ generator }) => generator.couplings.length > 0);
    // Only the machine's own part of it matters.
    this.rho = initialDensityMatrix(initial, space);
  }

  private async evolved(generator: Generator, { space, elements }: DensityMatrix) {
    const bounds = spectrumBounds(generator);
    const evolver = await ChebyshevEvolution.open(
      this.backend,
      generator,
      elements,
      TOLERANCES,
      undefined,
      // Nothing decays in a collision.
      generator === this.unitary ? { ...bounds, decay: 0 } : bounds,
    );
    try {
      await evolver.advanceTo(this.tau, async () => {});
      return { space, elements: await evolver.elements() };
    } finally {
      evolver.close();
    }
  }

  /** The energies that act on what is asked for, together, of a state. */
  private energy(rho: DensityMatrix, isMeant: (on: ActsOn) => boolean): number {
    return Object.entries(this.numbers.energies).reduce(
      (sum, [name, x]) => (isMeant(this.acts[name]) ? sum + expectation(rho, x).re : sum),
      0,
    );
  }

  /** One more collision. @param recorded whether it is kept in `records` */
  async advance(recorded: boolean): Promise<void> {
    const { numbers, tau } = this;
    const { described } = numbers;
    const { subsystems } = described;
    const own = (on: ActsOn) => on === 'system';
    const before = this.reset.apply(this.rho);
    const collided = await this.evolved(this.unitary, before);
    let after = collided;
    const [heat, work]: Record<string, number>[] = [{}, {}];
    for (const { name, isHeat } of described.baths) {
      const found = this.afterwards.find(({ bath }) => bath === name);
      const next = found === undefined ? after : await this.evolved(found.generator, after);
      for (const [flow, counts] of [
        [heat, true],
        [work, false],
      ] as const) {
        const of = described.energies
          .filter((e) => (e.isHeat && isHeat) === counts && this.acts[e.name] === 'system')
          .map((e) => numbers.energies[e.name]);
        flow[name] = of.reduce(
          (sum, x) => sum + expectation(next, x).re - expectation(after, x).re,
          0,
        );
      }
      after = next;
    }
    this.rho = after;
    this.step++;
    if (!recorded) return;
    const units = Object.fromEntries(
      (numbers.collisions?.units ?? []).map(({ at }) => {
        const isMeant = (on: ActsOn) => on === at;
        const left = this.energy(before, isMeant) - this.energy(collided, isMeant);
        return [subsystems.all[at].name, left];
      }),
    );
    const total = (all: ByName<number>) => Object.values(all).reduce((a, b) => a + b, 0);
    const switching =
      this.energy(before, (on) => on === 'both') - this.energy(collided, (on) => on === 'both');
    const dU = this.energy(after, own) - this.energy(before, own);
    const { observables, edges, ...state } = machineState(numbers, after, this.own);
    this.records.push({
      step: this.step,
      t: this.step * tau,
      ...state,
      units,
      switching,
      heat,
      work,
      dU,
      firstLaw: dU - total(units) - switching - total(heat) - total(work),
      observables,
      traceError: Math.abs(trace(after) - 1),
      edges,
    });
  }
}
