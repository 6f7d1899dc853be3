/** One steady state by every path to it: how right, how fast. */
import type { Backend } from '../../backend/backend.js';
import type { OpenChains } from '../../backend/batches.js';
import { type DeviceParameters, truncation } from '../../model/parameters.js';
import { steadyStateOnDevice } from '../../simulate/deviceSteady.js';
import { solveSteadyOn } from '../../simulate/solveSteady.js';
import { steadyStateOn } from '../../simulate/steady.js';
import { SteadyReading } from '../../simulate/steadyReading.js';
import type { SteadyState } from '../../simulate/steadyState.js';
import { measure } from '../measure.js';
import { admitted, type Candidate } from '../row.js';
import type { Measure, Settings } from '../study.js';
import { openedOrSkipped, withEachBackend } from './backends.js';
import { largestDifference, paperDevice, windowOf } from './devices.js';
import { firstAnswerRows } from './firstAnswer.js';

const N = 61;

function numbersOf(state: SteadyState): number[] {
  const { Lz, Lz2, heat, work } = new SteadyReading(state);
  return [Lz, Lz2, heat.Q1, heat.Q2, heat.Qr, work.WQ];
}

async function path(
  { effort, onRow, onSkip }: Settings,
  row: Omit<Candidate, 'group' | 'peer' | 'N' | 'error' | 'seconds'>,
  wanted: readonly number[],
  solve: () => Promise<SteadyState>,
): Promise<void> {
  try {
    const error = largestDifference(numbersOf(await solve()), wanted);
    const seconds = await measure(solve, effort);
    onRow(admitted({ ...row, group: 'precision', N, error, seconds }));
  } catch (error) {
    onSkip(`${row.solver}: ${(error as Error).message}`);
  }
}

async function sectorPaths(settings: Settings): Promise<void> {
  const parameters = paperDevice();
  const window = windowOf(N);
  const { lmin, lmax } = window;
  const wanted = numbersOf(steadyStateOn(parameters, window));
  const { openDevice } = await import('../../backend/webgpu/device.js');
  const { webgpuChains } = await import('../../backend/webgpu/eliminations.js');
  const { probeDf64 } = await import('../../backend/webgpu/probe.js');
  for (const precision of ['f32', 'f64'] as const) {
    const label = `the sector on webgpu, ${precision}`;
    const device = await openedOrSkipped(label, openDevice, settings.onSkip);
    if (device === null) return;
    const probe = precision === 'f64' ? await probeDf64(device) : null;
    const chains: OpenChains = (asked, form) => webgpuChains(device, asked, form, probe);
    await path(
      settings,
      {
        task: 'one steady state, V = 0',
        solver: `webgpu, sector direct, ${precision === 'f32' ? 'float32' : 'double-float'}`,
        adapter: device.adapter.name,
        precision,
        oracle: 'cpu, sector direct',
        tolerance: precision === 'f32' ? 1e-4 : 1e-9,
      },
      wanted,
      () => steadyStateOnDevice(chains, precision, parameters, truncation({ lmin, lmax })),
    );
    device.close();
  }
}

async function potentialPaths(settings: Settings): Promise<void> {
  const parameters = paperDevice({ V: 1 });
  const window = windowOf(N);
  const solveOn = async <V>(backend: Backend<V>, p: DeviceParameters) =>
    (await solveSteadyOn(p, window, { space: 'band', method: 'auto' }, backend)).state;
  let wanted: number[] | null = null;
  await withEachBackend(async ({ label, open }) => {
    if (label.includes('double-float')) return; // corrections are solved in float32
    const backend = await openedOrSkipped(label, open, settings.onSkip);
    if (backend === null) return;
    wanted ??= numbersOf(
      (await solveSteadyOn(parameters, window, { space: 'full', method: 'auto' }, backend)).state,
    );
    await path(
      settings,
      {
        task: 'one steady state, V = 1',
        solver: `${label}, band, refined`,
        adapter: backend.adapter,
        precision: 'f64',
        oracle: 'cpu, whole space',
        tolerance: 1e-9,
      },
      wanted,
      () => solveOn(backend, parameters),
    );
    backend.close();
  });
}

/** On a GPU, most of which is the compilation of kernels. */
function firstAnswers(settings: Settings): void {
  const subjects = [
    { task: 'steady state, V = 0', solver: 'webgpu, sector direct, double-float', changes: {} },
    {
      task: 'steady state of the global model, V = 0',
      solver: 'webgpu, sector direct, double-float',
      changes: { model: 'global' },
    },
    { task: 'steady state, V = 1', solver: 'webgpu, refined', changes: { V: 1 } },
  ] as const;
  for (const subject of subjects) {
    try {
      firstAnswerRows(settings, {
        ...subject,
        ...{ group: 'precision', N, backend: 'webgpu', processes: settings.quick ? 1 : 5 },
      });
    } catch (error) {
      settings.onSkip(`the first answer of webgpu, ${subject.task}: ${(error as Error).message}`);
    }
  }
}

export const measurePrecision: Measure = async (settings) => {
  await sectorPaths(settings);
  await potentialPaths(settings);
  firstAnswers(settings);
};
