/** One device, live: its flows, its operation, its populations, all its numbers. */
import { useMemo } from 'preact/hooks';
import { toCsv } from '../../../figures/dataset.js';
import { downloadText } from '../../components/download.js';
import { Explained } from '../../components/Explained.js';
import { brief, minus } from '../../components/format.js';
import { ParameterPanel } from '../../components/ParameterPanel.js';
import { Downloads } from '../../plot/Downloads.js';
import { Plot } from '../../plot/Plot.js';
import { svgBlob, svgToPng } from '../../plot/svgElement.js';
import { steady } from '../../solver/client.js';
import type { SteadyResult } from '../../solver/protocol.js';
import { dark, narrow } from '../../state/appearance.js';
import { changeSettings, page } from '../../state/store.js';
import { darkPalette, FlowDiagram, lightPalette } from './FlowDiagram.js';
import { flowDataset } from './flows.js';
import { Numbers } from './Numbers.js';
import {
  qubitDataset,
  qubitPlot,
  qubitRows,
  rotorDataset,
  rotorPlot,
  rotorRows,
} from './populationPlots.js';

/** Says so where the window is not the whole rotor. */
function EdgeNotice({ result }: { readonly result: SteadyResult }) {
  const { lmin, lmax, edgeLow, edgeHigh, converged, problems } = result.observables.truncation;
  const text =
    `window [${minus(String(lmin))}, ${lmax}], populations at its edges ` +
    `${brief(edgeLow, 2)} and ${brief(edgeHigh, 2)}`;
  if (converged) return <p class="note">{text}</p>;
  return (
    <p class="warning" role="alert">
      Not converged: {minus(problems.join('; '))}. The numbers are those of the window, not of the
      device.
    </p>
  );
}

/** Says so where the numbers are not the device's. */
function VerdictNotice({ result }: { readonly result: SteadyResult }) {
  return result.observables.verdict.problems.map((problem) => (
    <p class="warning" role="alert" key={problem}>
      Not converged: {problem}
    </p>
  ));
}

function Results({ result }: { readonly result: SteadyResult }) {
  const { observables } = result;
  const { scale } = page.value.settings;
  const rotorSpec = useMemo(() => rotorPlot(scale), [scale]);
  const rotorData = useMemo(() => ({ rows: rotorRows(observables) }), [observables]);
  const qubitData = useMemo(() => ({ rows: qubitRows(observables) }), [observables]);
  const file = () => svgBlob(<FlowDiagram result={result} palette={lightPalette} />);
  return (
    <>
      <div class="stack">
        <section class="card flows" aria-label="Flows">
          <h2>
            Heat and work: <strong data-testid="operation">{observables.operation}</strong>{' '}
            <Explained name="operation" />
          </h2>
          <figure class="plot">
            <div class="drawing" style={{ aspectRatio: narrow.value ? '400 / 330' : '640 / 380' }}>
              <FlowDiagram
                result={result}
                palette={dark.value ? darkPalette : lightPalette}
                narrow={narrow.value}
              />
            </div>
            <Downloads
              name="flows"
              svg={async () => file()}
              png={() => svgToPng(file())}
              csv={() => downloadText('flows.csv', 'text/csv', toCsv(flowDataset(result)))}
            />
          </figure>
        </section>
        <section class="card all" aria-label="Numbers">
          <h2>Numbers</h2>
          <Numbers result={result} />
        </section>
      </div>
      <div class="stack">
        <section class="card rotor" aria-label="Rotor">
          <h2>
            Rotor <Explained name="rotorPopulations" />
            <label class="inline">
              <input
                type="checkbox"
                checked={scale === 'log'}
                onChange={(event) =>
                  changeSettings({ scale: event.currentTarget.checked ? 'log' : 'linear' })
                }
              />
              logarithmic
            </label>
          </h2>
          <Plot
            label="Populations of the rotor's levels"
            name="rotor-populations"
            spec={rotorSpec}
            data={rotorData}
            dataset={() => rotorDataset(observables)}
            ratio={1.6}
          />
          <VerdictNotice result={result} />
          <EdgeNotice result={result} />
        </section>
        <section class="card qubits" aria-label="Qubits">
          <h2>
            Qubits <Explained name="qubitPopulations" />
          </h2>
          <Plot
            label="Populations of the two qubits"
            name="qubit-populations"
            spec={qubitPlot}
            data={qubitData}
            dataset={() => qubitDataset(observables)}
            ratio={1.9}
          />
        </section>
      </div>
    </>
  );
}

export function DeviceView() {
  const answer = steady.answer.value;
  const turn = steady.turn.value;
  return (
    <div class="device">
      <ParameterPanel />
      {answer === null ? null : <Results result={answer.result} />}
      {turn.state === 'failed' ? (
        <p class="warning card" role="alert">
          {turn.why}
        </p>
      ) : null}
    </div>
  );
}
