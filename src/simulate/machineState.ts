/** What is read off any state of a described machine. */
import type { Operator } from '../operators/operator.js';
import {
  type DensityMatrix,
  expectation,
  levelPopulations,
  rotorPopulations,
} from '../state/densityMatrix.js';
import type { MachineNumbers } from './machineSystem.js';

type ByName<T> = Readonly<Record<string, T>>;

/** What is known of the ladder. */
export interface LadderReading {
  readonly symbol: string;
  /** Mean of the quantity, of its square, and its variance. */
  readonly mean: number;
  readonly meanSquare: number;
  readonly variance: number;
  /** One number for each level of the window. */
  readonly populations: Float64Array;
}

export type Mean = number | { readonly re: number; readonly im: number };

export interface MachineState {
  /** By subsystem, one number for each of its levels. */
  readonly populations: ByName<readonly number[]>;
  readonly ladder: LadderReading | null;
  /** Mean energies by their names. */
  readonly energies: ByName<number>;
  readonly observables: ByName<Mean>;
  /** Populations of the lowest and the highest level where levels beyond are cut off. */
  readonly edges: { readonly below: number | null; readonly above: number | null };
}

/**
 * @param operators what means are read of
 * @param rounding an imaginary part of a mean that is none, beside the real one
 */
export function machineState(
  numbers: MachineNumbers,
  rho: DensityMatrix,
  operators: {
    readonly energies: ByName<Operator>;
    readonly observables: ByName<Operator>;
  } = numbers,
  rounding = 0,
): MachineState {
  const { below, above } = numbers.described.ladder.open;
  const levels = rotorPopulations(rho);
  const means = <T>(of: ByName<Operator>, read: (mean: { re: number; im: number }) => T) =>
    Object.fromEntries(Object.entries(of).map(([name, x]) => [name, read(expectation(rho, x))]));
  return {
    populations: populationsOf(numbers, levelPopulations(rho)),
    ladder: ladderReading(numbers, levels),
    energies: means(operators.energies, ({ re }) => re),
    observables: means<Mean>(operators.observables, (mean) =>
      Math.abs(mean.im) <= rounding * Math.max(1, Math.abs(mean.re)) ? mean.re : mean,
    ),
    edges: { below: below ? levels[0] : null, above: above ? levels[levels.length - 1] : null },
  };
}

function populationsOf(
  { described: { subsystems } }: MachineNumbers,
  states: readonly number[],
): Record<string, number[]> {
  return Object.fromEntries(
    subsystems.all.map(({ name, levels }, at) => {
      const of = levels.map(() => 0);
      states.forEach((p, s) => {
        of[subsystems.levelOf(at, s)] += p;
      });
      return [name, of];
    }),
  );
}

function ladderReading(
  { described: { ladder }, quantity }: MachineNumbers,
  populations: Float64Array,
): LadderReading | null {
  if (ladder.symbol === null) return null;
  let [mean, meanSquare] = [0, 0];
  populations.forEach((p, i) => {
    mean += p * quantity[i];
    meanSquare += p * quantity[i] ** 2;
  });
  let variance = 0;
  populations.forEach((p, i) => {
    variance += p * (quantity[i] - mean) ** 2;
  });
  return { symbol: ladder.symbol, mean, meanSquare, variance, populations };
}

/** The largest population of an open edge at any time. */
export const largestEdge = (states: readonly Pick<MachineState, 'edges'>[]): number =>
  states.reduce((most, { edges: { below, above } }) => Math.max(most, below ?? 0, above ?? 0), 0);
