/** The numbers of a described machine's steady state by the names that sweeps and objectives have for them. */
import type { Asked, FluctuatingState } from '../fluctuations/fluctuatingState.js';
import type { DescribedMachine } from '../machine/description/describedMachine.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import { machineFluctuating } from './machineFluctuations.js';
import type { MachineReading } from './machineSteady.js';

/** The numbers of a reading by the names of columns. */
export function columnsOf({
  numbers,
  populations,
  ladder,
  energies,
  flows,
  observables,
  solution,
}: MachineReading): Record<string, number | null> {
  const columns: Record<string, number | null> = {};
  for (const { name, levels } of numbers.described.subsystems.all) {
    levels.forEach((level, k) => {
      columns[`populations.${name}.${level}`] = populations[name][k];
    });
  }
  if (ladder !== null) {
    for (const m of ['mean', 'meanSquare', 'variance'] as const) columns[`ladder.${m}`] = ladder[m];
  }
  for (const [name, value] of Object.entries(energies)) columns[`energies.${name}`] = value;
  for (const kind of ['heat', 'work'] as const) {
    for (const [bath, value] of Object.entries(flows[kind])) columns[`${kind}.${bath}`] = value;
  }
  columns.entropyProduction = flows.entropyProduction;
  for (const [name, mean] of Object.entries(observables)) {
    columns[`observables.${name}`] = typeof mean === 'number' ? mean : mean.re;
    columns[`observables.${name}.im`] = typeof mean === 'number' ? 0 : mean.im;
  }
  columns.residual = solution.residual;
  return columns;
}

/** What fluctuates of a bath, and what has to be known of a state for it. */
interface OfBath {
  readonly takes: readonly Asked[];
  readonly read: (found: FluctuatingState, bath: string) => number | null;
}

const of = (takes: OfBath['takes'], read: OfBath['read']): OfBath => ({ takes, read });

/** By what comes before a bath's name in columns. */
const OF_BATHS: Readonly<Record<string, OfBath>> = {
  currents: of(['means'], (found, bath) => found.quanta(bath)?.mean.value ?? null),
  noise: of(['noise'], (found, bath) => found.quanta(bath)?.noise.value ?? null),
  heatNoise: of(['heat'], (found, bath) => found.heat(bath)?.noise.value ?? null),
  fano: of(['noise', 'means'], (found, bath) => found.fano(bath)),
  TUR: of(['noise', 'means', 'entropy'], (found, bath) => found.uncertainty(bath)),
  KUR: of(['noise', 'means', 'activity'], (found, bath) => found.kineticUncertainty(bath)),
  entropyProduction: of(['entropies'], (found, bath) => found.entropyProduction(bath).value),
};

/** What has to be known of a state that fluctuates for some columns; nothing where none of them is of that. */
export function askedBy(described: DescribedMachine, columns: readonly string[]): Set<Asked> {
  const known = fluctuationColumns(described);
  const takenBy = (name: string): readonly Asked[] =>
    name === TOTAL ? ['entropy'] : OF_BATHS[name.split('.')[0]].takes;
  return new Set(columns.filter((name) => known.includes(name)).flatMap(takenBy));
}

/**
 * What fluctuates, by the names of columns: of baths that have jumps.
 * @param names what is asked for
 * @param counted where it has been found already
 * @throws {ParameterError} as `machineFluctuating`
 */
export async function fluctuationsOf(
  { numbers }: MachineReading,
  names: readonly string[],
  hooks: LayeredFluctuationHooks = {},
  counted: FluctuatingState | null = null,
): Promise<Record<string, number | null>> {
  const { described, values, window, betas } = numbers;
  const found = counted ?? (await machineFluctuating(described, values, window, betas, hooks));
  const columns: Record<string, number | null> = {};
  for (const name of names) {
    if (name === TOTAL) columns[name] = found.totalEntropyProduction?.value ?? null;
    const [quantity, bath] = name.split('.');
    if (found.baths.includes(bath)) columns[name] = OF_BATHS[quantity].read(found, bath);
  }
  return columns;
}

/** What may be recorded, in its order. */
export function columnNames({
  subsystems,
  ladder,
  energies,
  baths,
  observables,
}: DescribedMachine): string[] {
  return [
    ...subsystems.all.flatMap(({ name, levels }) =>
      levels.map((level) => `populations.${name}.${level}`),
    ),
    ...(ladder.symbol === null ? [] : ['mean', 'meanSquare', 'variance'].map((m) => `ladder.${m}`)),
    ...energies.map(({ name }) => `energies.${name}`),
    ...baths.flatMap(({ name }) => [`heat.${name}`, `work.${name}`]),
    'entropyProduction',
    ...observables.flatMap(({ name }) => [`observables.${name}`, `observables.${name}.im`]),
    'residual',
  ];
}

const TOTAL = 'entropyProduction.sum';

/** Recorded where it is asked for. */
export const fluctuationColumns = ({ baths }: DescribedMachine): string[] => [
  ...Object.keys(OF_BATHS).flatMap((quantity) => baths.map(({ name }) => `${quantity}.${name}`)),
  TOTAL,
];
