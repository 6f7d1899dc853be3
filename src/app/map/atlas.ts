/** The map under way, as the page sees it. */

import { effect, signal } from '@preact/signals';
import { type BackendName, HOST, hasBatches, recordOf } from '../../backend/registry.js';
import { gpu } from '../solver/client.js';
import { aborted, type Job, Newest } from '../state/newest.js';
import { axisOf } from '../state/page.js';
import { page } from '../state/store.js';
import {
  EDGE,
  extraOf,
  MAP_WIDTH,
  type MapRequest,
  MOST_IN_POTENTIAL,
  reachesPotential,
  type Task,
} from './grid.js';
import { computeMap, mapWorkers } from './pool.js';

export interface Atlas {
  readonly request: MapRequest;
  /** Observable k of the point at place p at p·MAP_WIDTH + k; NaN where nothing is computed yet. */
  readonly values: Float64Array;
  /** For each place the stride of the point that stands for it; 0 where there is none yet. */
  readonly strides: Uint8Array;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly seconds: number;
  /** What computes. */
  readonly by: string;
  /** Points whose window did not hold the rotor, and points without a unique answer. */
  readonly unconverged: number;
  readonly failed: number;
}

/** Rises whenever there is more to draw. */
export const drawn = signal(0);
/** Rises whenever another grid is begun, and at the end: when the colours are set anew. */
export const passes = signal(0);
export const progress = signal<Progress | null>(null);

function cpuText(): string {
  const workers = mapWorkers().length;
  return `cpu f64, ${workers} worker${workers === 1 ? '' : 's'}`;
}

function gpuText(name: BackendName): string {
  const status = gpu.peek();
  return status.state === 'ready'
    ? `${name} f64 as pairs of f32 (${status.df64}), ${status.adapter}`
    : name;
}

/** How often a map under way is drawn, which takes time from its points: at first often, then seldom. */
const redrawMs = (elapsed: number): number => Math.min(1000, 100 + elapsed / 4);

export function mapRequest(): MapRequest {
  const { parameters, truncation, settings: s } = page.value;
  const extra = extraOf(s.mapShow);
  const isLong = reachesPotential(parameters, [{ name: s.mapX }, { name: s.mapY }]);
  return {
    parameters,
    truncation,
    // Where another computes than is chosen the view says so.
    backend: hasBatches(s.backend) && extra === null && !isLong ? s.backend : HOST,
    extra,
    x: axisOf(s, 'mapX'),
    y: axisOf(s, 'mapY'),
    size: isLong ? Math.min(MOST_IN_POTENTIAL, s.mapSize) : s.mapSize,
  };
}

/** What two requests must share to be the same map: the device, but for what the axes vary. */
function mapIdentity({ parameters, x, y, ...rest }: MapRequest): string {
  return JSON.stringify({ ...rest, x, y, parameters: { ...parameters, [x.name]: 0, [y.name]: 0 } });
}

/** Computes a map, shown from its first points on. */
async function compute(
  request: MapRequest,
  { signal: wanted, show }: Job<Atlas>,
): Promise<Atlas | null> {
  const { size, truncation } = request;
  const total = size * size;
  const map: Atlas = {
    request,
    values: new Float64Array(total * MAP_WIDTH).fill(Number.NaN),
    strides: new Uint8Array(total),
  };
  const begin = performance.now();
  const counts = { done: 0, unconverged: 0, failed: 0 };
  const tell = () => {
    progress.value = {
      ...counts,
      total,
      seconds: (performance.now() - begin) / 1e3,
      by: recordOf(request.backend).isHost ? cpuText() : gpuText(request.backend),
    };
    drawn.value++;
  };
  let last = 0;
  let finest = 0;
  const deliver = ({ stride, places }: Task, values: Float64Array) => {
    places.forEach((place, p) => {
      map.values.set(values.subarray(p * MAP_WIDTH, (p + 1) * MAP_WIDTH), place * MAP_WIDTH);
      map.strides[place] = stride;
      const edge = values[p * MAP_WIDTH + EDGE];
      if (Number.isNaN(edge)) counts.failed++;
      else if (edge > truncation.edgeTolerance) counts.unconverged++;
    });
    if (counts.done === 0) show(map);
    counts.done += places.length;
    const now = performance.now();
    if (finest === 0 || stride < finest || counts.done === total) {
      finest = stride;
      passes.value++;
    }
    if (now - last < redrawMs(now - begin) && counts.done < total) return;
    last = now;
    tell();
  };
  tell();
  const points = computeMap(request, deliver, wanted);
  // What is under way for a map that nobody wants any more is not waited for.
  return (await Promise.race([points.then(() => true), aborted(wanted)])) === null ? null : map;
}

export const atlas = new Newest<MapRequest, Atlas>({
  run: compute,
  identity: mapIdentity,
  // Sliders move in between.
  settle: 120,
});

/** Keeps the map up with the page while its view is open; returns what ends that. */
export function followPage(): () => void {
  const stop = effect(() => atlas.ask(mapRequest()));
  return () => {
    stop();
    atlas.leave();
  };
}
