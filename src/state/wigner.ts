/**
 * The Wigner function of a rotor, on the cylinder of its angle φ and its angular momentum l:
 *   W(l, φ) = (1/2π) ∫ e^{ilθ} ⟨φ − θ/2|ρ|φ + θ/2⟩ dθ over a turn
 *           = (1/2π) Σ_{m n} ρ_{mn} e^{i(m − n)φ} sinc π(l − (m + n)/2).
 * Its sum over l is P(φ), its integral over φ the population of l, and 2π Σ∫ W_ρ W_σ is Tr ρσ. It may be negative.
 */
import { zeros } from '../zeros.js';
import type { DensityMatrix } from './densityMatrix.js';
import { rotorState } from './reduce.js';

const TURN = 2 * Math.PI;

/** sinc πx, exactly 0 at whole numbers but 0. */
function sinc(x: number): number {
  if (x === 0) return 1;
  if (Number.isInteger(x)) return 0;
  return Math.sin(Math.PI * x) / (Math.PI * x);
}

/**
 * At the levels of the window and `count` equally spaced angles from 0: W of level lmin + i and angle k at i·count + k.
 * Odd coherences reach beyond the window, where this is not computed.
 */
export function wignerFunction(rho: DensityMatrix, count: number): Float64Array {
  const { space, elements } = rotorState(rho);
  const { size } = space.window;
  const values = zeros(size * count);
  for (const { delta, first, offset, length } of space.classes) {
    // Of m − (m + n)/2, for m of the class.
    const half = delta / 2;
    for (let i = 0; i < size; i++) {
      let [re, im] = [0, 0];
      for (let p = 0; p < length; p++) {
        const weight = sinc(i - (first + p) + half);
        re += weight * elements[2 * (offset + p)];
        im += weight * elements[2 * (offset + p) + 1];
      }
      if (re === 0 && im === 0) continue;
      for (let k = 0; k < count; k++) {
        const phase = (TURN * ((delta * k) % count)) / count;
        values[i * count + k] += (re * Math.cos(phase) - im * Math.sin(phase)) / TURN;
      }
    }
  }
  return values;
}
