/** Fig. 2: heat flows and power, efficiency and COP against β_2/β_1. */
import type { Dataset } from './dataset.js';
import type { Figure2Data } from './figure2.plot.js';
import type { TemperatureScan } from './temperatureScan.js';

export function figure2Data({ parameters, points, regimes }: TemperatureScan): Figure2Data {
  return {
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
  };
}

const energyPerTime = 'energy/time';

export function figure2Dataset({ rows }: Figure2Data): Dataset {
  return {
    columns: [
      { name: 'ratio', unit: '', description: 'β2/β1' },
      { name: 'Q1', unit: energyPerTime, description: 'heat flow from bath 1' },
      { name: 'Q2', unit: energyPerTime, description: 'heat flow from bath 2' },
      { name: 'Qr', unit: energyPerTime, description: 'heat flow from the load' },
      { name: 'WQ', unit: energyPerTime, description: 'power W^(Q)' },
      { name: 'efficiency', unit: '', description: 'η, engine only' },
      { name: 'carnotEfficiency', unit: '', description: 'η_C' },
      { name: 'cop', unit: '', description: 'COP, refrigerator only' },
      { name: 'carnotCop', unit: '', description: 'COP_C' },
      { name: 'operation', unit: '', description: 'Table I' },
    ],
    rows: rows.map((row) => ({ ...row })),
  };
}
