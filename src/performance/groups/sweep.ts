/** Sweeps over the hot bath's temperature: many zero-charge steady states, their flows and no more. */
import { availableParallelism } from 'node:os';
import { BATCH_PARAMETERS, type Batch } from '../../sweep/batchSolver.js';
import { hostSolver } from '../../sweep/hostSolver.js';
import { observableNames } from '../../sweep/observables.js';
import { measure } from '../measure.js';
import { admitted } from '../row.js';
import type { Measure } from '../study.js';
import { paperDevice, windowOf } from './devices.js';
import { peerRow } from './peerRow.js';

const N = 61;
const TASK = 'one point of a sweep over β2, all flows';
const PEER_TOLERANCE = 1e-6;
/** What bench/peers/peers.py gives of each point, in its order. */
const PEER_NUMBERS = ['rotor.Lz', 'rotor.Lz2', 'heat.Q2'];

const hotBetas = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => 0.01 + (0.07 * i) / count);

function batchOf(beta2: readonly number[]): Batch {
  const base = paperDevice();
  const { lmin } = windowOf(N);
  return {
    model: 'local',
    cutoff: 'max-bohr',
    count: beta2.length,
    parameters: Float64Array.from(
      beta2.flatMap((hot) =>
        BATCH_PARAMETERS.map((name) =>
          name === 'cutoff' ? Number.NaN : name === 'beta2' ? hot : base[name],
        ),
      ),
    ),
    size: N,
    lmin: new Int32Array(beta2.length).fill(lmin),
  };
}

export const measureSweep: Measure = async (settings) => {
  const { quick, effort, peers, onRow } = settings;
  const count = quick ? 2_000 : 20_000;
  const names = observableNames(['rotor.Lz', 'rotor.Lz2', 'heat', 'work', 'firstLaw']);
  const column = (name: string) => names.indexOf(observableNames([name])[0]);
  const batch = batchOf(hotBetas(count));
  let values = new Float64Array(0);
  for (const workers of new Set([1, availableParallelism()])) {
    const solver = hostSolver(workers);
    const run = async () => {
      values = (await solver.solve(batch, names)).values as Float64Array<ArrayBuffer>;
    };
    const { median, fastest, upperQuartile, repetitions } = await measure(run, effort);
    await solver.close();
    let error = 0;
    for (let p = 0; p < count; p++) {
      const row = values.subarray(p * names.length, (p + 1) * names.length);
      const flow = Math.max(Math.abs(row[column('heat.Q2')]), Math.abs(row[column('heat.Qr')]));
      error = Math.max(error, Math.abs(row[column('firstLaw')]) / flow);
    }
    onRow(
      admitted({
        group: 'sweep',
        task: TASK,
        solver: `cpu, ${workers} ${workers === 1 ? 'core' : 'cores'}`,
        peer: false,
        N,
        adapter: null,
        precision: 'f64',
        error,
        oracle: 'the first law at every point, of the largest flow',
        tolerance: 1e-9,
        seconds: {
          median: median / count,
          fastest: fastest / count,
          upperQuartile: upperQuartile / count,
          repetitions,
        },
      }),
    );
  }
  if (peers.missing !== null) return;
  const beta2 = hotBetas(quick ? 4 : 16);
  const workers = availableParallelism();
  const { lmin, lmax } = windowOf(N);
  const solver = hostSolver(1);
  const compared = observableNames(PEER_NUMBERS);
  const ours = await solver.solve(batchOf(beta2), compared);
  await solver.close();
  const wanted = beta2.flatMap((_, p) =>
    PEER_NUMBERS.map((name) => {
      const c = (compared as readonly string[]).indexOf(name);
      return ours.values[p * compared.length + c];
    }),
  );
  peerRow(settings, {
    group: 'sweep',
    task: TASK,
    N,
    request: { task: 'sweep', parameters: paperDevice(), lmin, lmax, runs: 1, beta2, workers },
    wanted,
    oracle: 'cpu',
    tolerance: PEER_TOLERANCE,
    results: beta2.length,
  });
};
