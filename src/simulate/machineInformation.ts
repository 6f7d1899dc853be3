/** Entropies, correlations and coherence of a described machine's state, by the names of its parts. */
import type { DescribedMachine } from '../machine/description/describedMachine.js';
import { sum } from '../operators/operator.js';
import { AFFORDABLE_ORDER } from '../state/affordableOrder.js';
import { InformationReading } from '../state/information.js';
import { Parts } from '../state/parts.js';
import { matrixOf } from '../state/spectrum.js';
import { ergotropyParts } from '../thermo/energyBasis.js';
import type { MachineReading } from './machineSteady.js';

/** What a machine's ladder is called beside its subsystems. */
const LADDER = 'ladder';

const partsOf = ({ subsystems, ladder }: DescribedMachine): Parts =>
  new Parts(
    subsystems.all.map(({ name, levels }) => ({ name, levels: levels.length })),
    ladder.symbol === null ? null : LADDER,
  );

/** What can be asked for, by its names. */
export function informationNames(described: DescribedMachine): string[] {
  const { names } = partsOf(described);
  return [
    ...['total', 'diagonal', ...names].map((name) => `entropy.${name}`),
    ...[...names, 'total'].map((name) => `mutualInformation.${name}`),
    'coherence.l1',
    'coherence.relativeEntropy',
    ...names.map((name) => `negativity.${name}`),
    'ergotropyParts.incoherent',
    'ergotropyParts.coherent',
  ];
}

/**
 * All of it; null where it takes the spectrum of too large a matrix. Mutual information and negativity of a part are
 * those with all others together.
 * @param most rows up to which spectra are computed
 */
export function machineInformation(
  { numbers: { described, energies, window }, solution: { rho } }: MachineReading,
  most: number = AFFORDABLE_ORDER,
): Record<string, number | null> {
  const parts = partsOf(described);
  const found = new InformationReading(rho, parts, most);
  const hamiltonian = matrixOf(sum(window, ...Object.values(energies)), rho.space.states);
  const ergotropy = ergotropyParts(hamiltonian, rho, most);
  const columns: Record<string, number | null> = {
    'entropy.total': found.entropy(),
    'entropy.diagonal': found.diagonalEntropy,
    'mutualInformation.total': found.totalCorrelation,
    'coherence.l1': found.coherence,
    'coherence.relativeEntropy': found.relativeEntropyOfCoherence,
    'ergotropyParts.incoherent': ergotropy?.incoherent ?? null,
    'ergotropyParts.coherent': ergotropy?.coherent ?? null,
  };
  for (const name of parts.names) {
    columns[`entropy.${name}`] = found.entropy([name]);
    columns[`mutualInformation.${name}`] = found.mutual([name], parts.others(name));
    columns[`negativity.${name}`] = found.negativity(name);
  }
  return columns;
}
