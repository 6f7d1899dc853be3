/** Bounds of a generator's spectrum from its coefficients alone. */
import { Coefficients, coefficientsIn, type Generator } from './generator.js';

export interface SpectrumBounds {
  /** |Im| of every eigenvalue is at most this. */
  readonly imaginary: number;
  /** Every eigenvalue's real part is between minus this and 0, as a Lindblad generator's is. */
  readonly decay: number;
}

/** Gershgorin's discs: around each diagonal entry, as wide as the magnitudes of the rest of its row. */
export function spectrumBounds({ space, couplings }: Generator): SpectrumBounds {
  const re = new Float64Array(space.size);
  const im = new Float64Array(space.size);
  const rest = new Float64Array(space.size);
  const room = new Coefficients(space.window.size);
  for (const coupling of couplings) {
    const { kind, re: a, im: b } = coefficientsIn(room, coupling);
    const { source, target, count } = coupling;
    for (let p = 0; p < count; p++) {
      const x = kind === 'imaginary' ? 0 : a[p];
      const y = kind === 'real' ? 0 : b[p];
      if (source === target) {
        re[target + p] += x;
        im[target + p] += y;
      } else {
        rest[target + p] += Math.hypot(x, y);
      }
    }
  }
  let imaginary = 0;
  let decay = 0;
  for (let i = 0; i < space.size; i++) {
    imaginary = Math.max(imaginary, Math.abs(im[i]) + rest[i]);
    decay = Math.max(decay, rest[i] - re[i]);
  }
  return { imaginary, decay };
}
