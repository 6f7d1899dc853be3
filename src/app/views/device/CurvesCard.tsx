/** "Fig. 2 of this device": what it does over one of its parameters, as it is turned. */
import { effect } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { deviceParameters } from '../../../model/parameters.js';
import { hasPotential } from '../../../model/potentialParameters.js';
import { observableRecord } from '../../../simulate/observableRecords.js';
import { AxisControls } from '../../components/AxisControls.js';
import { Card } from '../../components/Card.js';
import { symbolOf } from '../../content/symbols.js';
import { CURVE_POINTS, CURVES, type Curves } from '../../curves/curves.js';
import { askCurves, curves, curveTime, leaveCurves, pinnedCurves } from '../../curves/live.js';
import { Plot } from '../../plot/Plot.js';
import { changeSettings, goTo, page } from '../../state/store.js';
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

function Choice() {
  return (
    <label class="choice">
      <span>Curves of</span>
      <select
        value={page.value.settings.curveShow}
        onChange={(event) => changeSettings({ curveShow: event.currentTarget.value as Curves })}
      >
        {CURVES.map((shown) => (
          <option key={shown} value={shown}>
            {titleOf(shown)}
          </option>
        ))}
      </select>
    </label>
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
    () =>
      curvePlot(
        curve ?? {
          axis: {
            name: settings.curve,
            from: settings.curveFrom,
            to: settings.curveTo,
            spacing: settings.curveSpacing,
          },
          names: ['heat.Q1'],
        },
        power,
      ),
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
      by="cpu f64, sector, direct"
      ratio={1.9}
      pick={go}
    />
  );
}

/** Where every request is made: the curves follow the page. */
function follow(): void {
  const { parameters, settings } = page.value;
  if (hasPotential(parameters)) curves.leave();
  else askCurves(page.value, settings);
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
  const { parameters, settings } = page.value;
  const turn = curves.turn.value;
  return (
    <Card label="Curves" kind="curves" title={<>Curves over {symbolOf(settings.curve)}</>}>
      {hasPotential(parameters) ? (
        <p class="note">
          With a potential each point takes its own long solution: curves are of devices without
          one. <code>qmill sweep</code> computes them.
        </p>
      ) : turn.state === 'failed' ? (
        <p class="warning" role="alert">
          {turn.why}
        </p>
      ) : (
        <>
          <div class="results" aria-busy={curves.answer.value !== null && !curves.current.value}>
            <Picture />
          </div>
          <p class="note counted" data-testid="curve-time">
            {curveTime.value === null
              ? 'computing'
              : `${CURVE_POINTS} points in ${curveTime.value.toFixed(0)} ms. Click to go there.`}
          </p>
        </>
      )}
      <details class="chosen">
        <summary>What and over what</summary>
        <div class="controls">
          <Choice />
          <AxisControls of="curve" title="Axis of the curves" />
        </div>
      </details>
    </Card>
  );
}
