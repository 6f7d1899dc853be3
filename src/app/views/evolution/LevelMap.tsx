/** The rotor's populations over level and time, as one picture: what Figs. 6 and 7 show of the paper. */
import { useMemo } from 'preact/hooks';
import type { TopLevelSpec } from 'vega-lite';
import type { Dataset } from '../../../figures/dataset.js';
import { Card } from '../../components/Card.js';
import { risingTable } from '../../map/paint.js';
import { cellPlot, levelAxis } from '../../plot/cells.js';
import { Plot } from '../../plot/Plot.js';
import type { EvolutionStudyResult } from '../../studies/evolutionStudy.js';
import { largestPopulations, timeAxis, timesOf } from './evolutionPlots.js';

/** Levels with more than this at any time are in the picture. */
const VISIBLE = 1e-4;

interface Band {
  readonly first: number;
  readonly last: number;
  readonly largest: number;
}

/** The levels that are populated at any time, and the largest population of all but the first moment. */
function bandOf(frames: EvolutionStudyResult['snapshots']): Band {
  const most = largestPopulations(frames);
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

/** A column for each time, a row for each level. */
function levelMapPlot(
  { snapshots, lmin }: EvolutionStudyResult,
  spacing: 'linear' | 'logarithmic',
): TopLevelSpec {
  const frames = timesOf(snapshots, spacing);
  const { first, last, largest } = bandOf(frames);
  return cellPlot(
    {
      columns: frames.length,
      rows: last - first + 1,
      table: risingTable,
      // Roots, so that what is small is seen.
      share: (column, row) =>
        Math.sqrt(Math.max(0, frames[column].rotor.populations[first + row]) / largest),
    },
    timeAxis(frames, spacing),
    levelAxis(lmin + first, lmin + last),
    { width: 520, height: 190 },
  );
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
      title="Levels against time"
      about="rotorPopulations"
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
