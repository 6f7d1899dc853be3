/** The device in time: populations and the angle of the rotor, to play and to scrub. */

import { useEffect, useMemo, useState } from 'preact/hooks';
import { Button } from '../../components/Button.js';
import { Card } from '../../components/Card.js';
import { SettingChoice } from '../../components/Choice.js';
import { Explained } from '../../components/Explained.js';
import { brief, exact, minus } from '../../components/format.js';
import { ParameterPanel } from '../../components/ParameterPanel.js';
import { SERIES_NAMES } from '../../content/seriesNames.js';
import { RESULTS } from '../../content/views.js';
import { Plot } from '../../plot/Plot.js';
import { changeSettings, page } from '../../state/store.js';
import type { EvolutionStudyRequest, EvolutionStudyResult } from '../../studies/evolutionStudy.js';
import { StudyProgress } from '../../studies/StudyProgress.js';
import { study } from '../../studies/study.js';
import { useStudy } from '../../studies/useStudy.js';
import { Beside, EdgeNotice } from './Beside.js';
import { EvolutionControls } from './EvolutionControls.js';
import {
  angleDataset,
  anglePlot,
  angleRows,
  evolutionDataset,
  frameDataset,
  levelPlot,
  levelRows,
  seriesPlot,
  timesOf,
  topOf,
} from './evolutionPlots.js';
import { LevelMap } from './LevelMap.js';
import { evolutionAsked, FRAMES } from './request.js';
import { readOf, SERIES } from './series.js';

/** At the speed 1. */
const FRAME_MS = 80;
const SPEEDS = [0.25, 0.5, 1, 2, 4] as const;
/** What is told of the time shown with all its digits. */
const SHOWN = ['rotor.Lz', 'heat.Q1', 'heat.Q2', 'heat.Qr', 'firstLaw'] as const;

const evolution = study<EvolutionStudyRequest, EvolutionStudyResult>({
  call: (studies, request, report) => studies.evolution(request, report),
  settle: 250,
});

function Player({ result }: { readonly result: EvolutionStudyResult }) {
  const { settings } = page.value;
  const { snapshots, lmin } = result;
  const last = snapshots.length - 1;
  const [playing, play] = useState(false);
  /** While it plays or is scrubbed; the address has the frame it stops at. */
  const [moving, move] = useState<number | null>(null);
  const frame = Math.min(last, moving ?? settings.frame);
  const snapshot = snapshots[frame];

  const settle = (at: number) => {
    move(null);
    changeSettings({ frame: at }, { by: 'frame' });
  };
  useEffect(() => {
    if (!playing) return undefined;
    if (frame >= last) {
      play(false);
      settle(last);
      return undefined;
    }
    const timer = setTimeout(() => move(frame + 1), FRAME_MS / settings.speed);
    return () => clearTimeout(timer);
  }, [playing, frame, settings.speed]);

  const by = `cpu f64, ${result.method}`;
  const top = topOf(snapshot);
  const levels = useMemo(() => levelPlot(result, top), [result, top]);
  const angles = useMemo(() => anglePlot(result), [result]);
  const shown = SERIES[settings.series];
  const series = useMemo(
    () => seriesPlot(result, shown, settings.times),
    [result, shown, settings.times],
  );
  const levelData = useMemo(() => ({ rows: levelRows(snapshot, lmin) }), [snapshot, lmin]);
  const angleData = useMemo(() => ({ rows: angleRows(snapshot) }), [snapshot]);
  const now = useMemo(
    () => ({ now: timesOf([{ t: snapshot.t }], settings.times) }),
    [snapshot, settings.times],
  );
  const toggle = () => {
    if (playing) {
      play(false);
      settle(frame);
    } else {
      if (frame >= last) move(0);
      play(true);
    }
  };
  return (
    <>
      <Card label="Time" kind="player">
        <Button onClick={toggle}>{playing ? 'Pause' : 'Play'}</Button>
        <input
          type="range"
          min={0}
          max={last}
          value={frame}
          aria-label="time"
          aria-valuetext={`t = ${brief(snapshot.t)}`}
          onInput={(event) => {
            play(false);
            move(event.currentTarget.valueAsNumber);
          }}
          onChange={(event) => settle(event.currentTarget.valueAsNumber)}
        />
        <SettingChoice
          name="speed"
          title="Speed"
          options={SPEEDS.map((speed) => [speed, `${speed} ×`])}
          isInline
        />
        <output data-testid="time">t = {brief(snapshot.t)}</output>
      </Card>
      <div class="side-by-side">
        <Card label="Populations" title="Rotor" about="rotorPopulations">
          <Plot
            label={`Populations of the rotor at t = ${brief(snapshot.t)}`}
            name="populations"
            spec={levels}
            data={levelData}
            dataset={() => frameDataset(snapshot, lmin)}
            by={by}
            ratio={1.55}
          />
        </Card>
        <Card label="Angle" title="Angle" about="angle">
          <Plot
            label={`Density of the angle at t = ${brief(snapshot.t)}`}
            name="angle"
            spec={angles}
            data={angleData}
            dataset={() => angleDataset(snapshot)}
            by={by}
            ratio={1.55}
          />
        </Card>
      </div>
      <LevelMap result={result} spacing={settings.times} by={by} />
      <Card
        label="Against time"
        kind="wide"
        title={
          <>
            <SettingChoice
              name="series"
              title="Against time"
              options={SERIES_NAMES.map((name) => [name, SERIES[name].title])}
              isInline
            />
            {shown.curves.map(({ name }) => (
              <Explained key={name} name={name} />
            ))}
          </>
        }
      >
        <Plot
          label={`${shown.title} against time`}
          name="evolution"
          spec={series}
          data={now}
          dataset={() => evolutionDataset(result)}
          by={by}
          ratio={2.35}
        />
        <dl class="pointed exact">
          {SHOWN.map((name) => (
            <div key={name}>
              <dt>
                <Explained name={name} />
              </dt>
              <dd data-quantity={name}>{exact(readOf(name)(snapshot))}</dd>
            </div>
          ))}
        </dl>
        <EdgeNotice {...result} />
        <p class="note" data-testid="evolution">
          {snapshots.length} times on [{minus(String(lmin))}, {result.lmax}] in {result.steps}{' '}
          steps, {result.seconds.toFixed(2)} s on cpu f64, {result.method}.
        </p>
      </Card>
    </>
  );
}

export function EvolutionView() {
  const result = useStudy(evolution, evolutionAsked);
  return (
    <div class="with-parameters">
      <ParameterPanel />
      <div class="stack" id={RESULTS} tabIndex={-1}>
        <Card label="Evolution">
          <EvolutionControls />
          <StudyProgress study={evolution} what="times" total={FRAMES + 1} />
        </Card>
        {result === null ? null : (
          <>
            <div class="stack results" aria-busy={!evolution.current.value}>
              <Player result={result} />
            </div>
            <Beside result={evolution.current.value ? result : null} />
          </>
        )}
      </div>
    </div>
  );
}
