/** Axes have few enough numbers to be read. */
import { expect, test } from 'vitest';
import { figure3Plot } from '../../src/figures/figure3.plot.js';
import { rectificationPlot } from '../../src/figures/rectification.plot.js';
import { renderSvg } from '../../src/figures/render.js';
import { DEFAULT_STYLE } from '../../src/figures/style.js';
import { deviceParameters } from '../../src/model/parameters.js';

const curve = [
  { beta2: 0.02, chi: 0, R: 0.2, J: 1 },
  { beta2: 0.02, chi: 0.5, R: 0.6, J: 1.4 },
];
const plots = {
  'Fig. 3': figure3Plot(
    {
      parameters: deviceParameters(),
      rows: [0.005, 0.9].map((ratio) => ({ ratio, total: 15, qubits: 2, rotor: 12 })),
    },
    DEFAULT_STYLE,
  ),
  'Figs. 4 and 5': rectificationPlot(
    { parameters: {}, remarks: [], axes: { R: 'R', J: 'J' }, curves: curve, optima: [] },
    DEFAULT_STYLE,
  ),
} as const;

test.each(Object.entries(plots))('%s', async (_, plot) => {
  const svg = await renderSvg(plot);
  const labels = svg.match(/role-axis-label[\s\S]*?<\/g>/g) ?? [];
  expect(labels).toHaveLength(2);
  for (const axis of labels) {
    const count = axis.match(/<text/g)?.length ?? 0;
    expect(count).toBeGreaterThanOrEqual(4);
    expect(count).toBeLessThanOrEqual(11);
  }
});
