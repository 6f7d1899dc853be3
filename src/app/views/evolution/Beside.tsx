/** Beside the master equation: the means of quantum trajectories, or collisions one by one, which it is the limit of. */

import { useSignalEffect } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { Card } from '../../components/Card.js';
import { SettingChoice } from '../../components/Choice.js';
import { minus } from '../../components/format.js';
import { Setting } from '../../components/Setting.js';
import { NotConverged } from '../../components/Warning.js';
import { Plot } from '../../plot/Plot.js';
import { page } from '../../state/store.js';
import { type BesideRequest, type BesideResult, collisionsUntil } from '../../studies/beside.js';
import type { EvolutionStudyResult } from '../../studies/evolutionStudy.js';
import { StudyProgress } from '../../studies/StudyProgress.js';
import { study } from '../../studies/study.js';
import { besideDataset, pointRows } from './besidePlot.js';
import { seriesPlot, unitOf } from './evolutionPlots.js';
import { besideAsked } from './request.js';
import { SERIES } from './series.js';

const beside = study<BesideRequest, BesideResult>({
  call: (studies, request, report, hire) => studies.beside(request, report, hire),
  settle: 500,
});

const NONE = { points: [], now: [] };

/** What was computed, and how. */
function told({ road, count, workers, lmin, lmax, seconds }: BesideResult): string {
  const by = `cpu f64, ${workers} worker${workers === 1 ? '' : 's'}`;
  const window = `on [${minus(String(lmin))}, ${lmax}], ${seconds.toFixed(1)} s on ${by}`;
  return road.kind === 'trajectories'
    ? `${count} trajectories of the seed ${road.seed} ${window}. A bar holds what chance may have hidden; the curve is within three of them in 19 of 20 cases at least. Their heat flows, whose bars are far larger than they are, are in the CSV.`
    : `${count} collisions of τ = ${road.tau} ${window}: exact, without bars. Heat and work are of the collision that ends at a point.`;
}

/** Says so where the window is too narrow. */
export const EdgeNotice = ({
  converged,
  lmin,
  lmax,
}: Pick<BesideResult, 'converged' | 'lmin' | 'lmax'>) =>
  converged ? null : (
    <NotConverged problems={[`the state comes to an edge of the window [${lmin}, ${lmax}].`]} />
  );

/** The curves of the master equation with the points on them. */
function Picture({
  result,
  found,
}: {
  readonly result: EvolutionStudyResult;
  readonly found: BesideResult | null;
}) {
  const { series, times, beside: road } = page.value.settings;
  // Trajectories tell flows with bars far larger than they are, and neither road tells powers.
  const shown = SERIES[series === 'flows' && road === 'collisions' ? 'flows' : 'momentum'];
  // Anew with the points, lest the numbers of an axis that grows be cut off.
  const spec = useMemo(() => seriesPlot(result, shown, times, true), [result, shown, times, found]);
  const data = useMemo(
    () =>
      found === null
        ? NONE
        : { points: pointRows(found, shown, times, unitOf(result, shown)), now: [] },
    [found, result, shown, times],
  );
  return (
    <Plot
      label={`${shown.title} against time, by the master equation and beside it`}
      name="beside"
      spec={spec}
      data={data}
      dataset={() => (found === null ? null : besideDataset(found))}
      by="cpu f64"
      ratio={2.35}
    />
  );
}

/** @param result the master equation's; null while another is computed */
export function Beside({ result }: { readonly result: EvolutionStudyResult | null }) {
  useSignalEffect(() => {
    const asked = besideAsked();
    if (asked === null) beside.leave();
    else beside.ask(asked);
  });
  useEffect(() => () => beside.leave(), []);
  const { settings } = page.value;
  const asked = besideAsked();
  const found = beside.current.value ? (beside.answer.value?.result ?? null) : null;
  return (
    <Card label="Beside the master equation" kind="wide" title="Beside the master equation">
      <div class="controls">
        <SettingChoice
          name="beside"
          title="Shown beside it"
          options={[
            ['nothing', 'nothing'],
            ['trajectories', 'means of quantum trajectories'],
            ['collisions', 'collisions one by one'],
          ]}
        />
        {settings.beside === 'trajectories' ? (
          <>
            <Setting name="trajectories" title="Trajectories" />
            <Setting name="seed" title="Seed" />
          </>
        ) : settings.beside === 'collisions' ? (
          <Setting name="tau" title="Duration τ of a collision" />
        ) : null}
      </div>
      {asked === null ? null : (
        <>
          <StudyProgress
            study={beside}
            what={settings.beside}
            total={
              asked.road.kind === 'trajectories'
                ? asked.road.count
                : collisionsUntil(settings.until, asked.road.tau)
            }
          />
          <div class="results" aria-busy={found === null}>
            {result === null ? null : <Picture result={result} found={found} />}
          </div>
          {found === null ? null : (
            <>
              <EdgeNotice {...found} />
              <p class="note" data-testid="beside">
                {told(found)}
              </p>
            </>
          )}
        </>
      )}
    </Card>
  );
}
