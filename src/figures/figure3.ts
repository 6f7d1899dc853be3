/** Fig. 3: ergotropies of the device, its two qubits and its rotor against β_2/β_1. */
import { type Dataset, observableColumns } from './dataset.js';
import type { TemperatureScan } from './temperatureScan.js';

export const figure3Data = ({ parameters, points }: TemperatureScan) => ({
  parameters,
  rows: points.map(({ ratio, observables }) => ({ ratio, ...observables.ergotropy })),
});

export type Figure3Data = ReturnType<typeof figure3Data>;

export function figure3Dataset(scan: TemperatureScan): Dataset {
  return {
    columns: [
      { name: 'ratio', unit: '', description: 'β2/β1' },
      ...observableColumns('ergotropy.total', 'ergotropy.qubits', 'ergotropy.rotor'),
    ],
    rows: figure3Data(scan).rows,
  };
}
