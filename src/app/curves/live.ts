/** Curves under the sliders: of the device as it is now, and of the one that is pinned. */
import { signal } from '@preact/signals';
import { mapWorkers } from '../map/pool.js';
import { Newest } from '../state/newest.js';
import { type Device, readDevice, type Settings } from '../state/page.js';
import {
  CURVE_POINTS,
  type Curve,
  type CurveRequest,
  curveIdentity,
  curveNames,
} from './curves.js';

/** Milliseconds that the last curves took, all workers together at work. */
export const curveTime = signal<number | null>(null);

/** The points shared out to the workers that also share maps, each a stretch of neighbours. */
async function compute(request: CurveRequest): Promise<Curve> {
  const begin = performance.now();
  const workers = mapWorkers();
  const stretch = Math.ceil(CURVE_POINTS / workers.length);
  const parts = await Promise.all(
    workers.map((worker, w) =>
      worker.curve(request, w * stretch, Math.min(CURVE_POINTS, (w + 1) * stretch)),
    ),
  );
  const width = request.names.length + 1;
  const values = new Float64Array(CURVE_POINTS * width);
  parts.forEach((part, w) => {
    values.set(part, w * stretch * width);
  });
  curveTime.value = performance.now() - begin;
  return { request, values };
}

const kept = () => new Newest<CurveRequest, Curve>({ run: compute, identity: curveIdentity });

export const curves = kept();
export const pinnedCurves = kept();

const requestOf = ({ parameters, truncation }: Device, s: Settings): CurveRequest => ({
  parameters,
  truncation,
  axis: { name: s.curve, from: s.curveFrom, to: s.curveTo, spacing: s.curveSpacing },
  names: curveNames(s.curveShow),
});

/** Has both computed that a page shows. */
export function askCurves(device: Device, settings: Settings): void {
  curves.ask(requestOf(device, settings));
  if (settings.pin === '') pinnedCurves.leave();
  else pinnedCurves.ask(requestOf(readDevice(settings.pin), settings));
}

export function leaveCurves(): void {
  curves.leave();
  pinnedCurves.leave();
}
