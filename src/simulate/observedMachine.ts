/** Machines as functions of their parameters: what objectives are made of. */

import { type Machine, switches } from '../machine/machine.js';
import type { Values } from '../machine/tape.js';
import { ParameterError } from '../model/parameters.js';
import type { Window } from '../operators/window.js';
import type { Differential } from '../sensitivity/differential.js';

/** What was solved at one point, and how well. */
export interface ObservedPoint {
  /**
   * An observable or a parameter; null where it has no value here.
   * @throws {NoDerivativeError} where it was to be differentiated and cannot be
   */
  read(name: string): Differential | null | Promise<Differential | null>;
  readonly window: Window;
  readonly edges: readonly [number, number];
  readonly relativeResidual: number;
  /** Why the state is not the machine's; none where it is. */
  readonly problems: readonly string[];
}

/** A machine whose parameters are varied. */
export interface ObservedMachine {
  /** Its parameters where nothing else is said. */
  readonly values: Values;
  /** @throws {ParameterError} for a name that stands for nothing */
  check(field: string, name: string): void;
  /** @throws {ParameterError} for a parameter that is none, and for ends of a range that are not allowed */
  checkRange(name: string, ends: readonly number[]): void;
  /**
   * @param varied parameters by name
   * @param window where it is to be solved, if not where it is by itself
   * @returns null where there is no steady state
   */
  at(
    varied: Readonly<Record<string, number>>,
    differentiated: boolean,
    window?: Window,
  ): Promise<ObservedPoint | null>;
  /** A window that reaches farther, where there is one. */
  wider(window: Window): Window | null;
}

/** Refuses 0 as an end of a parameter's range where terms are left out there. @throws {ParameterError} */
export function checkEnd(machine: Machine, name: string, end: number): void {
  if (end !== 0 || !switches(machine).includes(name)) return;
  throw new ParameterError('over', `${name}=0`, `another end: at ${name} = 0 terms are left out`);
}

/** A value without derivatives, of which no error is known unless one is given. */
export const known = (value: number, error = Number.NaN): Differential => ({
  value: { value, error },
  gradient: new Map(),
});

/** A parameter as an observable. */
export const parameterItself = (name: string, value: number): Differential => ({
  value: { value, error: 0 },
  gradient: new Map([[name, { value: 1, error: 0 }]]),
});

/** A window with half as many levels more at each end. */
export const widened = ({ lmin, lmax, size }: Window): Window => {
  const more = Math.ceil(size / 2);
  return { lmin: lmin - more, lmax: lmax + more, size: size + 2 * more };
};
