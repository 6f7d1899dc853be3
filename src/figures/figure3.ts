/** Fig. 3: ergotropies of the device, its two qubits and its rotor against β_2/β_1. */
import { type Dataset, observableColumn } from './dataset.js';
import type { Figure3Data } from './figure3.plot.js';
import type { TemperatureScan } from './temperatureScan.js';

export function figure3Data({ parameters, points }: TemperatureScan): Figure3Data {
  return {
    parameters,
    rows: points.map(({ ratio, observables }) => ({ ratio, ...observables.ergotropy })),
  };
}

export function figure3Dataset({ rows }: Figure3Data): Dataset {
  return {
    columns: [
      { name: 'ratio', unit: '', description: 'β2/β1' },
      observableColumn('ergotropy.total', 'total'),
      observableColumn('ergotropy.qubits', 'qubits'),
      observableColumn('ergotropy.rotor', 'rotor'),
    ],
    rows: rows.map((row) => ({ ...row })),
  };
}
