/** One device, live: its flows, its operation, its populations, all its numbers. */

import { useEffect, useMemo } from 'preact/hooks';
import { Duration, madeBy } from '../../components/Backend.js';
import { Card } from '../../components/Card.js';
import { Check } from '../../components/Check.js';
import { Explained } from '../../components/Explained.js';
import { brief, minus, signed } from '../../components/format.js';
import { later } from '../../components/Later.js';
import { ParameterPanel } from '../../components/ParameterPanel.js';
import { NotConverged, Warning } from '../../components/Warning.js';
import { RESULTS } from '../../content/views.js';
import { Downloads } from '../../plot/Downloads.js';
import { Plot } from '../../plot/Plot.js';
import { svgBlob, svgToPng } from '../../plot/svgElement.js';
import { steady } from '../../solver/client.js';
import type { Coarse, SteadyResult } from '../../solver/protocol.js';
import { dark, narrow } from '../../state/appearance.js';
import { followPinned, pinnedDevice, pinnedSteady } from '../../state/pinned.js';
import { changeSettings, page } from '../../state/store.js';
import { CurvesCard } from './CurvesCard.js';
import { FlowDiagram } from './FlowDiagram.js';
import { flowDataset } from './flows.js';
import { angularVelocity } from './MachinePicture.js';
import { Numbers } from './Numbers.js';
import { Purpose } from './Purpose.js';
import { darkPalette, lightPalette } from './palette.js';
import {
  levelDataset,
  qubitDataset,
  qubitPlot,
  qubitRows,
  rotorPlot,
  rotorRows,
} from './populationPlots.js';
import { Stories } from './Stories.js';

/** Says so where the window is not the whole rotor. */
function EdgeNotice({ result }: { readonly result: SteadyResult }) {
  if (result.coarse !== null) return <CoarseNotice {...result.coarse} />;
  const { lmin, lmax, edgeLow, edgeHigh, converged, problems } = result.observables.truncation;
  const text =
    `window [${minus(String(lmin))}, ${lmax}], populations at its edges ` +
    `${brief(edgeLow, 2)} and ${brief(edgeHigh, 2)}`;
  if (converged) return <p class="note">{text}</p>;
  return (
    <Warning>
      Not converged: {minus(problems.join('; '))}. The numbers are those of the window, not of the
      device.
    </Warning>
  );
}

function CoarseNotice({ lmin, lmax, dmax, change }: Coarse) {
  return (
    <p class="note" data-testid="coarse">
      Coarse: levels {minus(String(lmin))} to {lmax}, coherences up to |δ| = {dmax}; those farther
      change the state by about {brief(change, 1)}. Being refined.
    </p>
  );
}

/** A result, or null before the first is there: its places are kept free, so that nothing moves. */
interface Shown {
  readonly result: SteadyResult | null;
}

function Flows({ result }: Shown) {
  const file = (made: SteadyResult) =>
    svgBlob(<FlowDiagram result={made} palette={lightPalette} />);
  return (
    <Card
      label="Flows"
      kind="flows"
      title={
        <>
          Heat and work:
          <Explained name="operation">
            <strong data-testid="operation">{result?.observables.operation ?? '…'}</strong>
          </Explained>
          <Duration />
        </>
      }
    >
      <figure class="plot">
        <div class="drawing" style={{ aspectRatio: narrow.value ? '400 / 330' : '640 / 380' }}>
          {result === null ? null : (
            <FlowDiagram
              result={result}
              palette={dark.value ? darkPalette : lightPalette}
              narrow={narrow.value}
            />
          )}
        </div>
        <p class="note turning">
          {result === null
            ? ''
            : `Discs: populations of the levels. Ring: P(φ). The arm turns at ⟨L_z⟩/I = ${signed(angularVelocity(result))}.`}
        </p>
        <Downloads
          name="flows"
          ready={result !== null}
          svg={async () => file(result as SteadyResult)}
          png={() => svgToPng(file(result as SteadyResult))}
          by={result === null ? '' : madeBy(result)}
          dataset={() => (result === null ? null : flowDataset(result))}
        />
      </figure>
    </Card>
  );
}

function Rotor({ result }: Shown) {
  const { scale } = page.value.settings;
  const observables = result?.observables ?? null;
  const spec = useMemo(() => rotorPlot(scale), [scale]);
  const data = useMemo(
    () => (observables === null ? null : { rows: rotorRows(observables, scale) }),
    [observables, scale],
  );
  return (
    <Card
      label="Rotor"
      kind="rotor"
      title={
        <>
          Rotor <Explained name="rotorPopulations" />
          <Check
            title="logarithmic"
            checked={scale === 'log'}
            choose={(is) => changeSettings({ scale: is ? 'log' : 'linear' })}
          />
        </>
      }
    >
      <Plot
        label="Populations of the rotor's levels"
        name="rotor-populations"
        spec={spec}
        data={data}
        dataset={() =>
          observables === null
            ? null
            : levelDataset(observables.rotor.populations, observables.truncation.lmin)
        }
        by={result === null ? '' : madeBy(result)}
        ratio={1.6}
      />
      <div class="edges">
        {result === null ? null : (
          <>
            {result.coarse === null ? (
              <NotConverged problems={result.observables.verdict.problems} />
            ) : null}
            <EdgeNotice result={result} />
          </>
        )}
      </div>
    </Card>
  );
}

function Qubits({ result }: Shown) {
  const observables = result?.observables ?? null;
  const data = useMemo(
    () => (observables === null ? null : { rows: qubitRows(observables) }),
    [observables],
  );
  return (
    <Card label="Qubits" kind="qubits" title="Qubits" about="qubitPopulations">
      <Plot
        label="Populations of the two qubits"
        name="qubit-populations"
        spec={qubitPlot}
        data={data}
        dataset={() => (observables === null ? null : qubitDataset(observables))}
        by={result === null ? '' : madeBy(result)}
        ratio={1.9}
      />
    </Card>
  );
}

/** Few devices have a potential. */
const Wigner = later(async () => (await import('./WignerCard.js')).WignerCard);

export function DeviceView() {
  const turn = steady.turn.value;
  const result = steady.answer.value?.result ?? null;
  // What is there stays while something newer is computed, and looks like it.
  const stale = result !== null && !steady.current.value;
  const coarse = result?.coarse != null && !stale;
  const busy = { 'aria-busy': stale || coarse, 'data-coarse': coarse };
  const pinned = pinnedDevice.value;
  useEffect(followPinned, []);
  return (
    <div class="device">
      <Purpose />
      <Stories />
      <ParameterPanel backend="device" />
      {turn.state === 'failed' ? (
        <p class="warning card" role="alert">
          {turn.why}
        </p>
      ) : (
        <>
          <div class="stack results" id={RESULTS} tabIndex={-1} {...busy}>
            <Flows result={result} />
            <CurvesCard begins={result !== null} />
            <Card label="Numbers" kind="all" title="Numbers">
              {result === null ? null : (
                <Numbers
                  result={result}
                  beside={pinned === null ? null : (pinnedSteady.answer.value?.result ?? null)}
                />
              )}
            </Card>
          </div>
          <div class="stack results" {...busy}>
            <Rotor result={result} />
            <Qubits result={result} />
            {result === null || result.wigner === null ? null : (
              <Wigner result={{ ...result, wigner: result.wigner }} />
            )}
          </div>
        </>
      )}
    </div>
  );
}
