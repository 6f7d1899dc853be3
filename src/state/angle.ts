/** The rotor's angle. */
import type { DensityMatrix } from './densityMatrix.js';
import { rotorState } from './reduce.js';

/** P(φ) = (1/2π) Σ_{l l'} ρ_{l l'} e^{i(l − l')φ} at `count` equally spaced angles from 0. */
export function angleDensity(rho: DensityMatrix, count: number): Float64Array {
  const { space, elements } = rotorState(rho);
  const density = new Float64Array(count);
  for (const { delta, offset, length } of space.classes) {
    let re = 0;
    let im = 0;
    for (let p = offset; p < offset + length; p++) {
      re += elements[2 * p];
      im += elements[2 * p + 1];
    }
    for (let k = 0; k < count; k++) {
      const phase = (2 * Math.PI * ((delta * k) % count)) / count;
      density[k] += (re * Math.cos(phase) - im * Math.sin(phase)) / (2 * Math.PI);
    }
  }
  return density;
}
