/** How the populations of the rotor and of the qubits look. */
import type { TopLevelSpec } from 'vega-lite';
import type { Dataset } from '../../../figures/dataset.js';
import { colours, theme } from '../../../figures/theme.js';
import type { SteadyObservables } from '../../../simulate/steady.js';
import type { Rows } from '../../plot/vega.js';

/** On a logarithmic axis, populations below this are not drawn. */
const SMALLEST = 1e-16;

export const rotorRows = ({ rotor, truncation }: SteadyObservables): Rows =>
  rotor.populations.map((population, i) => ({ l: truncation.lmin + i, population }));

export const rotorDataset = (observables: SteadyObservables): Dataset => ({
  columns: [
    { name: 'l', unit: 'ħ', description: 'angular momentum' },
    { name: 'population', unit: '', description: 'of the level l of the rotor' },
  ],
  rows: rotorRows(observables),
});

const base = { $schema: 'https://vega.github.io/schema/vega-lite/v6.json', config: theme };

export const rotorPlot = (scale: 'linear' | 'log'): TopLevelSpec =>
  ({
    ...base,
    width: 330,
    height: 190,
    data: { name: 'rows' },
    ...(scale === 'log' ? { transform: [{ filter: `datum.population > ${SMALLEST}` }] } : {}),
    mark:
      scale === 'log'
        ? { type: 'point', filled: true, size: 14 }
        : { type: 'bar', binSpacing: 0.5 },
    encoding: {
      x: {
        field: 'l',
        type: 'quantitative',
        title: 'angular momentum l',
        scale: { zero: false, nice: false, padding: 6 },
        axis: { tickMinStep: 1 },
        ...(scale === 'linear' ? { bin: { binned: true, step: 1 } } : {}),
      },
      ...(scale === 'linear' ? { x2: { field: 'next' } } : {}),
      y: {
        field: 'population',
        type: 'quantitative',
        title: 'population',
        scale: scale === 'log' ? { type: 'log' } : { zero: true },
        axis: { tickCount: 5, ...(scale === 'log' ? { format: '.0e' } : {}) },
      },
      color: { value: colours.blue },
    },
    ...(scale === 'linear'
      ? {
          transform: [
            { calculate: 'datum.l + 0.5', as: 'next' },
            { calculate: 'datum.l - 0.5', as: 'l' },
          ],
        }
      : {}),
  }) as TopLevelSpec;

const QUBIT_STATES = ['00', '01', '10', '11'] as const;

export const qubitRows = ({ qubits }: SteadyObservables): Rows =>
  qubits.populations.map((population, i) => ({ state: QUBIT_STATES[i], population }));

export const qubitDataset = (observables: SteadyObservables): Dataset => ({
  columns: [
    { name: 'state', unit: '', description: 'n1 n2, 1 is up' },
    { name: 'population', unit: '', description: 'of the state of both qubits' },
  ],
  rows: qubitRows(observables),
});

export const qubitPlot: TopLevelSpec = {
  ...base,
  width: 330,
  height: 150,
  data: { name: 'rows' },
  mark: { type: 'bar', width: { band: 0.7 } },
  encoding: {
    x: { field: 'state', type: 'nominal', title: 'n₁n₂', axis: { labelAngle: 0 } },
    y: {
      field: 'population',
      type: 'quantitative',
      title: 'population',
      axis: { tickCount: 5 },
    },
    color: { value: colours.green },
  },
} as TopLevelSpec;
