/** Numbers of machines by where they stand in what `qmill steady --machine --json` prints. */
import { expect } from 'vitest';
import type { MachineReading } from '../../src/simulate/machineSteady.js';

export type Numbers = { readonly [key: string]: number | Numbers };

function flat(numbers: Numbers, before = ''): [string, number][] {
  return Object.entries(numbers).flatMap(([key, value]): [string, number][] =>
    typeof value === 'number' ? [[before + key, value]] : flat(value, `${before}${key}.`),
  );
}

function numbersOf({ numbers, ...reading }: MachineReading): Numbers {
  const { ladder } = reading;
  return {
    populations: Object.fromEntries(
      numbers.described.subsystems.all.map(({ name, levels }) => [
        name,
        Object.fromEntries(levels.map((level, k) => [level, reading.populations[name][k]])),
      ]),
    ),
    ...(ladder === null
      ? {}
      : { ladder: { mean: ladder.mean, meanSquare: ladder.meanSquare } as Numbers }),
    energies: reading.energies,
    heat: reading.flows.heat,
    work: reading.flows.work,
    observables: reading.observables as Numbers,
  };
}

/** The numbers of another program are this one's. @param tolerance beside the largest of them, and 1 */
export function expectSameNumbers(theirs: Numbers, reading: MachineReading, tolerance: number) {
  const wanted = new Map(flat(theirs));
  const ours = flat(numbersOf(reading));
  expect([...wanted.keys()].sort()).toEqual(ours.map(([name]) => name).sort());
  const scale = Math.max(1, ...ours.map(([, x]) => Math.abs(x)));
  for (const [name, x] of ours) {
    expect(Math.abs((wanted.get(name) as number) - x), name).toBeLessThan(tolerance * scale);
  }
}
