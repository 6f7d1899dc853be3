/** How a device in time looks: the rotor at one time, and powers at all of them. */
import type { TopLevelSpec } from 'vega-lite';
import { type Dataset, observableColumn } from '../../../figures/dataset.js';
import { byCurve, colours, pictureOf, plainNumber, quantitative } from '../../../figures/theme.js';
import type { Snapshot } from '../../../simulate/snapshot.js';
import { position } from '../../plot/cells.js';
import { levelBars } from '../../plot/levels.js';
import type { Rows } from '../../plot/vega.js';
import { ANGLES, type EvolutionStudyResult } from '../../studies/evolutionStudy.js';
import { levelDataset } from '../device/populationPlots.js';
import { SERIES, type Series } from './series.js';

/** Levels with more than this at any time are drawn. */
const VISIBLE = 1e-4;

export const levelRows = ({ rotor }: Snapshot, lmin: number): Rows =>
  levelBars(rotor.populations, lmin, VISIBLE / 10).map((bar) => ({ ...bar }));

/** Scales of populations: few, so that they seldom change while time goes on, and nothing is cut off. */
const TOPS = [1, 0.6, 0.4, 0.25, 0.15, 0.1, 0.06, 0.04];

/** The smallest of the scales that holds the populations of one time. */
export const topOf = ({ rotor }: Snapshot): number =>
  TOPS.findLast((top) => rotor.populations.every((p) => p <= top)) ?? 1;

/** The largest population that each level has at any time. */
export const largestPopulations = (frames: readonly Snapshot[]): readonly number[] =>
  frames.reduce<readonly number[]>(
    (so, { rotor }) => rotor.populations.map((p, i) => Math.max(p, so[i] ?? 0)),
    [],
  );

/** @param top the end of the scale of populations */
export function levelPlot({ snapshots, lmin }: EvolutionStudyResult, top: number): TopLevelSpec {
  const most = largestPopulations(snapshots);
  const first = Math.max(0, most.findIndex((p) => p > VISIBLE) - 1);
  const last = most.findLastIndex((p) => p > VISIBLE) + 1;
  const domain = [lmin + first - 0.6, lmin + last + 0.6];
  return pictureOf({
    width: 330,
    height: 200,
    data: { name: 'rows' },
    mark: { type: 'rect', clip: true, color: colours.blue },
    encoding: {
      x: quantitative('left', 'angular momentum l (ħ)', {
        scale: { domain, nice: false },
        axis: { tickMinStep: 1 },
      }),
      x2: { field: 'right' },
      y: quantitative('population', 'population', {
        scale: { domain: [0, top], nice: false },
        axis: { tickCount: 5 },
      }),
      y2: { datum: 0 },
    },
  });
}

export const angleRows = ({ rotor }: Snapshot): Rows => {
  const density = rotor.angle ?? [];
  return Array.from({ length: density.length + 1 }, (_, k) => {
    const from = k - ANGLES / 2;
    return {
      angle: (2 * from) / ANGLES,
      density: density[(from + density.length) % density.length],
    };
  });
};

export function anglePlot({ snapshots }: EvolutionStudyResult): TopLevelSpec {
  const top = Math.max(...snapshots.flatMap(({ rotor }) => rotor.angle ?? []));
  return pictureOf({
    width: 330,
    height: 200,
    data: { name: 'rows' },
    mark: { type: 'area', line: { color: colours.green }, color: colours.green, opacity: 0.75 },
    encoding: {
      x: quantitative('angle', 'angle φ/π', { scale: { domain: [-1, 1], nice: false } }),
      y: quantitative('density', 'P(φ)', { scale: { domain: [0, 1.08 * top], nice: false } }),
    },
  });
}

export type Spacing = 'linear' | 'logarithmic';

/** A logarithmic axis has no place for t = 0. */
export const timesOf = <S extends { readonly t: number }>(all: readonly S[], spacing: Spacing) =>
  all.filter(({ t }) => spacing === 'linear' || t > 0);

