/** The roofline: operations a second against operations a byte, under what each device can do at best. */
import type { TopLevelSpec } from 'vega-lite';
import { nominal, pictureOf } from '../figures/theme.js';
import type { Ceiling } from './ceilings.js';
import { logarithmic, palette, title } from './plots.js';
import type { Row } from './row.js';
import type { Study } from './study.js';

const GIGA = 1e9;

interface Roof {
  readonly name: string;
  /** Operations a second that a memory of this bandwidth and this arithmetic allow. */
  readonly at: (operationsPerByte: number) => number;
}

/** One roof for each bandwidth, cut by the arithmetic; none where either was not measured. */
function roofsOf(ceilings: readonly Ceiling[]): Roof[] {
  const arithmetic = ceilings.find(({ of }) => of === 'arithmetic');
  if (arithmetic === undefined) return [];
  return ceilings
    .filter((ceiling) => ceiling !== arithmetic)
    .map(({ of, perSecond }) => ({
      name: of,
      at: (intensity) => Math.min(perSecond * intensity, arithmetic.perSecond),
    }));
}

interface Point {
  readonly task: string;
  readonly N: number;
  readonly intensity: number;
  readonly rate: number;
}

const pointsOf = (rows: readonly Row[]): Point[] =>
  rows.flatMap(({ task, N, seconds, operations, bytes }) =>
    seconds === null || operations === null || bytes === null
      ? []
      : [{ task, N, intensity: operations / bytes, rate: operations / seconds.median / GIGA }],
  );

/** From far below the least intensity, so that the slope is seen, to above the greatest. */
function lineOf({ name, at }: Roof, points: readonly Point[]) {
  const all = points.map(({ intensity }) => intensity);
  const [low, high] = [Math.min(...all) / 32, 4 * Math.max(...all)];
  return Array.from({ length: 65 }, (_, i) => {
    const intensity = low * (high / low) ** (i / 64);
    return { roof: name, intensity, rate: at(intensity) / GIGA };
  });
}

/** A panel for each device whose bandwidth and arithmetic were measured. Null where there is none. */
export function rooflinePlot(study: Study): TopLevelSpec | null {
  const panels = [...new Set(study.ceilings.map(({ device }) => device))].flatMap((device) => {
    const points = pointsOf(
      study.rows.filter(({ group, solver }) => group === 'apply' && solver === device),
    );
    const roofs = roofsOf(study.ceilings.filter((ceiling) => ceiling.device === device));
    if (points.length === 0 || roofs.length === 0) return [];
    return [{ device, points, lines: roofs.flatMap((roof) => lineOf(roof, points)) }];
  });
  if (panels.length === 0) return null;
  const x = {
    field: 'intensity',
    type: 'quantitative',
    scale: logarithmic,
    title: 'operations per byte',
  };
  const y = {
    field: 'rate',
    type: 'quantitative',
    scale: logarithmic,
    title: '10⁹ operations per second',
  };
  const legend = { orient: 'right', direction: 'vertical', labelLimit: 0 };
  return pictureOf({
    title: title(study),
    concat: panels.map(({ device, points, lines }) => ({
      title: device,
      width: 260,
      height: 190,
      layer: [
        {
          data: { values: lines },
          mark: { type: 'line', color: '#777777' },
          encoding: {
            x,
            y,
            strokeDash: nominal('roof', {
              title: 'ceiling',
              legend: { ...legend, symbolSize: 200 },
            }),
          },
        },
        {
          data: { values: points },
          mark: { type: 'point', filled: true, opacity: 0.9 },
          encoding: {
            x,
            y,
            color: nominal('task', { title: null, scale: { range: palette }, legend }),
            size: {
              field: 'N',
              type: 'ordinal',
              scale: { range: [15, 90] },
              legend,
            },
          },
        },
      ],
    })),
    columns: 2,
    resolve: { scale: { color: 'shared', size: 'shared', strokeDash: 'shared' } },
  });
}
