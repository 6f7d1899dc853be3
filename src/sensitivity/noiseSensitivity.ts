/**
 * Derivatives of a current's mean, of its noise, and of the entropy production, by every parameter at once.
 *
 * With ⟨a⟩ = ⟨1|J'|ρ⟩, 𝓛R = (J' − ⟨a⟩)ρ and z𝓛 = ⟨1|J' − ⟨a⟩⟨1|, the noise is D = ⟨1|J''|ρ⟩ − 2⟨1|J'|R⟩ and
 *   dD = ⟨1|dJ''|ρ⟩ − 2⟨1|dJ'|R⟩ − 2⟨z|dJ'|ρ⟩ + 2⟨z|d𝓛|R⟩ + ⟨ℓ|dρ⟩,   ⟨ℓ| = ⟨1|J'' − 2⟨z|J' + 2⟨a⟩⟨z|,
 * so that one solution more, the adjoint of ℓ, gives all of them.
 *
 * The entropy that all baths produce by Spohn is Σ_b Tr[𝓛_b(ρ) ln π_b] in a steady state. Where a bath moves populations
 * alone and balances each move against its reverse, ln π_b differs by ln(k/k') between the two ends of a move with the
 * rates k and k': so it is Σ k p ln(k/k') over all moves.
 */
import { quantaCounter, quantumOf } from '../fluctuations/counters.js';
import {
  type ElementSlopes,
  type JumpElements,
  JumpProgram,
} from '../fluctuations/jumpElements.js';
import { conservedCharges } from '../lindblad/charges.js';
import { movesOf } from '../lindblad/equation.js';
import { localEquation } from '../lindblad/masterEquation.js';
import { RELATIVE, type SectorProgram } from '../lindblad/sectorProgram.js';
import type { Machine } from '../machine/machine.js';
import { zeros } from '../zeros.js';
import type { Differential } from './differential.js';
import type { SteadySensitivity } from './steadySensitivity.js';

/** Why fluctuations of a machine have no derivatives here. */
export class NoDerivativeError extends Error {
  override readonly name = 'NoDerivativeError';
}

interface BathJumps {
  readonly name: string;
  readonly jumps: JumpProgram;
  /** Whether its quanta are counted. */
  readonly isCounted: boolean;
}

/** The jumps of a machine between bare states, the same for all windows and devices. */
export class NoiseProgram {
  readonly baths: readonly BathJumps[];

  /** @param program of the local equation of the machine */
  constructor(program: SectorProgram, machine: Machine) {
    const { equation } = localEquation(machine);
    const charges = conservedCharges(movesOf(equation));
    this.baths = equation.dissipators
      .filter(({ jumps }) => jumps.length > 0)
      .map(({ name, jumps }) => {
        const quantum = quantumOf(charges, machine.states, jumps);
        const counters = quantum === null ? [] : [quantaCounter(charges, machine.states, quantum)];
        return {
          name,
          isCounted: quantum !== null,
          jumps: new JumpProgram(program, jumps, counters),
        };
      });
  }

  /** A bath whose quanta are counted. @throws {NoDerivativeError} */
  counted(name: string): BathJumps {
    const found = this.baths.find((bath) => bath.name === name && bath.isCounted);
    if (found === undefined) throw new NoDerivativeError(`no quanta of ${name} are counted`);
    return found;
  }
}

/** What rounding and the errors of populations take from a term. */
const LOST = 2 * RELATIVE;
/** By how much the correction of a solution may understate what is left. */
const SAFETY = 8;

const slopesFor = ({ value }: JumpElements): ElementSlopes => ({
  slope: zeros(value.length),
  error: zeros(value.length),
});

function dot(a: Float64Array, b: Float64Array): { value: number; error: number } {
  let [value, error] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const term = a[i] * b[i];
    value += term;
    error += LOST * Math.abs(term);
  }
  return { value, error };
}

