/**
 * A bath by what it couples to, its temperature and its spectral density J(ω): its jumps are made by a master
 * equation. A part of the coupling that brings the energy ω into the machine has the rate J(|ω|)/|e^{βω} − 1|, that
 * is J·n where ω > 0 and J·(n + 1) at −ω where ω < 0.
 */
import { getOrInsert } from '../../maps.js';
import {
  call,
  difference,
  type Expression,
  isLevelFree,
  isZero,
  productOf,
  shifted,
  sumOf,
  ZERO,
} from '../expression.js';
import { collect, type OperatorForm, scale, type Term } from '../operatorForm.js';
import { ValueError } from './value.js';

/** |x|, whatever the sign of the parameters in it. */
const magnitudeOf = (x: Expression): Expression => call('squareRoot', call('square', x));

/** Of a bath the rate of what brings the energy `gain` into the machine. */
export function thermalRate(
  gain: Expression,
  beta: Expression,
  spectrum: (frequency: Expression) => Expression,
): Expression {
  // What cancels in a difference of energies cancels before β multiplies it.
  const kept = gain.monomials.length > 1 ? call('whole', gain) : gain;
  const weight = call('exponentialMinusOne', productOf(beta, kept));
  return productOf(spectrum(magnitudeOf(kept)), call('inverse', magnitudeOf(weight)));
}

/** What an operator on the diagonal of the Hamiltonian has there, by state of the subsystems. */
function diagonalOf(states: number, hamiltonian: OperatorForm): Expression[] {
  const diagonal = Array.from({ length: states }, () => ZERO);
  for (const { to, from, shift, f } of hamiltonian) {
    if (to !== from || shift !== 0) continue;
    diagonal[to] = sumOf(diagonal[to], f.re);
  }
  return diagonal;
}

/**
 * The jumps of the local master equation: the coupling's parts by the energy that they bring, as the diagonal of the
 * Hamiltonian has it.
 * @throws {ValueError} where that is 0, or differs from level to level of the ladder
 */
export function localJumps(
  states: number,
  coupling: OperatorForm,
  hamiltonian: OperatorForm,
  rate: (gain: Expression) => Expression,
): OperatorForm[] {
  const energies = diagonalOf(states, hamiltonian);
  const byGain = new Map<string, { readonly gain: Expression; readonly terms: Term[] }>();
  for (const term of coupling) {
    const gain = difference(shifted(energies[term.to], term.shift), energies[term.from]);
    if (isZero(gain)) {
      throw new ValueError(
        'a part of it changes no energy of the diagonal of the hamiltonian, and so has no rate: ' +
          'jumps say it, or model: global',
      );
    }
    if (!isLevelFree(gain)) {
      throw new ValueError(
        'what it changes the energy by differs from level to level of the ladder: jumps say it',
      );
    }
    getOrInsert(byGain, gain.key, () => ({ gain, terms: [] })).terms.push(term);
  }
  return [...byGain.values()].map(({ gain, terms }) =>
    scale(collect(terms), call('squareRoot', rate(gain))),
  );
}
