/** Observables off the sums that a GPU leaves of each state, where these tell them. */

import { angularMomentum, angularMomentumSquared } from '../model/hamiltonian.js';
import type { DeviceParameters } from '../model/parameters.js';
import { cosine, sine } from '../model/potential.js';
import { population } from '../model/qubits.js';
import type { OperatorOf } from '../operators/operator.js';
import { performanceOf } from '../thermo/operation.js';
import { type ObservableName, observableRecord } from './observableRecords.js';
import { asNumber } from './observe.js';
import type { SectorObservables } from './sectorObservables.js';

type Read = (sums: SectorObservables, parameters: DeviceParameters) => number;

/** The operators whose means are among the sums. */
const MEANS: ReadonlyMap<OperatorOf, (sums: SectorObservables) => number> = new Map([
  [angularMomentum, ({ Lz }: SectorObservables) => Lz],
  [angularMomentumSquared, ({ Lz2 }) => Lz2],
  // No element of the sector changes l alone.
  [cosine, () => 0],
  [sine, () => 0],
  ...[0, 1, 2, 3].map(
    (s) => [population(s), (sums: SectorObservables) => sums.qubitPopulations[s]] as const,
  ),
]);

/** How an observable is read off the sums; null where it takes the elements of the state. */
export function readOfSums(name: ObservableName): Read | null {
  const { is } = observableRecord(name);
  switch (is.kind) {
    case 'expectation': {
      const mean = MEANS.get(is.operator);
      if (mean === undefined) return null;
      return (sums, parameters) => (is.isInfinite?.(parameters) === true ? Number.NaN : mean(sums));
    }
    case 'flows':
      return (sums, parameters) => {
        const { heat, work, intrinsicPower } = sums;
        const value = is.read({
          heat,
          work,
          intrinsicPower,
          get performance() {
            return performanceOf(parameters, heat, work.WQ);
          },
        });
        return asNumber(name, value);
      };
    case 'others': {
      const reads: Read[] = [];
      for (const other of is.of) {
        const read = readOfSums(other as ObservableName);
        if (read === null) return null;
        reads.push(read);
      }
      return (sums, parameters) =>
        asNumber(name, is.read(...reads.map((read) => read(sums, parameters))));
    }
    case 'state':
    case 'fluctuation':
    case 'solution':
      return null;
  }
}
