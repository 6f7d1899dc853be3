/** The rotor's populations over level and time, as one picture: what Figs. 6 and 7 show of the paper. */
import { useMemo } from 'preact/hooks';
import type { TopLevelSpec } from 'vega-lite';
import type { Dataset } from '../../../figures/dataset.js';
import { theme } from '../../../figures/theme.js';
import { Card } from '../../components/Card.js';
import { Explained } from '../../components/Explained.js';
import { risingTable } from '../../map/paint.js';
import { Plot } from '../../plot/Plot.js';
import type { EvolutionStudyResult } from '../../studies/evolutionStudy.js';
import { timesOf } from './evolutionPlots.js';

/** Levels with more than this at any time are in the picture. */
const VISIBLE = 1e-4;

/** Pixels of the picture for each time and each level. */
const WIDER = 8;
const HIGHER = 16;

interface Band {
  readonly first: number;
  readonly last: number;
  readonly largest: number;
}

/** The levels that are populated at any time, and the largest population of all but the first moment. */
function bandOf(frames: EvolutionStudyResult['snapshots']): Band {
  const most = frames.reduce(
    (so, { rotor }) => rotor.populations.map((p, i) => Math.max(p, so[i] ?? 0)),
    [] as number[],
  );
  const first = Math.max(
    0,
    most.findIndex((p) => p > VISIBLE),
  );
  const last = Math.max(
    first,
    most.findLastIndex((p) => p > VISIBLE),
  );
  return { first, last, largest: Math.max(...most) };
}

/** A column for each time, a row for each level, the highest above. */
function picture(
  frames: EvolutionStudyResult['snapshots'],
  { first, last, largest }: Band,
): string {
  const canvas = document.createElement('canvas');
  canvas.width = frames.length;
  canvas.height = last - first + 1;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  const image = context.createImageData(canvas.width, canvas.height);
  frames.forEach(({ rotor }, column) => {
    for (let level = first; level <= last; level++) {
      // Roots, so that what is small is seen.
      const share = Math.sqrt(Math.max(0, rotor.populations[level]) / largest);
      const from = 3 * Math.round(255 * Math.min(1, share));
      const at = 4 * ((last - level) * canvas.width + column);
      image.data.set(risingTable.subarray(from, from + 3), at);
      image.data[at + 3] = 255;
    }
  });
  context.putImageData(image, 0, 0);
  // Each level is a stripe with sharp edges, whatever draws the picture.
  const sharp = document.createElement('canvas');
  sharp.width = WIDER * canvas.width;
  sharp.height = HIGHER * canvas.height;
  const large = sharp.getContext('2d');
  if (large === null) throw new Error('no canvas');
  large.imageSmoothingEnabled = false;
  large.drawImage(canvas, 0, 0, sharp.width, sharp.height);
  return sharp.toDataURL('image/png');
}

function levelMapPlot(
  { snapshots, lmin }: EvolutionStudyResult,
  spacing: 'linear' | 'logarithmic',
): TopLevelSpec {
  const frames = timesOf(snapshots, spacing);
  const band = bandOf(frames);
  const [begin, end] = [frames[0].t, frames[frames.length - 1].t];
  const levels = [lmin + band.first - 0.5, lmin + band.last + 0.5];
  const x = {
    field: 't',
    type: 'quantitative',
    title: 'time (1/energy)',
    scale: {
      domain: [begin, end],
      nice: false,
      ...(spacing === 'logarithmic' ? { type: 'log' } : { zero: false }),
    },
    axis: { tickCount: 5, ...(spacing === 'logarithmic' ? { format: '~g' } : {}) },
  };
  const y = {
    field: 'l',
    type: 'quantitative',
    title: 'angular momentum l (ħ)',
    scale: { domain: levels, nice: false, zero: false },
    axis: { tickCount: 6, tickMinStep: 1 },
  };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config: theme,
    width: 520,
    height: 190,
    layer: [
      {
        data: { values: [{ picture: picture(frames, band) }] },
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
        data: { values: [{ t: begin, l: levels[0] }] },
        mark: { type: 'point', opacity: 0 },
        encoding: { x, y },
      },
    ],
  } as TopLevelSpec;
}

const levelMapDataset = ({ snapshots, lmin }: EvolutionStudyResult): Dataset => ({
  columns: [
    { name: 't', unit: '1/energy', description: 'time' },
    { name: 'l', unit: 'ħ', description: 'angular momentum' },
    { name: 'population', unit: '', description: 'of the level l of the rotor' },
  ],
  rows: snapshots.flatMap(({ t, rotor }) =>
    rotor.populations.map((population, i) => ({ t, l: lmin + i, population })),
  ),
});

interface Props {
  readonly result: EvolutionStudyResult;
  readonly spacing: 'linear' | 'logarithmic';
  readonly by: string;
}

export function LevelMap({ result, spacing, by }: Props) {
  const spec = useMemo(() => levelMapPlot(result, spacing), [result, spacing]);
  return (
    <Card
      label="Levels against time"
      kind="wide"
      title={
        <>
          Levels against time <Explained name="rotorPopulations" />
        </>
      }
    >
      <Plot
        label="Populations of the rotor's levels against time"
        name="levels"
        spec={spec}
        dataset={() => levelMapDataset(result)}
        by={by}
        ratio={2.35}
      />
    </Card>
  );
}
