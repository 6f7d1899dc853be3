/** The few-level subsystems of a machine, and their operators. */

import { constant } from '../expression.js';
import { levelOperator, type OperatorForm, scale, sum } from '../operatorForm.js';
import { ValueError } from './value.js';

export interface Subsystem {
  readonly name: string;
  /** The names of its levels, from the lowest; their numbers where they have none. */
  readonly levels: readonly string[];
}

/** Subsystems together; states are numbered so that the last one counts fastest. */
export class Subsystems {
  readonly states: number;
  readonly #strides: readonly number[];

  constructor(readonly all: readonly Subsystem[]) {
    let stride = 1;
    const strides: number[] = [];
    for (const { levels } of [...all].reverse()) {
      strides.unshift(stride);
      stride *= levels.length;
    }
    this.#strides = strides;
    this.states = stride;
  }

  /** The place of a subsystem of this name, or −1. */
  find(name: string): number {
    return this.all.findIndex((one) => one.name === name);
  }

  /** The level of a subsystem in a state of all of them. */
  levelOf(at: number, state: number): number {
    return Math.floor(state / this.#strides[at]) % this.all[at].levels.length;
  }

  /** Σ value |to⟩⟨from| of one subsystem. */
  operator(
    at: number,
    entries: readonly { readonly to: number; readonly from: number; readonly value: number }[],
  ): OperatorForm {
    const stride = this.#strides[at];
    const all = Array.from({ length: this.states }, (_, s) => s);
    return levelOperator(
      entries.flatMap(({ to, from, value }) =>
        all
          .filter((s) => this.levelOf(at, s) === from)
          .map((s) => ({ to: s + (to - from) * stride, from: s, value })),
      ),
    );
  }

  /** |to⟩⟨from| of one subsystem. */
  transition(at: number, to: number, from: number): OperatorForm {
    return this.operator(at, [{ to, from, value: 1 }]);
  }
}

type Make = (subsystems: Subsystems, at: number) => OperatorForm;

/** Of two levels: the upper one is "up". */
const ofQubit =
  (name: string, make: Make): Make =>
  (subsystems, at) => {
    const { levels, name: subsystem } = subsystems.all[at];
    if (levels.length !== 2) {
      throw new ValueError(
        `${name} is of two levels, and '${subsystem}' has ${levels.length}: P, T, lower, raise and num are of any number`,
      );
    }
    return make(subsystems, at);
  };

const steps = (subsystems: Subsystems, at: number, up: boolean): OperatorForm =>
  subsystems.operator(
    at,
    subsystems.all[at].levels
      .slice(1)
      .map((_, k) => ({ to: up ? k + 1 : k, from: up ? k : k + 1, value: 1 })),
  );

const plus: Make = (s, at) => s.transition(at, 1, 0);
const minus: Make = (s, at) => s.transition(at, 0, 1);

/** Operators of one subsystem: sm(q). */
export const SUBSYSTEM_OPERATORS: Readonly<Record<string, Make>> = {
  sm: ofQubit('sm', minus),
  sp: ofQubit('sp', plus),
  sx: ofQubit('sx', (s, at) => sum(plus(s, at), minus(s, at))),
  sy: ofQubit('sy', (s, at) =>
    scale(sum(minus(s, at), scale(plus(s, at), -1)), { re: constant(0), im: constant(1) }),
  ),
  sz: ofQubit('sz', (s, at) => sum(s.transition(at, 1, 1), scale(s.transition(at, 0, 0), -1))),
  lower: (s, at) => steps(s, at, false),
  raise: (s, at) => steps(s, at, true),
  num: (s, at) =>
    s.operator(at, s.all[at].levels.map((_, k) => ({ to: k, from: k, value: k })).slice(1)),
};
