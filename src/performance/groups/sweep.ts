/** Sweeps over the hot bath's temperature: many zero-charge steady states, their flows and no more. */

import { availableParallelism } from 'node:os';
import type { Precision } from '../../backend/backend.js';
import { loadKernels } from '../../lindblad/kernels.js';
import { BATCH_PARAMETERS } from '../../sweep/batchParameters.js';
import type { Batch, BatchSolver } from '../../sweep/batchSolver.js';
import { solveOnHost } from '../../sweep/hostBatch.js';
import { hostSolver } from '../../sweep/hostSolver.js';
import { observableNames } from '../../sweep/observables.js';
import { each, measure } from '../measure.js';
import { admitted } from '../row.js';
import type { Measure, Settings } from '../study.js';
import { openedOrSkipped } from './backends.js';
import { paperDevice, windowOf } from './devices.js';
import { limitRow, type ShareOfLimit } from './limitRow.js';
import { peerRow } from './peerRow.js';

const N = 61;
type Model = Batch['model'];

const TASKS: Readonly<Record<Model, string>> = {
  local: 'one point of a sweep over β2, all flows',
  global: 'one point of a sweep over β2 between eigenstates, all flows',
};
const PEER_TOLERANCE = 1e-6;
const NAMES = observableNames(['rotor.Lz', 'rotor.Lz2', 'heat', 'work']);
/** What bench/peers/peers.py gives of each point, in its order. */
const PEER_NUMBERS = ['rotor.Lz', 'rotor.Lz2', 'heat.Q2'];

const hotBetas = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => 0.01 + (0.07 * i) / count);

