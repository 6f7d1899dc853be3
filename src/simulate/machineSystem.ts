/** A described machine's operators as numbers: for one window and one set of parameters after another. */

import { OpenSystemError } from '../generator/checkedSystem.js';
import { eigenstateJumps, hasManyEigenstates } from '../lindblad/eigenstateJumps.js';
import { MOST_ELEMENTS } from '../lindblad/mostEigenstates.js';
import type { DescribedMachine } from '../machine/description/describedMachine.js';
import { MachineError } from '../machine/description/error.js';
import { machineModel } from '../machine/description/models.js';
import type { Path } from '../machine/description/text.js';
import { OperatorSet } from '../machine/evaluateOperator.js';
import { FREQUENCY } from '../machine/machine.js';
import type { OperatorForm } from '../machine/operatorForm.js';
import { Tape, type Values } from '../machine/tape.js';
import { ParameterError } from '../model/parameters.js';
import type { Jumps } from '../operators/jumps.js';
import type { OpenSystem } from '../operators/openSystem.js';
import { type Complex, type Operator, sum } from '../operators/operator.js';
import type { Window } from '../operators/window.js';

/** A machine with numbers in it. */
export interface MachineNumbers {
  readonly described: DescribedMachine;
  readonly values: Values;
  readonly window: Window;
  readonly system: OpenSystem;
  readonly energies: Readonly<Record<string, Operator>>;
  readonly observables: Readonly<Record<string, Operator>>;
  /** The ladder's quantity, such as L_z, at each level of the window. */
  readonly quantity: Float64Array;
  /** By subsystem, the weight of each level where an evolution begins. */
  readonly initial: readonly (readonly number[])[];
  /** Collisions with fresh units; null where there are none. */
  readonly collisions: MachineCollisions | null;
  /** By bath; null where it has no temperature, infinite at absolute zero. */
  readonly betas: Readonly<Record<string, number | null>>;
}

export interface MachineCollisions {
  readonly tau: number;
  /** Subsystems by their places, and their states: weights of levels, or amplitudes. */
  readonly units: readonly {
    readonly at: number;
    readonly isPure: boolean;
    readonly numbers: readonly Complex[];
  }[];
}

/** An operator by its place in the file. */
interface Named {
  readonly path: Path;
  readonly form: OperatorForm;
}

const named = (form: OperatorForm, ...path: Path): Named => ({ path, form });
const keyOf = (path: Path): string => path.join(' ');