/** From the first of the times to the last. */
export const timeAxis = (times: readonly { readonly t: number }[], spacing: Spacing) => ({
  field: 't',
  title: 'time (1/energy)',
  // Without a domain the mark of the present time would be part of it.
  domain: [times[0].t, times[times.length - 1].t] as [number, number],
  scale: spacing === 'logarithmic' ? { type: 'log' } : { zero: false },
  axis: { tickCount: 5, ...(spacing === 'logarithmic' ? { format: '~g' } : {}) },
});

/** The power of ten in which curves are drawn. */
export function unitOf({ snapshots }: EvolutionStudyResult, { curves }: Series): number {
  const most = Math.max(
    ...snapshots.flatMap((snapshot) => curves.map(({ read }) => Math.abs(read(snapshot)))),
  );
  return most > 0 ? 10 ** Math.floor(Math.log10(most)) : 1;
}

/** @param withPoints whether data named `points`, each between its `low` and its `high`, stand on the curves */
export function seriesPlot(
  result: EvolutionStudyResult,
  series: Series,
  spacing: Spacing,
  withPoints = false,
): TopLevelSpec {
  const { snapshots } = result;
  const { curves, axis, unit: ofUnit } = series;
  const times = timesOf(snapshots, spacing);
  const x = position(timeAxis(times, spacing));
  const unit = unitOf(result, series);
  const y = quantitative(
    'value',
    `${axis} (${unit === 1 ? '' : `${plainNumber(unit)} `}${ofUnit})`,
    { axis: { tickCount: 5 } },
  );
  const { color: coloured, strokeDash } = byCurve('curve', curves);
  const color = {
    ...coloured,
    // Curves are told by their strokes, also where points of their colours stand on them.
    legend: { symbolType: 'stroke', symbolOpacity: 1, symbolFillColor: 'transparent' },
  };
  return pictureOf({
    width: 520,
    height: 190,
    layer: [
      {
        data: {
          values: times.flatMap((snapshot) =>
            curves.map(({ label, read }) => ({
              t: snapshot.t,
              curve: label,
              value: read(snapshot) / unit,
            })),
          ),
        },
        mark: 'line',
        encoding: { x, y, color, strokeDash },
      },
      {
        data: { name: 'now' },
        mark: { type: 'rule', color: colours.grey },
        encoding: { x },
      },
      ...(withPoints
        ? [
            {
              data: { name: 'points' },
              mark: { type: 'rule', clip: true },
              encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
            },
            {
              data: { name: 'points' },
              mark: { type: 'point', filled: true, size: 28, opacity: 1, clip: true },
              encoding: { x, y, color },
            },
          ]
        : []),
    ],
  });
}

/** Every curve that may be drawn, and every population. */
export const evolutionDataset = ({ snapshots, lmin, lmax }: EvolutionStudyResult): Dataset => {
  const columns = (['momentum', 'flows', 'power'] as const).flatMap((name) => SERIES[name].curves);
  const levels = Array.from({ length: lmax - lmin + 1 }, (_, i) => `p(${lmin + i})`);
  return {
    columns: [
      { name: 't', unit: '1/energy', description: 'time' },
      ...columns.map(({ name, column }) => observableColumn(name, column)),
      ...levels.map((name) => ({ name, unit: '', description: 'population of the rotor' })),
    ],
    rows: snapshots.map((snapshot) => ({
      t: snapshot.t,
      ...Object.fromEntries(columns.map(({ column, read }) => [column, read(snapshot)])),
      ...Object.fromEntries(levels.map((name, i) => [name, snapshot.rotor.populations[i]])),
    })),
  };
};

export const frameDataset = ({ t, rotor }: Snapshot, lmin: number): Dataset =>
  levelDataset(rotor.populations, lmin, `of the rotor at t = ${t}`);

export const angleDataset = (snapshot: Snapshot): Dataset => ({
  columns: [
    { name: 'angle', unit: 'pi', description: 'angle of the rotor' },
    { name: 'density', unit: '', description: `P(φ) at t = ${snapshot.t}` },
  ],
  rows: angleRows(snapshot),
});
