/** Pictures of one's own runs: of their variables, whatever file these come from. */
import { expect, test } from 'vitest';
import { runLines } from '../../src/cli/plotRun.js';
import type { RunVariable } from '../../src/cli/runFile.js';
import { renderSvg } from '../../src/figures/render.js';
import { DEFAULT_STYLE } from '../../src/figures/style.js';
import { sweepLinesPlot } from '../../src/figures/sweepLines.plot.js';

const variable = (
  name: string,
  dimensions: readonly string[],
  values: readonly number[],
  unit = '',
): RunVariable => ({ name, dimensions, values, unit });

const evolution = {
  command: 'evolve',
  variables: [
    variable('t', ['t'], [1, 10, 1000], '1/energy'),
    variable('l', ['l'], [-1, 0], 'hbar'),
    variable('parameters_beta1', [], [0.1]),
    variable('heat_Q1', ['t'], [4000, 1000, Number.NaN], 'energy/time'),
    variable('rotor_Lz', ['t'], [0, 2e-5, 4e-5], 'hbar'),
    variable('rotor_populations', ['t', 'l'], [0, 1, 0.25, 0.75, 0.5, 0.5]),
  ],
};

test('an evolution is drawn over time, a panel for each unit', () => {
  const { x, panels, parameters } = runLines(evolution, {});
  expect(parameters).toEqual({ beta1: 0.1 });
  expect(x).toEqual({ name: 't', unit: '1/energy', isLogarithmic: true });
  expect(panels.map(({ unit, curves }) => [unit, curves[0].points.map(({ y }) => y)])).toEqual([
    ['energy/time', [4000, 1000, null]],
    ['hbar', [0, 2e-5, 4e-5]],
  ]);
});

test('populations are drawn over levels, a curve for each time', () => {
  const { x, panels } = runLines(evolution, { shown: ['rotor.populations'] });
  expect(x.unit).toBe('hbar');
  expect(panels[0].curves.map(({ name, points }) => [name, points[1]])).toEqual([
    ['t = 1', { x: 0, y: 1 }],
    ['t = 10', { x: 0, y: 0.75 }],
    ['t = 1000', { x: 0, y: 0.5 }],
  ]);
});

test('a steady state is drawn by its populations', () => {
  const { panels } = runLines(
    {
      command: 'steady',
      variables: [
        variable('l', ['l'], [-1, 0, 1], 'hbar'),
        variable('heat_Q1', [], [0.1], 'energy/time'),
        variable('rotor_populations', ['l'], [0.2, 0.5, 0.3]),
      ],
    },
    {},
  );
  expect(panels[0].curves[0].points.map(({ y }) => y)).toEqual([0.2, 0.5, 0.3]);
});

test('means over trajectories have their errors around them', () => {
  const { panels } = runLines(
    {
      command: 'trajectories',
      variables: [
        variable('t', ['t'], [1, 2]),
        variable('heat_Q1_mean', ['t'], [1, 2], 'energy/time'),
        variable('heat_Q1_error', ['t'], [0.1, Number.NaN], 'energy/time'),
        variable('heat_Q1_standardError', ['t'], [0.1, 0.1], 'energy/time'),
      ],
    },
    {},
  );
  expect(panels).toHaveLength(1);
  expect(panels[0].curves[0].points).toEqual([
    { x: 1, y: 1, error: 0.1 },
    { x: 2, y: 2 },
  ]);
});

test('correlations are drawn over the time between their operators', () => {
  const correlation = {
    command: 'correlate',
    variables: [
      variable('tau', ['tau'], [0, 1], 'time'),
      variable('covariance_re', ['tau'], [1, 0.5]),
      variable('covariance_im', ['tau'], [0, 0.1]),
    ],
  };
  const { x, panels } = runLines(correlation, {});
  expect(x).toMatchObject({ name: 'τ', unit: 'time' });
  expect(panels[0].curves.map(({ points }) => points[1].y)).toEqual([0.5, 0.1]);
});

test('what is not there is refused with what is', () => {
  expect(() => runLines(evolution, { shown: ['heat.Q9'] })).toThrow(/heat\.Q1|heat_Q1/);
});

test('numbers on axes are written as in print', async () => {
  const svg = await renderSvg(sweepLinesPlot(runLines(evolution, {}), DEFAULT_STYLE));
  for (const label of ['>4000<', '>4×10⁻⁵<', '(energy/time)', 't  (1/energy)']) {
    expect(svg).toContain(label);
  }
  expect(svg).not.toMatch(/>\d+e[+-]\d+</);
});
