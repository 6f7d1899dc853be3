/** The device as a rectifier, the best of its family, and the trade-off between them. */

import { useMemo } from 'preact/hooks';
import { figure4Parameters } from '../../../figures/rectificationScan.js';
import { truncation } from '../../../model/parameters.js';
import { observableRecords } from '../../../simulate/observableRecords.js';
import type { Quantity, Searched } from '../../../simulate/rectificationSearch.js';
import { performance as merit } from '../../../thermo/rectification.js';
import { Button } from '../../components/Button.js';
import { Card } from '../../components/Card.js';
import { Explained } from '../../components/Explained.js';
import { brief, exact } from '../../components/format.js';
import { ParameterPanel } from '../../components/ParameterPanel.js';
import { Table } from '../../components/Table.js';
import { quantities } from '../../content/quantities.js';
import { symbolOf } from '../../content/symbols.js';
import { RESULTS } from '../../content/views.js';
import { Plot } from '../../plot/Plot.js';
import { page, takeDevice } from '../../state/store.js';
import type {
  RectificationRequest,
  RectificationResult,
} from '../../studies/rectificationStudy.js';
import { StudyProgress } from '../../studies/StudyProgress.js';
import { study } from '../../studies/study.js';
import { useStudy } from '../../studies/useStudy.js';
import { paretoDataset, paretoPlot } from './paretoPlot.js';
import { SearchControls } from './SearchControls.js';

const rectification = study<RectificationRequest, RectificationResult>({
  call: (studies, request, report) => studies.rectification(request, report),
  // Sliders move in between.
  settle: 150,
});

function searched(): readonly Searched[] {
  const { over, and } = page.value.settings;
  return and === 'nothing' || and === over ? [over] : [over, and];
}

function requestOf(): RectificationRequest {
  const { parameters, truncation: given, settings } = page.value;
  const { alpha, definition } = settings;
  return { parameters, truncation: given, over: searched(), alpha, definition };
}

/** Of Eq. (42): what is left of the sum below its fraction may be rounding. */
const ROUNDING = 1e-10;

const isPole = ({ pair: { forward, swapped }, request }: RectificationResult): boolean =>
  request.definition === 'signed' &&
  forward.Lz !== 0 &&
  Math.abs(forward.Lz + swapped.Lz) < ROUNDING * Math.abs(forward.Lz);

const columns = [
  { title: 'direction' },
  ...(['heat.Q1', 'heat.Q2', 'rotor.Lz'] as const).map((name) => ({
    title: observableRecords[name].symbol,
  })),
];

function Numbers({ result }: { readonly result: RectificationResult }) {
  const { heat, angular, pair, request } = result;
  const rows = [
    ['R', heat.R],
    ['J', heat.J],
    ['Rangular', angular.R],
    ['Jangular', angular.J],
  ] as const;
  return (
    <>
      <dl class="numbers">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>
              <Explained name={name} />
            </dt>
            <dd data-quantity={name}>{exact(value)}</dd>
            <dd class="spelt">{quantities[name].name}</dd>
          </div>
        ))}
      </dl>
      {isPole(result) ? (
        <p class="note">
          Exchanging the temperatures turns ⟨L_z⟩ round exactly: Eq. (42) as printed has a pole
          here, and the digits of its R are rounding.
        </p>
      ) : null}
      <Table label="Both directions" columns={columns}>
        {(['forward', 'swapped'] as const).map((direction) => (
          <tr key={direction}>
            <th scope="row">{direction === 'forward' ? 'as it is' : 'temperatures exchanged'}</th>
            <td>{exact(pair[direction].Q1)}</td>
            <td>{exact(pair[direction].Q2)}</td>
            <td>{exact(pair[direction].Lz)}</td>
          </tr>
        ))}
      </Table>
      {[pair.forward, pair.swapped].every(({ converged }) => converged) ? null : (
        <p class="warning">
          Not converged:{' '}
          {[...pair.forward.problems, ...pair.swapped.problems][0] ??
            `the window does not hold the rotor, tolerance ${request.truncation.edgeTolerance.toExponential(0)}`}
          .
        </p>
      )}
    </>
  );
}

function Best({ result, quantity }: { readonly result: RectificationResult; quantity: Quantity }) {
  const best = result.search.best.find((b) => b.quantity === quantity);
  if (best === undefined) return null;
  const { alpha } = result.request;
  return (
    <div class="best">
      <p>
        <Explained name="Gamma" /> of this device {exact(merit(result[quantity], alpha))}; largest{' '}
        <strong data-testid="best">{exact(best.Gamma)}</strong> at{' '}
        {Object.entries(best.parameters)
          .map(([name, value]) => `${symbolOf(name)} = ${brief(value, 6)}`)
          .join(', ')}
        : R = {brief(best[quantity].R, 6)}, J = {brief(best[quantity].J, 6)}.
      </p>
      <Button
        onClick={() => takeDevice({ parameters: { ...page.value.parameters, ...best.parameters } })}
      >
        Take these parameters
      </Button>
    </div>
  );
}

function Results({ result }: { readonly result: RectificationResult }) {
  const { quantity } = page.value.settings;
  const spec = useMemo(() => paretoPlot(result, quantity), [result, quantity]);
  return (
    <>
      <Card label="This device" title="This device">
        <Numbers result={result} />
      </Card>
      <Card label="Best" kind="narrow" title="The best, and the Pareto front">
        <Plot
          label="Pareto front of R against J"
          name="pareto"
          spec={spec}
          dataset={() => paretoDataset(result, quantity)}
          by="cpu f64, sector, direct"
          ratio={1.25}
        />
        <Best result={result} quantity={quantity} />
        <p class="note" data-testid="search">
          No other of {result.search.evaluations} devices beats those of the front in both R and J.
          Global search by dividing rectangles, then along each parameter:{' '}
          {result.seconds.toFixed(2)} s on cpu f64, sector, direct.
        </p>
      </Card>
    </>
  );
}

export function RectificationView() {
  const { parameters } = page.value;
  const result = useStudy(rectification, requestOf);
  return (
    <div class="with-parameters">
      <ParameterPanel />
      <div class="stack" id={RESULTS} tabIndex={-1}>
        <Card label="Search">
          <SearchControls />
          <StudyProgress study={rectification} what="devices evaluated" total={null} />
          {parameters.model === 'global' ? null : (
            <p class="note">
              The paper's rectifier is a device of the global model.{' '}
              <Button
                onClick={() =>
                  takeDevice({
                    parameters: { ...figure4Parameters, beta2: 0.02 },
                    truncation: truncation(),
                  })
                }
              >
                Fig. 4's device
              </Button>
            </p>
          )}
        </Card>
        {result === null ? null : (
          <div class="stack results" aria-busy={!rectification.current.value}>
            <Results result={result} />
          </div>
        )}
      </div>
    </div>
  );
}
