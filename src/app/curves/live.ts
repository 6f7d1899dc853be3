/** Curves under the sliders: of the device as it is now, and of the one that is pinned. */
import { signal } from '@preact/signals';
import { reachesPotential } from '../map/grid.js';
import { Pace } from '../map/pace.js';
import { jobOf, mapWorkers, shareOut } from '../map/pool.js';
import { type Job, Newest } from '../state/newest.js';
import { axisOf, type Device, readDevice, type Settings } from '../state/page.js';
import {
  CURVE_POINTS,
  type Curve,
  type CurveRequest,
  curveIdentity,
  curveNames,
  pieces,
} from './curves.js';

/** Milliseconds that the last curves took, all workers together at work; of those under way so far. */
export const curveTime = signal<number | null>(null);

/** What takes long waits until the sliders rest for so many milliseconds. */
const SETTLE = 250;

export const isLong = ({ parameters, axis }: CurveRequest): boolean =>
  reachesPotential(parameters, [axis]);

/** The points as they come to be there, the first of them far apart. */
async function gradually(
  request: CurveRequest,
  { signal: wanted, show, report }: Job<Curve>,
  tell: () => void,
): Promise<Curve | null> {
  const width = request.names.length + 1;
  const values = new Float64Array(CURVE_POINTS * width);
  const there = new Uint8Array(CURVE_POINTS);
  const pace = new Pace(1);
  const known = (): Curve => ({
    request,
    places: Uint32Array.from(there.keys()).filter((p) => there[p] === 1),
    values: values.slice(),
  });
  const job = jobOf(wanted);
  await shareOut(
    mapWorkers(),
    pieces(() => pace.points),
    async (worker, places) => {
      const found = await pace.timed(places.length, () => worker.curve(request, places, job));
      if (wanted.aborted) return;
      places.forEach((place, p) => {
        values.set(found.subarray(p * width, (p + 1) * width), place * width);
        there[place] = 1;
      });
      const curve = known();
      report(curve.places.length);
      tell();
      show(curve);
    },
    wanted,
  );
  return wanted.aborted ? null : known();
}

/** The points shared out to the workers that also share maps, each a stretch of neighbours. */
async function atOnce(request: CurveRequest): Promise<Curve> {
  const workers = mapWorkers();
  const places = Uint32Array.from({ length: CURVE_POINTS }, (_, p) => p);
  const stretch = Math.ceil(CURVE_POINTS / workers.length);
  const parts = await Promise.all(
    workers.map((worker, w) =>
      worker.curve(request, places.slice(w * stretch, (w + 1) * stretch), null),
    ),
  );
  const width = request.names.length + 1;
  const values = new Float64Array(CURVE_POINTS * width);
  parts.forEach((part, w) => {
    values.set(part, w * stretch * width);
  });
  return { request, places, values };
}

const kept = (time: (milliseconds: number) => void) =>
  new Newest<CurveRequest, Curve>({
    run: async (request, job) => {
      const begin = performance.now();
      const tell = () => time(performance.now() - begin);
      const curve = isLong(request) ? await gradually(request, job, tell) : await atOnce(request);
      tell();
      return curve;
    },
    identity: curveIdentity,
    settle: (request) => (isLong(request) ? SETTLE : 0),
  });

export const curves = kept((milliseconds) => {
  curveTime.value = milliseconds;
});
export const pinnedCurves = kept(() => {});

const requestOf = ({ parameters, truncation }: Device, s: Settings): CurveRequest => ({
  parameters,
  truncation,
  axis: axisOf(s, 'curve'),
  names: curveNames(s.curveShow),
});

/** Has both computed that a page shows. */
export function askCurves(device: Device, settings: Settings): void {
  curves.ask(requestOf(device, settings));
  if (settings.pin === '') pinnedCurves.leave();
  else pinnedCurves.ask(requestOf(readDevice(settings.pin), settings));
}

/** The curves once more that the reader has cancelled. */
export const askCurvesAgain = (device: Device, settings: Settings): void =>
  curves.again(requestOf(device, settings));

export function leaveCurves(): void {
  curves.leave();
  pinnedCurves.leave();
}
