/** Where the rotor is in phase space: its Wigner function on the cylinder of angle and angular momentum. */
import { useMemo } from 'preact/hooks';
import type { TopLevelSpec } from 'vega-lite';
import type { Dataset } from '../../../figures/dataset.js';
import { madeBy } from '../../components/Backend.js';
import { Card } from '../../components/Card.js';
import { brief } from '../../components/format.js';
import { divergingTable } from '../../map/paint.js';
import { cellPlot, levelAxis } from '../../plot/cells.js';
import { Plot } from '../../plot/Plot.js';
import { ANGLES, type SteadyResult } from '../../solver/protocol.js';

/** Levels where it is smaller than this share of its largest are not in the picture. */
const VISIBLE = 0.005;
/** From −π to π: the angle of a column. */
const angleOf = (column: number): number => (column + ANGLES / 2) % ANGLES;

interface Shown {
  readonly values: Float64Array;
  readonly first: number;
  readonly last: number;
  readonly largest: number;
}

function shownOf(values: Float64Array): Shown {
  const size = values.length / ANGLES;
  const rows = Array.from({ length: size }, (_, i) =>
    values
      .subarray(i * ANGLES, (i + 1) * ANGLES)
      .reduce((most, w) => Math.max(most, Math.abs(w)), 0),
  );
  const largest = Math.max(...rows);
  const isSeen = (row: number) => row > VISIBLE * largest;
  return { values, largest, first: rows.findIndex(isSeen), last: rows.findLastIndex(isSeen) };
}

/** A column for each angle, a row for each level. */
const wignerPlot = ({ values, first, last, largest }: Shown, lmin: number): TopLevelSpec =>
  cellPlot(
    {
      columns: ANGLES,
      rows: last - first + 1,
      table: divergingTable,
      share: (column, row) => (values[(first + row) * ANGLES + angleOf(column)] / largest + 1) / 2,
    },
    { field: 'angle', title: 'angle φ/π', domain: [-1, 1] },
    levelAxis(lmin + first, lmin + last),
    { width: 330, height: 240 },
  );

function wignerDataset(values: Float64Array, lmin: number): Dataset {
  return {
    columns: [
      { name: 'angle', unit: 'pi', description: 'angle of the rotor' },
      { name: 'l', unit: 'ħ', description: 'angular momentum' },
      { name: 'W', unit: '', description: 'Wigner function of the rotor on the cylinder' },
    ],
    rows: Array.from({ length: values.length / ANGLES }, (_, i) => i).flatMap((i) =>
      Array.from({ length: ANGLES }, (_, column) => {
        const W = values[i * ANGLES + angleOf(column)];
        return { angle: (2 * column) / ANGLES - 1, l: lmin + i, W };
      }),
    ),
  };
}

export function WignerCard({
  result,
}: {
  readonly result: SteadyResult & { wigner: Float64Array };
}) {
  const { wigner, observables } = result;
  const { lmin } = observables.truncation;
  const shown = useMemo(() => shownOf(wigner), [wigner]);
  const spec = useMemo(() => wignerPlot(shown, lmin), [shown, lmin]);
  return (
    <Card label="Wigner function" kind="wigner" title="Rotor in phase space">
      <Plot
        label="Wigner function of the rotor over its angle and its angular momentum"
        name="wigner"
        spec={spec}
        dataset={() => wignerDataset(wigner, lmin)}
        axes={2}
        by={madeBy(result)}
        ratio={1.4}
      />
      <p class="note">
        Wigner function W(l, φ): orange above 0, blue below, up to ±{brief(shown.largest, 2)}. Its
        sum over l is P(φ).
      </p>
    </Card>
  );
}
