/**
 * What fluctuates in the steady state of a described machine of which no charge is conserved, or whose jumps are known as
 * numbers alone: heats and their noise, without quanta and what is made of them.
 */
import type { EntropyReading } from '../fluctuations/entropyProduction.js';
import type { BathFluctuations, Fluctuations } from '../fluctuations/fluctuations.js';
import type { DescribedMachine } from '../machine/description/describedMachine.js';
import { machineModel } from '../machine/description/models.js';
import type { Values } from '../machine/tape.js';
import { euclideanNorm } from '../norm.js';
import { type Operator, sum } from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import { requireUniqueSteadyState } from '../spectrum/correlation.js';
import { JumpCounting } from '../spectrum/countedJumps.js';
import { Spectrum } from '../spectrum/modes.js';
import { rotorPopulations } from '../state/densityMatrix.js';
import { eigenvalues } from '../state/spectrum.js';
import { MachineSystem } from './machineSystem.js';

const UNKNOWN: EntropyReading = {
  value: null,
  error: null,
  reason: 'it is read in a sector of populations, and the machine has none',
};

/** Whether an operator leaves every state and level where it is. */
const isDiagonal = ({ transitions }: Operator): boolean =>
  transitions.every(({ to, from, shift }) => to === from && shift === 0);

/**
 * The energy that counts as heat; null where jumps between bare states change it by no definite amounts.
 * @param energies by name
 */
function heatOf(
  { energies: described, model }: DescribedMachine,
  energies: Readonly<Record<string, Operator>>,
  window: Window,
): Operator | null {
  const isWhole = machineModel(model).energies === 'whole';
  const counted = described.filter(({ isHeat }) => isWhole || isHeat);
  const heat = sum(window, ...counted.map(({ name }) => energies[name]));
  return isWhole || isDiagonal(heat) ? heat : null;
}

/**
 * @param betas by bath, its inverse temperature; null where it has none
 * @throws {NonUniqueSteadyStateError}
 * @throws {WideSectorError} where there are too many elements
 */
export function wholeFluctuations(
  described: DescribedMachine,
  values: Values,
  window: Window,
  betas: Readonly<Record<string, number | null>>,
): Fluctuations {
  const { system, energies } = new MachineSystem(described).on(window, values);
  const spectrum = new Spectrum(system);
  requireUniqueSteadyState(spectrum);
  const { steady } = spectrum;
  const heat = heatOf(described, energies, window);
  const baths = Object.entries(system.jumps)
    .map(([name, { operators }]) => ({ name, jumps: operators }))
    .filter(({ jumps }) => jumps.some(({ transitions }) => transitions.length > 0));
  const counting = new JumpCounting(
    spectrum,
    heat === null ? [] : baths.map((bath) => ({ ...bath, quantity: heat })),
  );
  const found = baths.map(
    ({ name, jumps }): BathFluctuations => ({
      name,
      quanta: null,
      heat:
        heat === null
          ? null
          : { mean: counting.mean(name), noise: counting.covariance(name, name) },
      activity: counting.activity(jumps),
      entropyProduction: UNKNOWN,
    }),
  );
  const populations = rotorPopulations(steady);
  return {
    window,
    baths: found,
    covariances: [],
    activity: found.reduce((total, { activity }) => total + activity, 0),
    entropyProduction: null,
    entropy: entropyOf(eigenvalues(steady)),
    clausius: found.reduce((total: number | null, { name, heat: current }) => {
      const beta = betas[name] ?? null;
      return total === null || beta === null || current === null
        ? null
        : total - beta * current.mean.value;
    }, 0),
    ...verdictOf(spectrum),
    edges: [populations[0], populations[populations.length - 1]],
    dynamics: null,
  };
}

/** −Σ p ln p of what rounding has not made of nothing. */
const entropyOf = (weights: Float64Array): number =>
  weights.reduce((total, p) => (p > 0 ? total - p * Math.log(p) : total), 0);

/** ‖𝓛ρ‖, and the same of the magnitudes of its terms. */
function verdictOf(spectrum: Spectrum): { readonly residual: number; readonly scale: number } {
  const [residual, scale] = [0, 1].map((part) =>
    euclideanNorm(
      Float64Array.from(
        spectrum.sectors(spectrum.neutral).map((sector) => {
          const { y, magnitudes } = sector.applied(sector.fromSpace(spectrum.steady.elements));
          const real = Float64Array.from({ length: y.length }, (_, i) =>
            i % 2 === 0 ? magnitudes[i / 2] : 0,
          );
          return euclideanNorm(sector.toSpace(part === 0 ? y : real));
        }),
      ),
    ),
  );
  return { residual, scale };
}
