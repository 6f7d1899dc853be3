/** The energies of a described machine: eigenvalues of its Hamiltonian, without its baths. */
import type { Values } from '../machine/tape.js';
import { ParameterError } from '../model/parameters.js';
import type { Operator } from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import { denseOrder, eigenvalues, matrixOf } from '../state/spectrum.js';
import type { MachineSystem } from './machineSystem.js';

export interface MachineLevels {
  /** In rising order. */
  readonly energies: readonly number[];
  /**
   * By how much each of them moves where the window has an eighth less on each side that is cut off: about what the
   * levels beyond the window would still change, and more. 0 for ladders that are whole, infinite for levels that the
   * narrower window has not.
   */
  readonly changes: readonly number[];
}

/** Eigenvalues of larger matrices take minutes. */
const MOST = 3000;

function energiesOf(hamiltonian: Operator, states: number): Float64Array {
  const { window, transitions } = hamiltonian;
  const isThere = (s: number) =>
    transitions.some(({ to, from, shift }) => to === s && from === s && shift === 0);
  // Each state has its place on the diagonal, whether it has an energy there or not.
  const others = Array.from({ length: states }, (_, s) => s)
    .filter((s) => !isThere(s))
    .map((s) => ({ to: s, from: s, shift: 0, coefficient: { re: 0, im: 0 }, table: null }));
  const matrix = matrixOf({ window, transitions: [...transitions, ...others] }, states);
  const order = denseOrder(matrix);
  if (order > MOST) {
    const allowed = `a window with which matrices have at most ${MOST} rows; here they have ${order}`;
    throw new ParameterError('lmax', hamiltonian.window.lmax, allowed);
  }
  return eigenvalues(matrix).sort();
}

/** @throws {MachineError | ParameterError} where a formula gives no number, or there are too many levels */
export function machineLevels(
  machine: MachineSystem,
  values: Values,
  window: Window,
): MachineLevels {
  const { ladder, subsystems } = machine.described;
  const on = ({ lmin, lmax }: Pick<Window, 'lmin' | 'lmax'>) =>
    energiesOf(
      machine.on({ lmin, lmax, size: lmax - lmin + 1 }, values).system.hamiltonian,
      subsystems.states,
    );
  const energies = on(window);
  const less = Math.max(1, Math.floor(window.size / 8));
  const narrow = {
    lmin: window.lmin + (ladder.open.below ? less : 0),
    lmax: window.lmax - (ladder.open.above ? less : 0),
  };
  const isWhole = !ladder.open.below && !ladder.open.above;
  const isEmpty = narrow.lmin > narrow.lmax;
  const others = isWhole ? energies : isEmpty ? [] : on(narrow);
  return {
    energies: [...energies],
    changes: Array.from(energies, (energy, k) => Math.abs(energy - (others[k] ?? Infinity))),
  };
}