/** The mean current of a bath's quanta, and its noise. */
export function currentAndNoise(
  state: SteadySensitivity,
  program: NoiseProgram,
  bath: string,
): { readonly current: Differential; readonly noise: Differential } {
  const { jumps } = program.counted(bath);
  const { sector, rho, state: steady } = state;
  const elements = jumps.on(sector);
  const { from, to, value, arrives } = elements;
  const weight = elements.weight(0);
  const size = rho.length;
  const row = elements.countedRow(0, 1, size);
  const mean = dot(row, rho);
  const z = state.solveTransposed(row);

  const slopes = state.slopes();
  const byCurrent = slopesFor(elements);
  for (let e = 0; e < value.length; e++) {
    if (arrives[e] === 0) continue;
    byCurrent.slope[e] = weight[e] * rho[from[e]];
    byCurrent.error[e] = LOST * Math.abs(byCurrent.slope[e]);
  }
  jumps.addSlopes(sector, byCurrent, slopes);
  state.addGenerator(z, steady, -1, slopes);
  const current = { value: mean, gradient: slopes.byParameter() };

  const right = zeros(size);
  elements.addCounted(0, 1, rho, right);
  for (let i = 0; i < size; i++) right[i] -= mean.value * rho[i];
  const response = state.solve(right);
  const shot = dot(elements.countedRow(0, 2, size), rho);
  const rest = dot(row, response.x);
  let lost = 0;
  for (let i = 0; i < size; i++) lost += SAFETY * Math.abs(row[i] * response.correction[i]);

  const second = elements.countedRow(0, 2, size);
  const again = state.slopes();
  const byNoise = slopesFor(elements);
  for (let e = 0; e < value.length; e++) {
    const w = weight[e];
    second[from[e]] -= 2 * w * value[e] * z.x[to[e]];
    const terms = [-2 * w * z.x[to[e]] * rho[from[e]]];
    let corrected = z.correction[to[e]] * rho[from[e]];
    if (arrives[e] === 1) {
      terms.push(w * w * rho[from[e]], -2 * w * response.x[from[e]]);
      corrected = Math.abs(corrected) + Math.abs(response.correction[from[e]]);
    }
    for (const term of terms) {
      byNoise.slope[e] += term;
      byNoise.error[e] += LOST * Math.abs(term);
    }
    byNoise.error[e] += SAFETY * 2 * Math.abs(w * corrected);
  }
  for (let i = 0; i < size; i++) second[i] += 2 * mean.value * z.x[i];
  jumps.addSlopes(sector, byNoise, again);
  state.addGenerator(z, response, 2, again);
  state.addGenerator(state.solveTransposed(second), steady, -1, again);
  const noise = {
    value: { value: shot.value - 2 * rest.value, error: shot.error + 2 * (rest.error + lost) },
    gradient: again.byParameter(),
  };
  return { current, noise };
}

/** Where an element leads from and to, as one number. */
const moveKey = (from: number, to: number, size: number): number => from * size + to;

/**
 * The entropy production of all baths.
 * @throws {NoDerivativeError} where a bath moves more than populations, or has a move without a reverse
 */
export function entropyProduction(state: SteadySensitivity, program: NoiseProgram): Differential {
  const { sector, rho } = state;
  const { sitePaired, siteWidth } = sector;
  const size = rho.length;
  const slopes = state.slopes();
  const row = zeros(size);
  let [total, error] = [0, 0];
  for (const { name, jumps } of program.baths) {
    const elements = jumps.on(sector);
    const { from, to, value, arrives } = elements;
    const isMove = (e: number) => arrives[e] === 1 && value[e] !== 0 && from[e] !== to[e];
    const rates = new Map<number, number>();
    const byRate = new Map<number, number>();
    for (let e = 0; e < value.length; e++) {
      if (!isMove(e)) continue;
      if (from[e] % siteWidth < sitePaired) {
        throw new NoDerivativeError(`${name} moves coherences to populations`);
      }
      const key = moveKey(from[e], to[e], size);
      rates.set(key, (rates.get(key) ?? 0) + value[e]);
    }
    const flows = new Map<number, number>();
    for (const [key, rate] of rates) flows.set(key, rate * rho[Math.floor(key / size)]);
    const back = (key: number) => moveKey(key % size, Math.floor(key / size), size);
    for (const [key, rate] of rates) {
      const reverse = rates.get(back(key));
      if (reverse === undefined) {
        throw new NoDerivativeError(`a jump of ${name} has no reverse: its entropy is infinite`);
      }
      const affinity = Math.log(rate / reverse);
      const flow = flows.get(key) ?? 0;
      total += flow * affinity;
      error += LOST * Math.abs(flow) * (1 + Math.abs(affinity));
      row[Math.floor(key / size)] += rate * affinity;
      // By the rate itself, which is in the affinity of its reverse, too.
      const slope =
        rho[Math.floor(key / size)] * (affinity + 1) - (flows.get(back(key)) ?? 0) / rate;
      byRate.set(key, slope);
    }
    const byValue = slopesFor(elements);
    for (let e = 0; e < value.length; e++) {
      if (!isMove(e)) continue;
      const slope = byRate.get(moveKey(from[e], to[e], size)) ?? 0;
      byValue.slope[e] = slope;
      byValue.error[e] = LOST * (Math.abs(slope) + 2 * rho[from[e]]);
    }
    jumps.addSlopes(sector, byValue, slopes);
  }
  state.addGenerator(state.solveTransposed(row), state.state, -1, slopes);
  return { value: { value: total, error }, gradient: slopes.byParameter() };
}
