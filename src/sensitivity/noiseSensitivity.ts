/**
 * Derivatives of a current's mean and of its noise by every parameter at once.
 *
 * With ⟨a⟩ = ⟨1|J'|ρ⟩, 𝓛R = (J' − ⟨a⟩)ρ and z𝓛 = ⟨1|J' − ⟨a⟩⟨1|, the noise is D = ⟨1|J''|ρ⟩ − 2⟨1|J'|R⟩ and
 *   dD = ⟨1|dJ''|ρ⟩ − 2⟨1|dJ'|R⟩ − 2⟨z|dJ'|ρ⟩ + 2⟨z|d𝓛|R⟩ + ⟨ℓ|dρ⟩,   ⟨ℓ| = ⟨1|J'' − 2⟨z|J' + 2⟨a⟩⟨z|,
 * so that one solution more, the adjoint of ℓ, gives all of them.
 */
import { quantaCounter, quantumOf } from '../fluctuations/counters.js';
import {
  type ElementSlopes,
  type JumpElements,
  JumpProgram,
} from '../fluctuations/jumpElements.js';
import { conservedCharges } from '../lindblad/charges.js';
import { movesOf } from '../lindblad/equation.js';
import type { Estimate } from '../lindblad/estimate.js';
import { type EquationOf, localEquation } from '../lindblad/masterEquation.js';
import type { SectorProgram } from '../lindblad/sectorProgram.js';
import type { Solution } from '../lindblad/solution.js';
import type { Machine } from '../machine/machine.js';
import { ALONG_TABLES, SAFETY } from '../machine/scalarSlopes.js';
import { zeros } from '../zeros.js';
import type { Differential } from './differential.js';
import { lostOf, type SteadySensitivity } from './steadySensitivity.js';

/** Why fluctuations of a machine have no derivatives here. */
export class NoDerivativeError extends Error {
  override readonly name = 'NoDerivativeError';
}

/** The jumps of a machine's baths and what they count, the same for all windows and devices. */
export class NoiseProgram {
  readonly #counted = new Map<string, JumpProgram>();

  /** @param program of the machine with this equation */
  constructor(program: SectorProgram, machine: Machine, of: EquationOf) {
    const { states } = machine;
    // Eigenstates have the charge of the bare states that they are made of.
    const { equation: bare } = localEquation(machine);
    const charges = conservedCharges(movesOf(bare));
    of(machine).equation.dissipators.forEach(({ name, jumps }, b) => {
      const quantum = quantumOf(charges, states, bare.dissipators[b].jumps);
      if (quantum === null) return;
      const counters = [quantaCounter(charges, states, quantum)];
      this.#counted.set(name, new JumpProgram(program, jumps, counters));
    });
  }

  /** A bath whose quanta are counted. @throws {NoDerivativeError} */
  counted(name: string): JumpProgram {
    const found = this.#counted.get(name);
    if (found === undefined) throw new NoDerivativeError(`no quanta of ${name} are counted`);
    return found;
  }
}

/** What rounding takes from a term, … */
export const ROUNDING = 16 * Number.EPSILON;
/** … and from what is made of its derivative on the way to parameters. */
export const IN_SLOPES = ROUNDING + ALONG_TABLES;

const slopesFor = ({ value }: JumpElements): ElementSlopes => ({
  slope: zeros(value.length),
  error: zeros(value.length),
});

/** a·x, of a solution x. */
function dot(a: Float64Array, { x, lost }: Solution): Estimate {
  let [value, error] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const term = a[i] * x[i];
    value += term;
    error += ROUNDING * Math.abs(term) + Math.abs(a[i]) * lost[i];
  }
  return { value, error };
}

