/** Pictures of a study: time against N, and accuracy against time. */
import type { TopLevelSpec } from 'vega-lite';
import { nominal, pictureOf } from '../figures/theme.js';
import type { Group, Row } from './row.js';
import type { Study } from './study.js';

export const palette = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#e69f00',
  '#56b4e9',
  '#222222',
  '#777777',
];

const pointsOf = (rows: readonly Row[]) =>
  rows.flatMap(({ seconds, solver, N, error, peer, task }) =>
    seconds === null
      ? []
      : [
          {
            solver,
            task,
            N,
            seconds: seconds.median,
            // A log axis has no place for an error of 0.
            error: Math.max(error, 1e-17),
            of: peer ? 'peer' : 'quantum-mill',
          },
        ],
  );

export const title = ({ machine, date, version }: Study) => ({
  text: [`quantum-mill ${version}, ${machine.cpu}, ${machine.cores} cores, ${date.slice(0, 10)}`],
  orient: 'bottom',
  fontSize: 8,
  fontWeight: 'normal',
  offset: 8,
});

export const logarithmic = { type: 'log', nice: true };
const solverEncoding = {
  color: nominal('solver', {
    scale: { range: palette },
    legend: { orient: 'right', direction: 'vertical', labelLimit: 0, symbolSize: 80 },
  }),
  strokeDash: nominal('of', { legend: null }),
  shape: nominal('of', { legend: null }),
};

/** Median time against N on log axes, one panel a task. */
export function timePlot(study: Study, group: Group): TopLevelSpec {
  const values = pointsOf(study.rows.filter((row) => row.group === group));
  const tasks = [...new Set(values.map(({ task }) => task))];
  return pictureOf({
    title: title(study),
    vconcat: tasks.map((task) => ({
      title: task,
      width: 330,
      height: 220,
      data: { values: values.filter((value) => value.task === task) },
      mark: { type: 'line', point: { size: 30 } },
      encoding: {
        x: { field: 'N', type: 'quantitative', scale: logarithmic, title: 'rotor levels N' },
        y: { field: 'seconds', type: 'quantitative', scale: logarithmic, title: 'time (s)' },
        ...solverEncoding,
      },
    })),
    resolve: { scale: { color: 'independent' } },
  });
}

/** Error against time, of everything that was measured at its largest common N. */
export function accuracyPlot(study: Study): TopLevelSpec {
  return pictureOf({
    title: title(study),
    width: 330,
    height: 240,
    data: { values: pointsOf(study.rows) },
    mark: { type: 'point', filled: true, size: 45, opacity: 0.9 },
    encoding: {
      x: { field: 'seconds', type: 'quantitative', scale: logarithmic, title: 'time (s)' },
      y: { field: 'error', type: 'quantitative', scale: logarithmic, title: 'relative error' },
      color: solverEncoding.color,
      shape: solverEncoding.shape,
    },
  });
}
