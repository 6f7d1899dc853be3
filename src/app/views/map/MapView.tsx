/** What the device does over any two of its parameters. */

import { useEffect, useState } from 'preact/hooks';
import { hasBatches, recordOf } from '../../../backend/registry.js';
import { OPERATIONS } from '../../../thermo/operation.js';
import { Card } from '../../components/Card.js';
import { Explained } from '../../components/Explained.js';
import { brief, signed } from '../../components/format.js';
import { ParameterPanel } from '../../components/ParameterPanel.js';
import { RESULTS } from '../../content/views.js';
import { atlas, drawn, followPage, mapRequest, progress } from '../../map/atlas.js';
import { MAP_OBSERVABLES } from '../../map/grid.js';
import { goTo, page } from '../../state/store.js';
import { coordinates, MapCanvas, valueAt } from './MapCanvas.js';
import { MapControls } from './MapControls.js';

/** Ends the map that is under way, or goes on with it from the start: always in the same place. */
function Stop() {
  const { state } = atlas.turn.value;
  if (state === 'cancelled') {
    return (
      <button type="button" onClick={() => atlas.again(mapRequest())}>
        Compute
      </button>
    );
  }
  return (
    <button type="button" disabled={state !== 'running'} onClick={() => atlas.cancel()}>
      Cancel
    </button>
  );
}

function ProgressLine() {
  const p = progress.value;
  const turn = atlas.turn.value;
  if (turn.state === 'failed') {
    return (
      <div class="progress">
        <p class="warning" role="alert">
          {turn.why}
        </p>
      </div>
    );
  }
  if (p === null) {
    return (
      <div class="progress">
        <progress aria-label="points computed" />
        <p class="note counted">
          starting <Stop />
        </p>
      </div>
    );
  }
  const share = p.done / p.total;
  const left = share > 0 ? (p.seconds * (1 - share)) / share : 0;
  return (
    <div class="progress">
      <progress value={share} aria-label="points computed" />
      <p class="note counted" data-testid="map-progress">
        {p.done} of {p.total} points on {p.by}: {p.seconds.toFixed(1)} s
        {p.done < p.total && p.seconds > 2 ? `, about ${left.toFixed(0)} s left` : ''} <Stop />
      </p>
      {p.unconverged === 0 ? null : (
        <p class="warning">
          {p.unconverged} points are not converged: their window does not hold the rotor.
        </p>
      )}
      {p.failed === 0 ? null : (
        <p class="warning">
          {p.failed} points have no answer: their steady state is not unique, or not found to
          float64's digits.
        </p>
      )}
    </div>
  );
}

function Pointed({ place }: { readonly place: number | null }) {
  const map = atlas.answer.value?.result ?? null;
  // The values change in place.
  void drawn.value;
  if (map === null || place === null) {
    return (
      <p class="pointed note" aria-live="polite">
        Point at the map for its numbers; click to take the point to the device.
      </p>
    );
  }
  const [x, y] = coordinates(map.request, place);
  const known = map.strides[place] > 0;
  const operation = OPERATIONS[valueAt(map.values, place, 'operation')];
  return (
    <dl class="pointed" aria-live="polite">
      <div>
        <dt>
          <Explained name={map.request.x.name} />
        </dt>
        <dd>{brief(x, 5)}</dd>
      </div>
      <div>
        <dt>
          <Explained name={map.request.y.name} />
        </dt>
        <dd>{brief(y, 5)}</dd>
      </div>
      {MAP_OBSERVABLES.map((name) => {
        const value = valueAt(map.values, place, name);
        const text = !known || Number.isNaN(value) ? '–' : signed(value);
        return (
          <div key={name}>
            <dt>
              <Explained name={name} />
            </dt>
            <dd data-pointed={name}>
              {name === 'operation' ? (known ? (operation ?? '–') : '–') : text}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

export function MapView() {
  const [pointed, point] = useState<number | null>(null);
  useEffect(followPage, []);
  // While a newer one is under way, the map that is there, with its own axes.
  const request = atlas.answer.value?.request ?? mapRequest();
  const take = (place: number) => {
    if (!atlas.current.value) return;
    const [x, y] = coordinates(request, place);
    goTo({
      view: 'device',
      parameters: { ...page.value.parameters, [request.x.name]: x, [request.y.name]: y },
    });
  };
  return (
    <div class="with-parameters">
      <ParameterPanel backend="map" />
      <Card label="Map">
        <MapControls />
        {hasBatches(page.value.settings.backend) ? null : (
          <p class="note">
            Maps run on the CPU or WebGPU; {recordOf(page.value.settings.backend).title} has no
            batches of devices.
          </p>
        )}
        <ProgressLine />
        <div class="results" id={RESULTS} tabIndex={-1} aria-busy={!atlas.current.value}>
          <MapCanvas
            request={request}
            show={page.value.settings.mapShow}
            pointed={pointed !== null && pointed < request.size ** 2 ? pointed : null}
            point={point}
            take={take}
          />
          <Pointed place={pointed} />
        </div>
      </Card>
    </div>
  );
}
