/** Whether an open system is one: what solvers take for granted, checked once. */

import type { ResolvedJumps } from '../operators/jumps.js';
import type { OpenSystem } from '../operators/openSystem.js';
import { adjoint, largestOf, type Operator, scale, sum } from '../operators/operator.js';
import { HAMILTONIAN } from './lindbladian.js';

/** An open system that is none. */
export class OpenSystemError extends Error {
  override readonly name = 'OpenSystemError';
}

/** H − H† may be this large beside H. */
const HERMITIAN = 1e-12;

function refuse(what: string): never {
  throw new OpenSystemError(what);
}

const allFinite = (numbers: Float64Array): boolean => numbers.every(Number.isFinite);

function requireStates({ states }: OpenSystem, name: string, to: number, from: number): void {
  if ([to, from].every((s) => Number.isInteger(s) && s >= 0 && s < states)) return;
  refuse(`${name}: |${to}⟩⟨${from}| is between states that are not 0 … ${states - 1}`);
}

function requireOperator(system: OpenSystem, name: string, x: Operator): void {
  const { window } = system;
  if (x.window.lmin !== window.lmin || x.window.lmax !== window.lmax) {
    refuse(`${name}: its window is [${x.window.lmin}, ${x.window.lmax}], not the system's`);
  }
  for (const { to, from, shift, coefficient, table } of x.transitions) {
    requireStates(system, name, to, from);
    if (!Number.isInteger(shift)) refuse(`${name}: the shift ${shift} is no integer`);
    const numbers = [coefficient.re, coefficient.im];
    if (!numbers.every(Number.isFinite)) refuse(`${name}: a coefficient is not finite`);
    for (const part of [table?.re, table?.im]) {
      if (part === undefined || part === null) continue;
      if (part.length !== window.size) refuse(`${name}: a table has not one number for each level`);
      if (!allFinite(part)) refuse(`${name}: a number of a table is not finite`);
    }
  }
}

function requireResolved(system: OpenSystem, name: string, jumps: ResolvedJumps): void {
  const { window } = system;
  const count = jumps.parts[0]?.amplitudes.length ?? 0;
  for (const { to, from, departure, arrival, amplitudes } of jumps.parts) {
    requireStates(system, name, to, from);
    if (!Number.isInteger(departure) || !Number.isInteger(arrival)) {
      refuse(`${name}: a level-resolved jump between levels that are no integers`);
    }
    if (amplitudes.length !== count) {
      refuse(`${name}: parts of level-resolved jumps in different numbers`);
    }
    for (const table of amplitudes) {
      if (table.length !== window.size || !allFinite(table)) {
        refuse(`${name}: an amplitude table has not one finite number for each level`);
      }
      table.forEach((x, k) => {
        const inside = (level: number) => level >= 0 && level < window.size;
        if (x !== 0 && !(inside(k + departure) && inside(k + arrival))) {
          refuse(`${name}: a level-resolved jump from or to a level outside of the window`);
        }
      });
    }
  }
}

/**
 * The same system.
 * @throws {OpenSystemError} in one line that names the operator and what is wrong with it
 */
export function checkedSystem(system: OpenSystem): OpenSystem {
  const { states, window, hamiltonian, jumps } = system;
  if (!Number.isInteger(states) || states < 1) refuse(`states: ${states} is no number of states`);
  const { lmin, lmax, size } = window;
  if (!Number.isInteger(lmin) || !Number.isInteger(lmax) || size !== lmax - lmin + 1 || size < 1) {
    refuse(`window: [${lmin}, ${lmax}] of ${size} levels`);
  }
  requireOperator(system, HAMILTONIAN, hamiltonian);
  const excess = sum(window, hamiltonian, scale(adjoint(hamiltonian), -1));
  if (largestOf(excess) > HERMITIAN * largestOf(hamiltonian))
    refuse(`${HAMILTONIAN}: not Hermitian`);
  for (const [bath, { operators, resolved }] of Object.entries(jumps)) {
    if (bath === HAMILTONIAN) refuse(`jumps: a bath is named ${HAMILTONIAN}`);
    operators.forEach((x, i) => {
      requireOperator(system, `${bath}, jump operator ${i + 1}`, x);
    });
    resolved.forEach((x, i) => {
      requireResolved(system, `${bath}, level-resolved jumps ${i + 1}`, x);
    });
  }
  return system;
}
