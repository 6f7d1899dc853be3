/** Where the rotor is in phase space: its Wigner function on the cylinder of angle and angular momentum. */
import { useMemo } from 'preact/hooks';
import type { TopLevelSpec } from 'vega-lite';
import type { Dataset } from '../../../figures/dataset.js';
import { theme } from '../../../figures/theme.js';
import { madeBy } from '../../components/Backend.js';
import { Card } from '../../components/Card.js';
import { brief } from '../../components/format.js';
import { divergingTable } from '../../map/paint.js';
import { Plot } from '../../plot/Plot.js';
import { ANGLES, type SteadyResult } from '../../solver/protocol.js';

/** Levels where it is smaller than this share of its largest are not in the picture. */
const VISIBLE = 0.005;
/** Pixels of the picture for each angle and each level. */
const WIDER = 2;
const HIGHER = 8;

/** From −π to π: where the column of an angle is. */
const columnOf = (k: number): number => (k + ANGLES / 2) % ANGLES;

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

/** A column for each angle, a row for each level, the highest above. */
function picture({ values, first, last, largest }: Shown): string {
  const cells = document.createElement('canvas');
  [cells.width, cells.height] = [ANGLES, last - first + 1];
  const context = cells.getContext('2d');
  if (context === null) throw new Error('no canvas');
  const image = context.createImageData(cells.width, cells.height);
  for (let i = first; i <= last; i++) {
    for (let k = 0; k < ANGLES; k++) {
      const from = 3 * Math.round((255 * (values[i * ANGLES + k] / largest + 1)) / 2);
      const at = 4 * ((last - i) * ANGLES + columnOf(k));
      image.data.set(divergingTable.subarray(from, from + 3), at);
      image.data[at + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
  // Each level is a stripe with sharp edges, whatever draws the picture.
  const sharp = document.createElement('canvas');
  [sharp.width, sharp.height] = [WIDER * cells.width, HIGHER * cells.height];
  const large = sharp.getContext('2d');
  if (large === null) throw new Error('no canvas');
  large.imageSmoothingEnabled = false;
  large.drawImage(cells, 0, 0, sharp.width, sharp.height);
  return sharp.toDataURL('image/png');
}

function wignerPlot(shown: Shown, lmin: number): TopLevelSpec {
  const levels = [lmin + shown.first - 0.5, lmin + shown.last + 0.5];
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config: theme,
    width: 330,
    height: 240,
    layer: [
      {
        data: { values: [{ picture: picture(shown) }] },
        mark: {
          type: 'image',
          width: { expr: 'width' },
          height: { expr: 'height' },
          aspect: false,
        },
        encoding: {
          x: { value: { expr: 'width / 2' } },
          y: { value: { expr: 'height / 2' } },
          url: { field: 'picture', type: 'nominal' },
        },
      },
      {
        data: { values: [{ angle: 0, l: levels[0] }] },
        mark: { type: 'point', opacity: 0 },
        encoding: {
          x: {
            field: 'angle',
            type: 'quantitative',
            title: 'angle φ/π',
            scale: { domain: [-1, 1], nice: false },
          },
          y: {
            field: 'l',
            type: 'quantitative',
            title: 'angular momentum l (ħ)',
            scale: { domain: levels, nice: false, zero: false },
            axis: { tickCount: 6, tickMinStep: 1 },
          },
        },
      },
    ],
  } as TopLevelSpec;
}

function wignerDataset(values: Float64Array, lmin: number): Dataset {
  return {
    columns: [
      { name: 'angle', unit: 'pi', description: 'angle of the rotor' },
      { name: 'l', unit: 'ħ', description: 'angular momentum' },
      { name: 'W', unit: '', description: 'Wigner function of the rotor on the cylinder' },
    ],
    rows: Array.from({ length: values.length / ANGLES }, (_, i) => i).flatMap((i) =>
      Array.from({ length: ANGLES }, (_, column) => {
        const k = (column + ANGLES / 2) % ANGLES;
        return { angle: (2 * column) / ANGLES - 1, l: lmin + i, W: values[i * ANGLES + k] };
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
