/** Where a described machine begins: a product of its subsystems' weights, at one level of the ladder. */
import { ParameterError } from '../model/parameters.js';
import type { InitialState } from '../state/initialState.js';
import type { MachineNumbers } from './machineSystem.js';

/** Weights of a subsystem add up to 1 within this. */
const NORMALISED = 1e-12;

/** ρ without coherences. @throws {ParameterError} for weights that are none, and a level outside of the window */
export function machineInitial({
  described: { subsystems, initial: start },
  initial,
  window,
}: MachineNumbers): InitialState {
  initial.forEach((weights, at) => {
    const total = weights.reduce((a, b) => a + b, 0);
    if (weights.every((w) => w >= 0) && Math.abs(total - 1) <= NORMALISED) return;
    const allowed = 'weights ≥ 0 that add up to 1';
    throw new ParameterError(`initial.${subsystems.all[at].name}`, weights, allowed);
  });
  if (start.level < window.lmin || start.level > window.lmax) {
    throw new ParameterError('initial.ladder', start.level, 'a level of the window');
  }
  const weightOf = (state: number): number =>
    initial.reduce((product, weights, at) => product * weights[subsystems.levelOf(at, state)], 1);
  const states = Array.from({ length: subsystems.states }, (_, s) => s);
  return {
    qubits: states.map((s) => states.map((t) => ({ re: s === t ? weightOf(s) : 0, im: 0 }))),
    rotor: { lowest: start.level, populations: [1] },
  };
}
