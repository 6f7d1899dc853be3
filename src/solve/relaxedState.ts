/** Where a state comes to in the end, as far as float64 can tell: for who needs a population that stays. */
import { cpuBackend } from '../backend/cpu/backend.js';
import { coupledBand } from '../generator/coupledBand.js';
import type { Coupling, Generator } from '../generator/generator.js';
import { spectrumBounds } from '../generator/spectrumBounds.js';
import { factorisedBand } from './bandFactorisation.js';

/**
 * σ in units of ‖L‖: slower modes have not decayed. Where sites keep what they have, elimination divides by σ at one
 * and again at the next, so that σ² must stand out from rounding.
 */
const RATE = 1e-7;

const real = (re: number) => ({ re, im: 0 });

/**
 * σ(σ − L)⁻¹ of a population, up to a factor: the average of what it becomes over times of about 1/σ, which is large.
 * With the equation of that population given up, (σ − L)y = 0 in all others, and what is left of that one follows
 * from the trace. No such matrix is singular, since the population never leaves itself at once.
 * @param chosen the classes that the populations lead to
 * @param population by its index in vectors of the space
 */
export async function relaxedState(
  { space, couplings }: Generator,
  chosen: (position: number) => boolean,
  population: number,
): Promise<Float64Array> {
  const { imaginary, decay } = spectrumBounds({ space, couplings });
  const sigma = RATE * (imaginary + decay);
  const shift = space.classes.map(
    ({ offset, length }, c): Coupling => ({
      sourceClass: c,
      targetClass: c,
      source: offset,
      target: offset,
      count: length,
      coefficient: real(-sigma),
      ket: null,
      ketStart: 0,
      bra: null,
      braStart: 0,
    }),
  );
  const shifted = { space, couplings: [...couplings, ...shift] };
  const inverse = await factorisedBand(cpuBackend(), coupledBand(shifted, chosen, population));
  const right = new Float64Array(2 * space.size);
  right[2 * population] = -1;
  const state = new Float64Array(2 * space.size);
  await inverse.apply(right, state);
  inverse.release();
  return state;
}
