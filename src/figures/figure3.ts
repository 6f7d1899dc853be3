/** Fig. 3: ergotropies of the device, its two qubits and its rotor against β_2/β_1. */
import type { Dataset } from './dataset.js';
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
      { name: 'total', unit: 'energy', description: 'ergotropy of the device' },
      { name: 'qubits', unit: 'energy', description: 'ergotropy of both qubits' },
      { name: 'rotor', unit: 'energy', description: 'ergotropy of the rotor' },
    ],
    rows: rows.map((row) => ({ ...row })),
  };
}
