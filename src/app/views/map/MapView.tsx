/** What the device does over any two of its parameters. */

import { useEffect, useState } from 'preact/hooks';
import { hasBatches, recordOf } from '../../../backend/registry.js';
import { Button } from '../../components/Button.js';
import { Card } from '../../components/Card.js';
import { ParameterPanel } from '../../components/ParameterPanel.js';
import { useSeconds } from '../../components/useSeconds.js';
import { Failure } from '../../components/Warning.js';
import type { NumericParameter } from '../../content/ranges.js';
import { RESULTS } from '../../content/views.js';
import { atlas, drawn, followPage, mapRequest, progress } from '../../map/atlas.js';
import {
  coordinates,
  extraOf,
  type MapRequest,
  MOST_IN_POTENTIAL,
  pointOf,
  reachesPotential,
} from '../../map/grid.js';
import { goTo, page } from '../../state/store.js';
import { Cuts } from './Cuts.js';
import { MapCanvas, placeOf } from './MapCanvas.js';
import { MapControls } from './MapControls.js';
import { Pointed } from './Pointed.js';
import { showAll, zoomAt } from './ranges.js';

/** Ends the map that is under way, or goes on with it from the start: always in the same place. */
function Stop() {
  const { state } = atlas.turn.value;
  if (state === 'cancelled') {
    return <Button onClick={() => atlas.again(mapRequest())}>Compute</Button>;
  }
  return (
    <Button disabled={state !== 'running'} onClick={() => atlas.cancel()}>
      Cancel
    </Button>
  );
}

function ProgressLine() {
  const p = progress.value;
  const turn = atlas.turn.value;
  const isRunning = turn.state === 'running';
  const ticked = useSeconds(isRunning);
  if (turn.state === 'failed') {
    return (
      <div class="progress">
        <Failure of={atlas} />
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
  // Where points take long it goes on between them.
  const seconds = isRunning ? Math.max(p.seconds, ticked) : p.seconds;
  const left = share > 0 ? (p.seconds * (1 - share)) / share : null;
  return (
    <div class="progress">
      <progress value={share} aria-label="points computed" />
      <p class="note counted" data-testid="map-progress">
        {p.done} of {p.total} points on {p.by}: {seconds.toFixed(1)} s
        {p.done < p.total && seconds > 2 && left !== null
          ? `, about ${left.toFixed(0)} s left`
          : ''}{' '}
        <Stop />
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

/** Says so where another computes than is chosen, and why points take long. */
function Elsewhere() {
  const { parameters, settings } = page.value;
  const { backend, mapShow } = settings;
  const { x, y } = mapRequest();
  if (reachesPotential(parameters, [x, y])) {
    return (
      <p class="note">
        With a potential each point takes as long as a thousand without: the CPU solves at most{' '}
        {MOST_IN_POTENTIAL} along each axis here. <code>qmill sweep</code> computes more.
      </p>
    );
  }
  if (!hasBatches(backend)) {
    return (
      <p class="note">
        Maps run on the CPU or WebGPU; {recordOf(backend).title} has no batches of devices.
      </p>
    );
  }
  if (recordOf(backend).isHost || extraOf(mapShow) === null) return null;
  return <p class="note">This is read off states, which the CPU solves here.</p>;
}

/** A point that stays, by the values of both parameters. */
interface Pin {
  readonly x: Coordinate;
  readonly y: Coordinate;
}
interface Coordinate {
  readonly name: NumericParameter;
  readonly value: number;
}

/** Where a pinned point is on a map; null where it is not on it. */
function placeOfPin(pin: Pin | null, request: MapRequest): number | null {
  if (pin === null || pin.x.name !== request.x.name || pin.y.name !== request.y.name) return null;
  return placeOf(request, pin.x.value, pin.y.value);
}

const MIDDLE = { x: 0.5, y: 0.5 };
const ZOOM = 2;

function Tools({ take }: { readonly take: (() => void) | null }) {
  return (
    <div class="recipe tools">
      <Button onClick={() => zoomAt(MIDDLE, 1 / ZOOM)}>Zoom in</Button>
      <Button onClick={() => zoomAt(MIDDLE, ZOOM)}>Zoom out</Button>
      <Button onClick={showAll}>Whole range</Button>
      <Button disabled={take === null} onClick={() => take?.()}>
        Pinned point to the device
      </Button>
    </div>
  );
}

export function MapView() {
  const [pointed, point] = useState<number | null>(null);
  const [pinned, pin] = useState<Pin | null>(null);
  useEffect(followPage, []);
  // While a newer one is under way, the map that is there, with its own axes.
  const request = atlas.answer.value?.request ?? mapRequest();
  const map = atlas.answer.value?.result ?? null;
  const show = page.value.settings.mapShow;
  const take = (place: number) => {
    if (!atlas.current.value) return;
    const { parameters } = page.value;
    goTo({ view: 'device', parameters: pointOf({ ...request, parameters }, place) });
  };
  const stay = (place: number) => {
    const [x, y] = coordinates(request, place);
    pin({ x: { name: request.x.name, value: x }, y: { name: request.y.name, value: y } });
  };
  const inMap = pointed !== null && pointed < request.size ** 2 ? pointed : null;
  const place = placeOfPin(pinned, request);
  return (
    <div class="with-parameters">
      <ParameterPanel backend="map" />
      <Card label="Map">
        <MapControls />
        <Elsewhere />
        <ProgressLine />
        <Tools take={place === null ? null : () => take(place)} />
        <div class="results" id={RESULTS} tabIndex={-1} aria-busy={!atlas.current.value}>
          <MapCanvas
            request={request}
            show={show}
            pointed={inMap}
            pinned={place}
            point={point}
            pin={stay}
            take={take}
          />
          <Pointed place={inMap ?? place} />
          {map === null || place === null ? null : (
            <Cuts
              map={map}
              show={show}
              place={place}
              turn={drawn.value}
              by={progress.value?.by ?? ''}
            />
          )}
        </div>
      </Card>
    </div>
  );
}
