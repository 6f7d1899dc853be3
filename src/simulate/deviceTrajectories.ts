/** Means over quantum trajectories that a WebGPU device runs. */
import type { OpenTrajectories, PairStart, PairState } from '../backend/batches.js';
import { type KetPair, ketPairs } from '../generator/ketPairs.js';
import { ParameterError } from '../model/parameters.js';
import type { Window } from '../operators/window.js';
import { RandomStream } from '../solve/philox.js';
import type { Observed } from '../solve/trajectory.js';
import { type KetComponent, ketSampler } from '../state/sampling.js';
import { type Moments, MomentsAccumulator } from './moments.js';
import { Trajectories, type TrajectoryRequest } from './trajectories.js';
import type { RunOptions } from './trajectoryPool.js';
import { TrajectoryReader } from './unravelling.js';

/** Trajectories in flight at once: enough for any device, and few enough to show progress. */
const BATCH = 1 << 16;

/** The energies that the baths bring in per time, by what may happen next. */
function rates({ jumps }: KetPair, { psi }: PairState, norm: number, out: Float64Array): void {
  out.fill(0);
  for (const { bath, energy, from0: a, from1: b } of jumps) {
    const re = a[0] * psi[0] - a[1] * psi[1] + b[0] * psi[2] - b[1] * psi[3];
    const im = a[0] * psi[1] + a[1] * psi[0] + b[0] * psi[3] + b[1] * psi[2];
    out[bath] += ((re * re + im * im) * energy) / norm;
  }
}

/** A state of the device as what an observer looks at. */
function* observations(
  pairs: readonly KetPair[],
  dimension: number,
  states: Iterable<PairState>,
): Iterable<Observed> {
  const [re, im] = [new Float64Array(dimension), new Float64Array(dimension)];
  const perTime = new Float64Array(3);
  for (const state of states) {
    const { components } = pairs[state.block];
    components.forEach((c, i) => {
      re[c] = state.psi[2 * i];
      im[c] = state.psi[2 * i + 1];
    });
    const norm = state.psi.reduce((sum, x) => sum + x * x, 0);
    rates(pairs[state.block], state, norm, perTime);
    const active = Array.from(components);
    yield { re, im, active, norm, jumps: state.jumps, energy: state.energy, rates: perTime };
  }
}

function startOf(
  stream: number,
  seed: number,
  sampler: (forQubits: number, forRotor: number) => KetComponent[],
  placeOf: (component: number) => { block: number; position: number },
): PairStart {
  const random = new RandomStream(seed, stream);
  random.draw();
  const ket = sampler(random.first, random.second);
  if (ket.length > 1) {
    throw new ParameterError(
      'backend',
      'webgpu',
      "'cpu' for an initial state that is not diagonal: on a device a trajectory starts in a basis state",
    );
  }
  random.draw();
  const { first: threshold, second: choice } = random;
  return { stream, ...placeOf(ket[0].at), threshold, choice, draws: 2 };
}

/** How components lie in the blocks. */
function places(pairs: readonly KetPair[], { size }: Window) {
  const found: { block: number; position: number }[] = Array.from({ length: 4 * size });
  pairs.forEach(({ components }, block) => {
    components.forEach((c, position) => {
      found[c] = { block, position };
    });
  });
  return (component: number) => found[component];
}

/**
 * The moments of trajectories 0 … count − 1 at each time, by the same random numbers as on the CPU, and in
 * float32: trajectories are the CPU's up to its rounding.
 * @param open makes them ready on the backend
 * @param batchSize trajectories in flight at once
 * @throws {ParameterError} where a state can spread beyond one block: V ≠ 0, coherent initial states
 */
export async function runDeviceTrajectories(
  open: OpenTrajectories,
  request: TrajectoryRequest,
  { count, from, progress = () => {}, stopped = () => false }: RunOptions,
  batchSize = BATCH,
): Promise<readonly Moments[]> {
  const { initial, times, seed } = request;
  const { unravelling } = new Trajectories(request);
  const { kets: system } = unravelling;
  const { window } = system;
  const reader = new TrajectoryReader(unravelling);
  const pairs = ketPairs(system);
  if (pairs === null) {
    throw new ParameterError(
      'backend',
      'webgpu',
      "'cpu' with V ≠ 0: on a device a state has at most two components",
    );
  }
  const sampler = ketSampler(initial, window);
  const placeOf = places(pairs, window);
  const onDevice = await open(pairs);
  const gathered = times.map((_, i) => new MomentsAccumulator(reader.count, from?.moments[i]));
  const sample = new Float64Array(reader.count);
  const batch = Math.min(batchSize, onDevice.capacity);
  try {
    for (let first = from?.moments[0].count ?? 0; first < count && !stopped(); first += batch) {
      const starts = Array.from({ length: Math.min(batch, count - first) }, (_, i) =>
        startOf(first + i, seed, sampler, placeOf),
      );
      await onDevice.run(starts, seed, times, (index, states) => {
        for (const observation of observations(pairs, system.dimension, states)) {
          reader.read(observation, sample);
          gathered[index].add(sample);
        }
      });
      progress(first + starts.length, {
        moments: gathered.map((moments) => moments.moments()),
        pieces: [],
      });
    }
  } finally {
    onDevice.release();
  }
  return gathered.map((moments) => moments.moments());
}
