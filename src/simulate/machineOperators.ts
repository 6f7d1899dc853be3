/** A machine's operators on a window: as numbers, and as what these are made of. */
import type { EquationForm } from '../lindblad/equation.js';
import { bareEquation, localEquation } from '../lindblad/masterEquation.js';
import { quantitiesOf } from '../lindblad/sectorQuantities.js';
import { OperatorSet } from '../machine/evaluateOperator.js';
import { parametersOf } from '../machine/expression.js';
import { activeMachine } from '../machine/machine.js';
import type { OperatorForm } from '../machine/operatorForm.js';
import { bounds } from '../machine/range.js';
import { type Numbers, type Place, Tape, type Values } from '../machine/tape.js';
import { TapeSlopes } from '../machine/tapeSlopes.js';
import { TapeTangents } from '../machine/tapeTangents.js';
import type { OpenSystem } from '../operators/openSystem.js';
import { ONE, type Operator } from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import type { SensitivityRequest } from '../sensitivity/machineSensitivity.js';
import { type PlacedForm, placedForm } from '../sensitivity/operatorSlopes.js';
import { zeros } from '../zeros.js';
import { EigenstateTerms } from './eigenstateTerms.js';

/** A jump of a bath as a form with places on a tape, and as numbers. */
export interface PlacedJump {
  readonly bath: string;
  readonly form: PlacedForm;
  readonly operator: Operator;
}

/** A jump that is not there because a parameter is 0: its rate is in proportion to that, and its numbers are those at 1. */
export interface AbsentJump extends PlacedJump {
  readonly name: string;
  readonly values: Values;
}

export class MachineOperators {
  readonly equation: EquationForm;
  readonly quantities: Readonly<Record<string, OperatorForm>>;
  readonly system: OpenSystem;
  readonly hamiltonian: PlacedForm;
  readonly jumps: readonly PlacedJump[];
  readonly absent: readonly AbsentJump[];
  /** Baths between eigenstates of all of H, whose jumps have no forms; null where all have. */
  readonly eigenstates: EigenstateTerms | null;
  readonly tape = new Tape();
  readonly window: Window;
  readonly #values: Values;

  /** @throws {ParameterError} on a window of too many eigenstates for derivatives between them */
  constructor({ machine, coupled = null, values, window, kept = [] }: SensitivityRequest) {
    const there = Object.fromEntries(kept.map((name) => [name, 1]));
    const active = activeMachine(machine, { ...values, ...there });
    this.window = window;
    this.#values = values;
    this.equation = (
      coupled === null ? localEquation(active) : bareEquation(active, () => [])
    ).equation;
    this.quantities = Object.fromEntries(
      Object.entries(quantitiesOf(active, null)).map(([name, { bare }]) => [name, bare ?? []]),
    );
    const { states, hamiltonian, dissipators } = this.equation;
    const off = kept.filter((name) => values[name] === 0);
    const present = dissipators.map(({ jumps }) =>
      jumps.filter((form) => off.every((name) => !isOff(form, name))),
    );
    const operators = present.map((own) => own.map((form) => this.operator(form)));
    this.hamiltonian = placedForm(this.tape, hamiltonian);
    const whole = this.operator(hamiltonian);
    this.eigenstates =
      coupled &&
      new EigenstateTerms({
        ...{ states, baths: coupled(active), values, hamiltonian },
        operator: (form) => this.operator(form),
        by: (name) => (form) => {
          const placed = placedForm(this.tape, form);
          return this.tangents(name)(placed);
        },
      });
    this.system = {
      states,
      window,
      hamiltonian: whole,
      jumps: Object.fromEntries(
        dissipators.map(({ name }, b) => {
          const own = [...(this.eigenstates?.jumps(name) ?? []), ...operators[b]];
          return [name, { operators: own, resolved: [] }];
        }),
      ),
    };
    this.jumps = dissipators.flatMap(({ name: bath }, b) =>
      present[b].map((form, k) => ({
        bath,
        form: placedForm(this.tape, form),
        operator: operators[b][k],
      })),
    );
    this.absent = off.flatMap((name) => {
      const there = { ...values, [name]: 1 };
      return dissipators.flatMap(({ name: bath, jumps }) =>
        jumps
          .filter((form) => isOff(form, name))
          .map((form) => ({
            ...{ name, bath, values: there },
            form: placedForm(this.tape, form),
            operator: this.operator(form, there),
          })),
      );
    });
  }

  operator(form: OperatorForm, values = this.#values): Operator {
    return OperatorSet.of({ form }).evaluate(this.window, values)('form');
  }

  /** Those of all that is on the tape by now. */
  numbers(values = this.#values): Numbers {
    const { lmin, size } = this.window;
    const numbers = this.tape.numbers(lmin, size, false);
    numbers.fill(values);
    return numbers;
  }

  /** Room for derivatives by all that is on the tape by now. */
  slopes(values = this.#values): TapeSlopes {
    const { lmin, size } = this.window;
    return new TapeSlopes(this.tape, this.numbers(values), lmin, size);
  }

  /** How operators change with a parameter. */
  tangents(parameter: string): (form: PlacedForm) => Operator {
    const { window } = this;
    const { lmin, size } = window;
    const tangents = new TapeTangents(this.tape, this.numbers(), lmin, size, parameter);
    const numberAt = ({ kind, at }: Place, i: number): number =>
      kind === 'scalar' ? tangents.scalar(at) : tangents.table(at)[i];
    return (form) => ({
      window,
      transitions: form.flatMap(({ to, from, shift, range, re, im }) => {
        if (Math.abs(shift) >= size) return [];
        const part = (place: Place | null): Float64Array => {
          const found = zeros(size);
          if (place === null) return found;
          const [first, end] = bounds(range, size);
          for (let i = first; i < end; i++) found[i] = numberAt(place, i);
          return found;
        };
        return [
          {
            ...{ to, from, shift, coefficient: ONE },
            table: { re: part(re), im: im && part(im) },
          },
        ];
      }),
    });
  }

  value(name: string): number {
    return this.#values[name];
  }
}

/** Whether all that a jump does is left out where a parameter is 0. */
const isOff = (jump: OperatorForm, name: string): boolean =>
  jump.every(({ f }) => [f.re, f.im].some((part) => parametersOf(part).has(name)));
