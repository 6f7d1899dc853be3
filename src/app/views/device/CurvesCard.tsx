/** "Fig. 2 of this device": what it does over one of its parameters, as it is turned. */

import { effect } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { deviceParameters } from '../../../model/parameters.js';
import { observableRecord } from '../../../simulate/observableRecords.js';
import { AxisControls } from '../../components/AxisControls.js';
import { Button } from '../../components/Button.js';
import { Card } from '../../components/Card.js';
import { SettingChoice } from '../../components/Choice.js';
import { Failure } from '../../components/Warning.js';
import { isToldOf } from '../../content/observables.js';
import { symbolOf } from '../../content/symbols.js';
import { CURVE_POINTS, CURVES, type Curves } from '../../curves/curves.js';
import {
  askCurves,
  askCurvesAgain,
  curves,
  curveTime,
  isLong,
  leaveCurves,
  pinnedCurves,
} from '../../curves/live.js';
import { reachesPotential } from '../../map/grid.js';
import { Plot } from '../../plot/Plot.js';
import { axisOf } from '../../state/page.js';
import { goTo, page } from '../../state/store.js';
import {
  curveDataset,
  curvePlot,
  curvePower,
  curveRows,
  drawnCurves,
  regimeRows,
} from './curvePlot.js';

const titleOf = (shown: Curves): string =>
  shown === 'flows' ? 'heat and work, as in Fig. 2' : observableRecord(shown).name;

/** Whether the points on the axis, or some of them, have a potential. */
const inPotential = (): boolean => {
  const { parameters, settings } = page.value;
  return reachesPotential(parameters, [{ name: settings.curve }]);
};

function CurvesChoice() {
  const { curveShow } = page.value.settings;
  const withPotential = inPotential();
  return (
    <SettingChoice
      name="curveShow"
      title="Curves of"
      options={CURVES.filter(
        (shown) => shown === 'flows' || shown === curveShow || isToldOf(shown, withPotential),
      ).map((shown) => [shown, titleOf(shown)])}
    />
  );
}

function Picture() {
  const { parameters, settings } = page.value;
  const found = curves.answer.value?.result ?? null;
  const curve = useMemo(() => (found === null ? null : drawnCurves(found)), [found]);
  const pinned = settings.pin === '' ? null : (pinnedCurves.answer.value?.result ?? null);
  const power = useMemo(() => (curve === null ? 0 : curvePower(curve)), [curve]);
  const shape = JSON.stringify([curve?.axis, curve?.names, power]);
  const spec = useMemo(
    () => curvePlot(curve ?? { axis: axisOf(settings, 'curve'), names: ['heat.Q1'] }, power),
    [shape],
  );
  const over = curve?.axis.name ?? settings.curve;
  const here = parameters[over];
  const lines = useMemo(
    () =>
      curve === null
        ? null
        : {
            rows: curveRows(curve, power),
            pinned: pinned === null ? [] : curveRows(drawnCurves(pinned), power),
            regimes: regimeRows(curve),
          },
    [curve, pinned, power],
  );
  const data = useMemo(() => {
    if (curve === null || lines === null) return null;
    const { from, to } = curve.axis;
    return { ...lines, now: here >= from && here <= to ? [{ x: here }] : [] };
  }, [curve, lines, here]);
  const go = (x: number) => {
    const value = Number(x.toPrecision(4));
    goTo({ parameters: deviceParameters({ ...parameters, [over]: value }) });
  };
  return (
    <Plot
      label={`Curves of ${titleOf(settings.curveShow)} over ${symbolOf(over)}`}
      name="curves"
      spec={spec}
      data={data}
      dataset={() => (curve === null ? null : curveDataset(curve))}
      by={
        found !== null && isLong(found.request)
          ? 'cpu f64, band, layers'
          : 'cpu f64, sector, direct'
      }
      ratio={1.9}
      pick={go}
    />
  );
}

/** Where every request is made: the curves follow the page. */
const follow = (): void => askCurves(page.value, page.value.settings);

/** How far they are, and what they took: always in the same place. */
function Progress() {
  const turn = curves.turn.value;
  const time = curveTime.value;
  if (turn.state === 'cancelled') {
    return (
      <>
        Cancelled.{' '}
        <Button onClick={() => askCurvesAgain(page.value, page.value.settings)}>Compute</Button>
      </>
    );
  }
  const done = curves.done.value;
  if (inPotential() && (turn.state === 'waiting' || turn.state === 'running')) {
    const left = done > 0 && time !== null ? (time * (CURVE_POINTS / done - 1)) / 1e3 : null;
    return (
      <>
        {done} of {CURVE_POINTS} points
        {left === null ? '' : `, about ${left.toFixed(0)} s left`}{' '}
        <Button onClick={() => curves.cancel()}>Cancel</Button>
      </>
    );
  }
  return (
    <>
      {time === null
        ? 'computing'
        : `${CURVE_POINTS} points in ${time.toFixed(0)} ms. Click to go there.`}
    </>
  );
}

/** @param begins false until the numbers of the device are seen: they come first */
export function CurvesCard({ begins }: { readonly begins: boolean }) {
  useEffect(() => {
    if (!begins) return undefined;
    const stop = effect(follow);
    return () => {
      stop();
      leaveCurves();
    };
  }, [begins]);
  const { settings } = page.value;
  return (
    <Card label="Curves" kind="curves" title={<>Curves over {symbolOf(settings.curve)}</>}>
      <Failure of={curves} />
      {curves.turn.value.state === 'failed' ? null : (
        <>
          <div class="results" aria-busy={curves.answer.value !== null && !curves.current.value}>
            <Picture />
          </div>
          <p class="note counted" data-testid="curve-time">
            <Progress />
          </p>
        </>
      )}
      <details class="chosen">
        <summary>What and over what</summary>
        <div class="controls">
          <CurvesChoice />
          <AxisControls of="curve" title="Axis of the curves" />
        </div>
      </details>
    </Card>
  );
}