/** The mean current of a bath's quanta, and its noise. */
export function currentAndNoise(
  state: SteadySensitivity,
  program: NoiseProgram,
  bath: string,
): { readonly current: Differential; readonly noise: Differential } {
  const jumps = program.counted(bath);
  const { sector, rho, state: steady } = state;
  const elements = jumps.on(sector);
  const { from, to, value, arrives } = elements;
  const weight = elements.weight(0);
  const size = rho.length;
  const row = elements.countedRow(0, 1, size);
  const mean = dot(row, steady);
  const right = zeros(size);
  elements.addCounted(0, 1, rho, right);
  for (let i = 0; i < size; i++) right[i] -= mean.value * rho[i];
  const changed = state.factors.solve(right);

  // In the worst case rounding of terms has the signs of what it meets: of an adjoint solution that is a change of the
  // state, of a response an adjoint one.
  const rowSizes = zeros(size);
  for (let e = 0; e < elements.arriving; e++) {
    rowSizes[from[e]] += Math.abs(weight[e] * value[e]);
  }
  const z = state.solveTransposed(row, rowSizes, changed);
  const zLost = lostOf(z.x, z.left, z.rounded);

  const slopes = state.slopes();
  const byCurrent = slopesFor(elements);
  for (let e = 0; e < value.length; e++) {
    if (arrives[e] === 0) continue;
    byCurrent.slope[e] = weight[e] * rho[from[e]];
    byCurrent.error[e] =
      IN_SLOPES * Math.abs(byCurrent.slope[e]) + Math.abs(weight[e]) * steady.lost[from[e]];
  }
  jumps.addSlopes(sector, byCurrent, slopes);
  state.addGenerator(z, steady, -1, slopes);
  const current = { value: mean, gradient: slopes.byParameter() };

  // z(J' − ⟨a⟩), what it is off by where z is, and the magnitudes of its terms.
  const [pulled, pulledSizes] = [zeros(size), zeros(size)];
  const pulledOff = { left: zeros(size), rounded: zeros(size) };
  const rightSizes = zeros(size);
  for (let e = 0; e < value.length; e++) {
    const counted = weight[e] * value[e];
    const [a, b] = [from[e], to[e]];
    const term = counted * z.x[b];
    pulled[a] += term;
    pulledOff.left[a] += counted * z.left[b];
    pulledOff.rounded[a] += counted * z.rounded[b];
    pulledSizes[a] += Math.abs(term);
    rightSizes[b] += Math.abs(counted * rho[a]);
  }
  const rhoOff = zeros(size);
  for (let i = 0; i < size; i++) {
    pulled[i] -= mean.value * z.x[i];
    pulledOff.left[i] -= mean.value * z.left[i];
    pulledOff.rounded[i] -= mean.value * z.rounded[i];
    pulledSizes[i] += Math.abs(mean.value * z.x[i]);
    rightSizes[i] += Math.abs(mean.value * rho[i]);
    rhoOff[i] = (Math.sign(pulled[i]) * steady.lost[i]) / SAFETY;
  }
  const rightOff = zeros(size);
  elements.addCounted(0, 1, rhoOff, rightOff);
  for (let i = 0; i < size; i++) rightOff[i] -= mean.value * rhoOff[i];
  const response = state.solve(right, rightSizes, z.x, rightOff, changed);
  const second = elements.countedRow(0, 2, size);
  const shot = dot(second, steady);
  const rest = dot(row, response);
  // What the errors of ρ bring to the response, by its adjoint.
  let driven = 0;
  for (let i = 0; i < size; i++) {
    driven += pulledSizes[i] * steady.lost[i] + Math.abs(z.x[i] * rho[i]) * mean.error;
  }

  const again = state.slopes();
  const byNoise = slopesFor(elements);
  for (let e = 0; e < value.length; e++) {
    const w = weight[e];
    const [a, b] = [from[e], to[e]];
    const terms = [-2 * w * z.x[b] * rho[a]];
    let lost = 2 * Math.abs(w * z.x[b]) * steady.lost[a] + 2 * Math.abs(w * rho[a]) * zLost[b];
    if (arrives[e] === 1) {
      terms.push(w * w * rho[a], -2 * w * response.x[a]);
      lost += w * w * steady.lost[a] + 2 * Math.abs(w) * response.lost[a];
    }
    for (const term of terms) {
      byNoise.slope[e] += term;
      lost += IN_SLOPES * Math.abs(term);
    }
    byNoise.error[e] += lost;
  }
  const secondSizes = zeros(size);
  for (let i = 0; i < size; i++) {
    secondSizes[i] = Math.abs(second[i]) + 2 * pulledSizes[i];
    second[i] -= 2 * pulled[i];
    pulledOff.left[i] *= -2;
    pulledOff.rounded[i] *= -2;
  }
  const total = state.solveTransposed(second, secondSizes, changed, pulledOff);
  jumps.addSlopes(sector, byNoise, again);
  state.addGenerator(z, response, 2, again);
  state.addGenerator(total, steady, -1, again);
  const noise = {
    value: {
      value: shot.value - 2 * rest.value,
      error: shot.error + 2 * (rest.error + driven),
    },
    gradient: again.byParameter(),
  };
  return { current, noise };
}
