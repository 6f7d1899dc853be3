/** How the trade-off of rectification against size looks. */
import type { TopLevelSpec } from 'vega-lite';
import type { Dataset } from '../../../figures/dataset.js';
import { colours, nominal, pictureOf } from '../../../figures/theme.js';
import type { Quantity, Sample } from '../../../simulate/rectificationSearch.js';
import type { RectificationResult } from '../../studies/rectificationStudy.js';

const row = (sample: Sample, quantity: Quantity) => ({
  ...sample.parameters,
  R: sample[quantity].R,
  J: sample[quantity].J,
});

export function paretoDataset(result: RectificationResult, quantity: Quantity): Dataset {
  const equations = quantity === 'heat' ? ['(39)', '(40)'] : ['(42)', '(43)'];
  return {
    columns: [
      ...result.request.over.map((name) => ({ name, unit: '', description: 'searched' })),
      { name: 'R', unit: '', description: `Eq. ${equations[0]}` },
      { name: 'J', unit: '', description: `Eq. ${equations[1]}` },
    ],
    rows: result.search.pareto[quantity].map((sample) => row(sample, quantity)),
  };
}

export function paretoPlot(result: RectificationResult, quantity: Quantity): TopLevelSpec {
  const front = result.search.pareto[quantity].map((sample) => row(sample, quantity));
  const best = result.search.best.find((b) => b.quantity === quantity);
  const marks = [
    { what: 'this device', ...result[quantity] },
    ...(best === undefined ? [] : [{ what: 'largest Γ', ...best[quantity] }]),
  ];
  const suffix = quantity === 'heat' ? '' : ' angular';
  const common = {
    type: 'quantitative',
    scale: { zero: false, nice: false, padding: 10 },
    axis: { tickCount: 6 },
  };
  const x = { ...common, field: 'R', title: `R${suffix}` };
  const y = { ...common, field: 'J', title: `J${suffix} (${quantity === 'heat' ? 'λg²' : 'ħ'})` };
  return pictureOf({
    width: 420,
    height: 300,
    layer: [
      {
        data: { values: front },
        mark: {
          type: 'line',
          color: colours.blue,
          point: { size: 18, filled: true, color: colours.blue },
        },
        encoding: { x, y, order: { field: 'J', type: 'quantitative' } },
      },
      {
        data: { values: marks },
        mark: { type: 'point', size: 90, opacity: 1, strokeWidth: 0 },
        encoding: {
          x,
          y,
          fill: nominal('what', {
            scale: {
              domain: ['this device', 'largest Γ'],
              range: [colours.black, colours.vermilion],
            },
            legend: { symbolSize: 90, symbolStrokeWidth: 0, symbolOpacity: 1 },
          }),
        },
      },
    ],
  });
}