function batchOf(beta2: readonly number[], model: Model = 'local'): Batch {
  const base = paperDevice();
  const { lmin } = windowOf(N);
  return {
    model,
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

/** Each point's numbers in the peer's order, from the values of a batch. */
function numbersOf(values: Float64Array, names: readonly string[], count: number): number[] {
  return Array.from({ length: count }, (_, p) => p).flatMap((p) =>
    PEER_NUMBERS.map((name) => values[p * names.length + names.indexOf(name)]),
  );
}

/** The largest difference, relative to the largest of the same number in the sweep: flows change sign. */
function deviation(found: readonly number[], wanted: readonly number[]): number {
  const width = PEER_NUMBERS.length;
  const errors = PEER_NUMBERS.map((_, c) => {
    const column = (all: readonly number[]) => all.filter((_number, i) => i % width === c);
    const exact = column(wanted);
    const largest = exact.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    return (
      column(found).reduce((most, x, p) => Math.max(most, Math.abs(x - exact[p])), 0) / largest
    );
  });
  return errors.some(Number.isNaN) ? Number.NaN : Math.max(...errors);
}

interface Entrant {
  readonly label: string;
  /** Whether it has one core and no more, as the limit has. */
  readonly oneCore: boolean;
  readonly precision: Precision;
  /** Of its numbers against the CPU's. */
  readonly tolerance: number;
  /** @throws where this machine has no such solver */
  open(): Promise<BatchSolver>;
}

const hostEntrants = (): Entrant[] =>
  [...new Set([1, availableParallelism()])].map((workers) => ({
    label: `cpu, ${workers} ${workers === 1 ? 'core' : 'cores'}`,
    oneCore: workers === 1,
    precision: 'f64' as const,
    tolerance: 1e-12,
    open: async () => hostSolver(workers),
  }));

const deviceEntrants = (): Entrant[] =>
  (['f32', 'f64'] as const).map((precision) => ({
    label: precision === 'f32' ? 'webgpu' : 'webgpu, double-float',
    oneCore: false,
    precision,
    tolerance: precision === 'f32' ? 1e-4 : 1e-9,
    open: async () =>
      (await import('../../sweep/deviceSolver.js')).deviceSolver('webgpu', precision),
  }));

/** What a GPU computes for each point, and its share of the most that it could. */
async function arithmeticOf(
  label: string,
  precision: Precision,
  pointsPerSecond: number,
  { effort, onCeiling }: Settings,
) {
  const { openDevice } = await import('../../backend/webgpu/device.js');
  const { deviceArithmetic, sweepOperations } = await import('./deviceArithmetic.js');
  const device = await openDevice();
  const ceiling = await deviceArithmetic(label, device, precision, effort);
  device.close();
  onCeiling(ceiling);
  const operations = sweepOperations(N);
  const value = (operations * pointsPerSecond) / ceiling.perSecond;
  return { operations, shares: [{ of: ceiling.of, value }] };
}

/** The rows of one model's sweep. @param shareOfLimit of a time on one core */
async function measureModel(
  model: Model,
  of: readonly Entrant[],
  betas: readonly number[],
  shareOfLimit: ShareOfLimit,
  settings: Settings,
): Promise<void> {
  const { effort, onRow, onSkip } = settings;
  const count = betas.length;
  const batch = batchOf(betas, model);
  const wanted = numbersOf(solveOnHost(batch, NAMES).values, NAMES, count);
  for (const { label, oneCore, precision, tolerance, open } of of) {
    const solver = await openedOrSkipped(label, open, onSkip);
    if (solver === null) continue;
    let values = new Float64Array(0);
    const run = async () => {
      const found = await solver.solve(batch, NAMES);
      values = Float64Array.from(found.values);
      // As in a sweep: where flows change sign, a GPU has not all digits and says so.
      const marked = [...found.failures.keys()];
      if (marked.length === 0) return;
      const again = solveOnHost(
        batchOf(
          marked.map((p) => betas[p]),
          model,
        ),
        NAMES,
      ).values;
      marked.forEach((p, k) => {
        values.set(again.subarray(k * NAMES.length, (k + 1) * NAMES.length), p * NAMES.length);
      });
    };
    const timing = await measure(run, effort);
    const counted =
      solver.name === 'webgpu'
        ? await arithmeticOf(label, precision, count / timing.median, settings)
        : { shares: oneCore ? shareOfLimit(each(timing, count)) : [] };
    onRow(
      admitted({
        group: 'sweep',
        task: TASKS[model],
        solver: label,
        N,
        adapter: solver.adapter,
        precision,
        error: deviation(numbersOf(values, NAMES, count), wanted),
        oracle: 'one point after the other on the CPU; of the largest in the sweep',
        tolerance,
        seconds: each(timing, count),
        ...counted,
      }),
    );
    await solver.close();
  }
}

export const measureSweep: Measure = async (settings) => {
  await loadKernels();
  const { quick, effort, peers } = settings;
  const count = quick ? 500 : 20_000;
  const betas = hotBetas(count);
  const shareOfLimit = limitRow(settings, {
    group: 'sweep',
    task: 'the limit: one point of a sweep over β2, ⟨L_z⟩, ⟨L_z²⟩ and the heat flows',
    question: {
      parameters: paperDevice(),
      window: windowOf(N),
      beta2: { first: 0.01, step: 0.07 / count },
      points: count,
      runs: effort.repetitions,
    },
  });
  const onHost = hostEntrants();
  await measureModel('local', [...onHost, ...deviceEntrants()], betas, shareOfLimit, settings);
  // The limit solves the local model: what eigenstates cost counts, too.
  await measureModel('global', onHost, betas, shareOfLimit, settings);
  if (peers.missing !== null) return;
  const beta2 = hotBetas(quick ? 4 : 16);
  const { lmin, lmax } = windowOf(N);
  const workers = availableParallelism();
  peerRow(settings, {
    group: 'sweep',
    task: TASKS.local,
    N,
    request: { task: 'sweep', parameters: paperDevice(), lmin, lmax, runs: 1, beta2, workers },
    wanted: numbersOf(solveOnHost(batchOf(beta2), NAMES).values, NAMES, beta2.length),
    oracle: 'cpu',
    tolerance: PEER_TOLERANCE,
    results: beta2.length,
  });
};
