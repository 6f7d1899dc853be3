/** The map along the two lines through the point that is pinned. */
import { useMemo } from 'preact/hooks';
import type { ObservableName } from '../../../simulate/observableRecords.js';
import { OPERATIONS } from '../../../thermo/operation.js';
import { symbolOf } from '../../content/symbols.js';
import { curveNames } from '../../curves/curves.js';
import type { Atlas } from '../../map/atlas.js';
import { along, valueAt } from '../../map/grid.js';
import { Plot } from '../../plot/Plot.js';
import {
  curveDataset,
  curvePlot,
  curvePower,
  curveRows,
  type DrawnCurves,
  regimeRows,
} from '../device/curvePlot.js';

/** The points that are there of a row of the map, or of a column. */
function cut(map: Atlas, show: ObservableName, place: number, which: 'x' | 'y'): DrawnCurves {
  const { request, values, strides } = map;
  const { size } = request;
  const axis = request[which];
  // Operations are told by the flows.
  const names = curveNames(show === 'operation' ? 'flows' : show);
  const column = place % size;
  const points = [];
  for (let k = 0; k < size; k++) {
    const at = which === 'x' ? place - column + k : k * size + column;
    if (strides[at] === 0) continue;
    const of = (name: ObservableName) => valueAt(values, at, name);
    points.push({
      x: along(axis, k / (size - 1)),
      operation: OPERATIONS[of('operation')],
      values: Float64Array.from(names, of),
    });
  }
  return { axis, names, points };
}

interface Props {
  readonly map: Atlas;
  readonly show: ObservableName;
  readonly place: number;
  /** Rises when there are more points. */
  readonly turn: number;
  readonly by: string;
}

function Cut({ map, show, place, turn, by, which }: Props & { readonly which: 'x' | 'y' }) {
  const drawn = useMemo(() => cut(map, show, place, which), [map, show, place, turn, which]);
  const power = useMemo(() => curvePower(drawn), [drawn]);
  const shape = JSON.stringify([drawn.axis, drawn.names, power]);
  const spec = useMemo(() => curvePlot(drawn, power), [shape]);
  const { size } = map.request;
  const k = which === 'x' ? place % size : Math.floor(place / size);
  const here = along(drawn.axis, k / (size - 1));
  const data = useMemo(
    () => ({
      rows: curveRows(drawn, power),
      pinned: [],
      regimes: regimeRows(drawn),
      now: [{ x: here }],
    }),
    [drawn, power, here],
  );
  return (
    <Plot
      label={`Cut through the pinned point along ${symbolOf(drawn.axis.name)}`}
      name={`cut-${drawn.axis.name}`}
      spec={spec}
      data={data}
      dataset={() => curveDataset(drawn)}
      by={by}
      ratio={1.7}
    />
  );
}

export const Cuts = (props: Props) => (
  <div class="side-by-side" data-testid="cuts">
    <Cut {...props} which="x" />
    <Cut {...props} which="y" />
  </div>
);