/** A machine whose formulas are made ready once. */
export class MachineSystem {
  readonly #operators: OperatorSet<string>;
  readonly #named: readonly Named[];
  readonly #tape = new Tape();
  /** Of what has `omega` in it. */
  readonly #rateTape = new Tape();
  readonly #betas: readonly (readonly [string, number | null])[];
  readonly #quantity: number;
  readonly #initial: readonly (readonly number[])[];
  /** The places of the duration and of the units' numbers, real and imaginary. */
  readonly #collisions: {
    readonly tau: number;
    readonly units: readonly (readonly (readonly [number, number])[])[];
  } | null;
  /** By bath, where jumps are between eigenstates: the place of its rate at `omega`. */
  readonly #rates: ReadonlyMap<string, number>;

  constructor(readonly described: DescribedMachine) {
    const { energies, baths, observables, ladder } = described;
    this.#named = [
      ...energies.map(({ name, operator }) => named(operator, 'hamiltonian', name)),
      ...baths.flatMap(({ name, jumps }) =>
        jumps.map((form, k) => named(form, 'baths', name, 'jumps', k)),
      ),
      ...baths.flatMap(({ name, thermal }) =>
        thermal === null ? [] : [named(thermal.coupling, 'baths', name, 'coupling')],
      ),
      ...observables.map(({ name, operator }) => named(operator, 'observables', name)),
    ];
    this.#operators = OperatorSet.of(
      Object.fromEntries(this.#named.map(({ path, form }) => [keyOf(path), form])),
    );
    this.#betas = baths.map(({ name, beta }) => [
      name,
      beta === null ? null : this.#tape.scalar(beta),
    ]);
    this.#initial = described.initial.weights.map((levels) =>
      levels.map((weight) => this.#tape.scalar(weight)),
    );
    this.#collisions = described.collisions && {
      tau: this.#tape.scalar(described.collisions.tau),
      units: described.collisions.units.map(({ numbers }) =>
        numbers.map(({ re, im }) => [this.#tape.scalar(re), this.#tape.scalar(im)] as const),
      ),
    };
    this.#rates = new Map(
      baths.flatMap(({ name, thermal }): [string, number][] =>
        thermal === null || machineModel(described.model).hasFormulas
          ? []
          : [[name, this.#rateTape.scalar(thermal.rate)]],
      ),
    );
    this.#quantity = this.#tape.table(ladder.quantity);
  }

  /**
   * @throws {MachineError} where a formula gives no finite number
   * @throws {ParameterError} on a window with more eigenstates than jumps are made between
   */
  on(window: Window, values: Values): MachineNumbers {
    const { described } = this;
    const evaluated = this.#operators.evaluate(window, values);
    const found = (...path: Path) => evaluated(keyOf(path));
    for (const { path } of this.#named) this.#requireFinite(found(...path), path, values);
    const numbers = this.#tape.numbers(window.lmin, window.size);
    numbers.fill(values);
    const betas = this.#betas.map(([name, at]): [string, number | null] => {
      const beta = at === null ? null : numbers.scalar(at);
      if (beta !== null && Number.isNaN(beta)) this.#refuse(['baths', name], values);
      return [name, beta];
    });
    const part = (kind: string, names: readonly { readonly name: string }[]) =>
      Object.fromEntries(names.map(({ name }) => [name, found(kind, name)]));
    const energies = part('hamiltonian', described.energies);
    const hamiltonian = sum(window, ...Object.values(energies));
    this.#requireFewEigenstates(hamiltonian);
    const jumps = described.baths.map(({ name, jumps: forms }): [string, Jumps] => [
      name,
      {
        operators: (this.#rates.has(name)
          ? this.#eigenstateJumps(name, hamiltonian, found('baths', name, 'coupling'), values)
          : forms.map((_, k) => found('baths', name, 'jumps', k))
        ).filter(({ transitions }) => transitions.length > 0),
        resolved: [],
      },
    ]);
    return {
      described,
      values,
      window,
      system: {
        states: described.subsystems.states,
        window,
        hamiltonian,
        jumps: Object.fromEntries(jumps),
      },
      energies,
      observables: part('observables', described.observables),
      initial: this.#initial.map((levels) => levels.map((at) => numbers.scalar(at))),
      quantity: numbers.table(this.#quantity),
      collisions: described.collisions && {
        tau: numbers.scalar(this.#collisions?.tau as number),
        units: described.collisions.units.map(({ at, isPure }, k) => ({
          at,
          isPure,
          numbers: (this.#collisions?.units[k] ?? []).map(([re, im]) => ({
            re: numbers.scalar(re),
            im: numbers.scalar(im),
          })),
        })),
      },
      betas: Object.fromEntries(betas),
    };
  }

  #requireFewEigenstates(hamiltonian: Operator): void {
    const { model, subsystems } = this.described;
    const { lmin, lmax, size } = hamiltonian.window;
    if (this.#rates.size === 0 || size === 1) return;
    if (!hasManyEigenstates(hamiltonian, subsystems.states)) return;
    throw new ParameterError(
      'lmax',
      lmax,
      `nearer to lmin = ${lmin} with model = ${model}: its jumps are between the eigenstates of H, and those of n ` +
        `levels in blocks of b have n b³ numbers, at most ${MOST_ELEMENTS}`,
    );
  }

  #eigenstateJumps(
    name: string,
    hamiltonian: Operator,
    coupling: Operator,
    values: Values,
  ): readonly Operator[] {
    const { described } = this;
    const at = this.#rates.get(name) as number;
    const rate = (gain: number): number | null => {
      if (gain === 0) return null;
      const numbers = this.#rateTape.numbers(0, 1);
      numbers.fill({ ...values, [FREQUENCY]: gain });
      const found = numbers.scalar(at);
      if (!(found >= 0 && found < Infinity)) this.#refuse(['baths', name, 'spectrum'], values);
      return found;
    };
    const jumps = this.#orRefused(values, () =>
      eigenstateJumps(hamiltonian, coupling, described.subsystems.states, rate),
    );
    if (jumps !== null) return jumps;
    throw new MachineError(
      described.file,
      described.placeOf(['baths', name, 'coupling']),
      `baths.${name}.coupling: a part of it changes no energy, and so has no rate by a spectrum`,
    );
  }

  /** What is made of eigenstates, whose energies may be too large. @throws {MachineError} */
  #orRefused<T>(values: Values, make: () => T): T {
    try {
      return make();
    } catch (error) {
      if (error instanceof OpenSystemError) this.#refuse(['hamiltonian'], values);
      throw error;
    }
  }

  #requireFinite({ transitions }: Operator, path: Path, values: Values): void {
    for (const { coefficient, table } of transitions) {
      const numbers = [coefficient.re, coefficient.im];
      const tables = table === null ? [] : [table.re, table.im ?? new Float64Array()];
      if (!numbers.every(Number.isFinite) || !tables.every((t) => t.every(Number.isFinite))) {
        this.#refuse(path, values);
      }
    }
  }

  #refuse(path: Path, values: Values): never {
    const { file, placeOf } = this.described;
    const given = Object.entries(values).map(([name, value]) => `${name} = ${value}`);
    throw new MachineError(
      file,
      placeOf(path),
      `${path.join('.')}: it is not finite with ${given.join(', ') || 'these numbers'}`,
    );
  }
}
