/** Fig. 2: heat flows and power, efficiency and COP against β_2/β_1. */
import { type Dataset, observableColumns } from './dataset.js';
import type { TemperatureScan } from './temperatureScan.js';

export const figure2Data = ({ parameters, points, regimes }: TemperatureScan) => ({
  parameters,
  regimes,
  rows: points.map(({ ratio, observables: o }) => ({
    ratio,
    Q1: o.heat.Q1,
    Q2: o.heat.Q2,
    Qr: o.heat.Qr,
    WQ: o.work.WQ,
    efficiency: o.efficiency,
    carnotEfficiency: o.carnotEfficiency,
    cop: o.cop,
    carnotCop: o.carnotCop,
    operation: o.operation,
  })),
});

export type Figure2Data = ReturnType<typeof figure2Data>;

export function figure2Dataset(scan: TemperatureScan): Dataset {
  return {
    columns: [
      { name: 'ratio', unit: '', description: 'β2/β1' },
      ...observableColumns('heat.Q1', 'heat.Q2', 'heat.Qr', 'work.WQ'),
      ...observableColumns('efficiency', 'carnotEfficiency', 'cop', 'carnotCop', 'operation'),
    ],
    rows: figure2Data(scan).rows,
  };
}
