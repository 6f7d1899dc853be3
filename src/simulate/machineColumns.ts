/** The numbers of a described machine's steady state by the names that sweeps and objectives have for them. */
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

/**
 * What fluctuates, by the names of columns.
 * @throws {ParameterError} as `machineFluctuating`
 */
export async function fluctuationsOf(
  { numbers }: MachineReading,
  hooks?: LayeredFluctuationHooks,
): Promise<Record<string, number | null>> {
  const { described, values, window, betas } = numbers;
  const found = await machineFluctuating(described, values, window, betas, hooks);
  const columns: Record<string, number | null> = {
    'entropyProduction.sum': found.totalEntropyProduction?.value ?? null,
  };
  for (const bath of found.baths) {
    const current = found.quanta(bath);
    columns[`currents.${bath}`] = current?.mean.value ?? null;
    columns[`noise.${bath}`] = current?.noise.value ?? null;
    columns[`heatNoise.${bath}`] = found.heat(bath)?.noise.value ?? null;
    columns[`fano.${bath}`] = found.fano(bath);
    columns[`TUR.${bath}`] = found.uncertainty(bath);
    columns[`KUR.${bath}`] = found.kineticUncertainty(bath);
    columns[`entropyProduction.${bath}`] = found.entropyProduction(bath).value;
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

/** What fluctuates, by bath: recorded where it is asked for. */
const FLUCTUATIONS = ['currents', 'noise', 'heatNoise', 'fano', 'TUR', 'KUR', 'entropyProduction'];

export const fluctuationColumns = ({ baths }: DescribedMachine): string[] => [
  ...FLUCTUATIONS.flatMap((quantity) => baths.map(({ name }) => `${quantity}.${name}`)),
  'entropyProduction.sum',
];
