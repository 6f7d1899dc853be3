/** The frame of a map: its axes and its legend; and the whole map as a figure. */
import type { TopLevelSpec } from 'vega-lite';
import { colours, parameterLines, pictureOf } from '../../../figures/theme.js';
import { type ObservableName, observableRecord } from '../../../simulate/observableRecords.js';
import { titleOf } from '../../content/observables.js';
import { type MapRequest, spanned } from '../../map/grid.js';
import { divergingColours, operationColours, risingColours, type Scale } from '../../map/paint.js';
import type { RegionLabel } from '../../map/regions.js';
import { alongParameter, unitBeside } from '../../plot/parameterAxis.js';

/** Of the map in a file, and on a phone's page. */
export const MAP_SIDE = 440;
export const PHONE_MAP_SIDE = 270;

function colour(show: ObservableName, { low, high, diverging, logarithmic }: Scale, side: number) {
  if (show === 'operation') {
    return {
      field: 'operation',
      type: 'nominal',
      scale: { domain: Object.keys(operationColours), range: Object.values(operationColours) },
      legend: {
        symbolType: 'square',
        symbolOpacity: 1,
        symbolSize: 180,
        symbolStrokeWidth: 1,
        symbolStrokeColor: colours.grey,
        ...(side < MAP_SIDE ? { columns: 2 } : {}),
      },
    };
  }
  return {
    field: 'value',
    type: 'quantitative',
    scale: {
      ...(logarithmic ? { type: 'log' } : {}),
      domain: [low, high],
      range: diverging ? divergingColours : risingColours,
      interpolate: 'rgb',
    },
    legend: {
      title: `${titleOf(show)}${unitBeside(observableRecord(show).unit)}`,
      gradientLength: side * 0.8,
      tickCount: 5,
    },
  };
}

/** The map itself, for files; on the page it is a canvas of its own. */
export interface Picture {
  /** A data URL. */
  readonly url: string;
  readonly labels: readonly RegionLabel[];
}

function pictureLayers({ url, labels }: Picture, side: number) {
  const name = {
    data: { values: labels.map(({ operation, x, y }) => ({ operation, x, y: 1 - y })) },
    transform: [
      { calculate: `datum.x * ${side}`, as: 'across' },
      { calculate: `datum.y * ${side}`, as: 'down' },
    ],
    encoding: {
      x: { field: 'across', type: 'quantitative', scale: null, axis: null },
      y: { field: 'down', type: 'quantitative', scale: null, axis: null },
      text: { field: 'operation' },
    },
  };
  const text = { type: 'text', fontSize: 12, fontWeight: 'bold' };
  return [
    {
      data: { values: [{ picture: url }] },
      mark: { type: 'image', width: side, height: side, aspect: false },
      encoding: {
        x: { value: side / 2 },
        y: { value: side / 2 },
        url: { field: 'picture', type: 'nominal' },
      },
    },
    // White around the letters: they are read on every colour.
    { ...name, mark: { ...text, color: 'white', stroke: 'white', strokeWidth: 4 } },
    { ...name, mark: { ...text, color: colours.black } },
  ];
}

/**
 * @param picture of files alone
 * @param side of the map without its axes
 */
export function mapPlot(
  { parameters, x, y, size }: MapRequest,
  show: ObservableName,
  scale: Scale,
  picture?: Picture,
  side = MAP_SIDE,
): TopLevelSpec {
  const { [x.name]: _, [y.name]: __, ...fixed } = parameters;
  return pictureOf({
    width: side,
    height: side,
    ...(picture === undefined
      ? {}
      : {
          title: {
            text: parameterLines(fixed),
            orient: 'bottom',
            fontSize: 8,
            fontWeight: 'normal',
            color: colours.black,
          },
        }),
    layer: [
      ...(picture === undefined ? [] : pictureLayers(picture, side)),
      {
        data: { values: [{ [x.name]: x.from, [y.name]: y.from, value: scale.low }] },
        mark: { type: 'point', opacity: 0 },
        encoding: {
          x: alongParameter(x.name, x, spanned(x, size)),
          y: alongParameter(y.name, y, spanned(y, size)),
          fill: colour(show, scale, side),
        },
      },
    ],
  });
}
