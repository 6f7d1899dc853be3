/** How the populations of the rotor and of the qubits look. */
import type { TopLevelSpec } from 'vega-lite';
import type { Dataset } from '../../../figures/dataset.js';
import { colours, pictureOf, quantitative } from '../../../figures/theme.js';
import type { SteadyObservables } from '../../../simulate/steady.js';
import { levelBars } from '../../plot/levels.js';
import type { Rows } from '../../plot/vega.js';

/** On a logarithmic axis, populations below this are not drawn. */
const SMALLEST = 1e-16;

/** On a linear axis, levels at the ends of the window with less than this of the largest are not seen. */
const UNSEEN = 1e-4;
export const rotorRows = (
  { rotor, truncation }: SteadyObservables,
  scale: 'linear' | 'log',
): Rows => levelRowsOf(rotor.populations, truncation.lmin, scale);

/** Of any ladder, from its lowest level up. */
export function levelRowsOf(
  populations: readonly number[],
  lmin: number,
  scale: 'linear' | 'log' = 'linear',
): Rows {
  const largest = populations.reduce((so, p) => Math.max(so, p), 0);
  const smallest = scale === 'log' ? SMALLEST : UNSEEN * largest;
  return levelBars(populations, lmin, smallest).map((bar) => ({ ...bar }));
}

/** @param what the description of the populations */
export const levelDataset = (
  populations: readonly number[],
  lmin: number,
  what = 'of the level l of the rotor',
): Dataset => ({
  columns: [
    { name: 'l', unit: 'ħ', description: 'angular momentum' },
    { name: 'population', unit: '', description: what },
  ],
  rows: populations.map((population, i) => ({ l: lmin + i, population })),
});

export const rotorPlot = (
  scale: 'linear' | 'log',
  title = 'angular momentum l (ħ)',
): TopLevelSpec => {
  const isLinear = scale === 'linear';
  return pictureOf({
    width: 330,
    height: 190,
    data: { name: 'rows' },
    ...(isLinear ? {} : { transform: [{ filter: `datum.population > ${SMALLEST}` }] }),
    mark: isLinear ? 'rect' : { type: 'point', filled: true, size: 14, opacity: 1 },
    encoding: {
      x: quantitative(isLinear ? 'left' : 'l', title, {
        scale: { zero: false, nice: false, padding: 6 },
        axis: { tickMinStep: 1, tickCount: 8 },
      }),
      y: quantitative('population', 'population', {
        scale: isLinear ? { zero: true } : { type: 'log' },
        axis: { tickCount: 5, ...(isLinear ? {} : { format: '.0e' }) },
      }),
      ...(isLinear ? { x2: { field: 'right' }, y2: { datum: 0 } } : {}),
      color: { value: colours.blue },
    },
  });
};

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

export const qubitPlot: TopLevelSpec = pictureOf({
  width: 330,
  height: 150,
  data: { name: 'rows' },
  mark: { type: 'bar', width: { band: 0.7 } },
  encoding: {
    x: { field: 'state', type: 'nominal', title: 'state n₁n₂', axis: { labelAngle: 0 } },
    y: quantitative('population', 'population', { axis: { tickCount: 5 } }),
    color: { value: colours.green },
  },
});
