import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { softwareAdapterEnvironment } from './src/backend/webgpu/softwareAdapter.js';

/** Tests run on the software adapter, the same everywhere, unless the machine's own is asked for. */
function chosenAdapter(): 'software' | 'system' {
  const chosen = process.env.QMILL_TEST_ADAPTER ?? 'software';
  if (chosen === 'software' || chosen === 'system') return chosen;
  throw new Error(`QMILL_TEST_ADAPTER is "${chosen}": allowed are software and system`);
}

/** What a lane runs; every other test is in the lane `unit`. */
const lanes = {
  /** Against many decimal digits, dense matrices of the whole superoperator, or another program. */
  precise: [
    'test/fluctuations/{dense,dynamics}.test.ts',
    'test/generator/lindbladian.test.ts',
    'test/lindblad/exact.test.ts',
    'test/machine/functions.test.ts',
    'test/property/{machines,openSystems}.test.ts',
    'test/sensitivity/{errors,gallery,precise}.test.ts',
    'test/simulate/{describedEigenstates,eigenstateSensitivity,globalPotential,layeredCorrelation,layeredDeviations,layeredFluctuations,layeredGap,layeredModes,layeredNoise,layeredSensitivity,layeredSpectrum,layeredWaiting,machineQutip,preciseEigenstates,slowestOfAll,solveSteady}.test.ts',
    'test/solve/{coldGlobal,sectorSteadyState,wholeSpace}.test.ts',
    'test/spectrum/{countedJumps,modes,wholeFluctuations}.test.ts',
  ],
  /** On a WebGPU device, or gpu.js. */
  gpu: [
    'test/backend/{gpujs,webgpu}/**/*.test.ts',
    'test/performance/study.test.ts',
    'test/simulate/{deviceErrors,deviceFluctuations,deviceStates,deviceSteady,deviceTrajectories,evolveWebgpu,machineChains,machineWebgpu,webgpu}.test.ts',
    'test/solve/uniqueness.test.ts',
    'test/wild/webgpu.test.ts',
  ],
  /** With the compiled command line, or compiled threads. */
  cli: [
    'test/backend/cpu/threaded.test.ts',
    'test/cli/**/*.test.ts',
    'test/storage/{checkpoint,codeCache}.test.ts',
    'test/sweep/{device,disk,export,kills,machineSweep,races,slurm,sweep}.test.ts',
  ],
  /** In the browser app. */
  app: ['test/app/!(format).test.ts'],
};

/** Deno has a WebGPU of its own; these are about Dawn, or on gpu.js. */
const notInDeno = ['test/backend/gpujs/**', 'test/backend/webgpu/{adapter,dawn,pacing}.test.ts'];

const compile = 'test/support/build.ts';
const bundle = 'test/support/bundle.ts';

export default defineConfig(async () => {
  // Set here and not through `test.env`: the forks inherit it when they start, which is when the
  // dynamic linker reads it.
  if (chosenAdapter() === 'software') {
    Object.assign(process.env, await softwareAdapterEnvironment());
  }
  // What a run keeps for the next one is not the user's, nor that of tests before.
  const cache = mkdtempSync(join(tmpdir(), 'quantum-mill-tests-'));
  process.env.QMILL_CACHE = cache;
  // A command of a test may still be writing there what it keeps.
  process.on('exit', () => rmSync(cache, { recursive: true, force: true, maxRetries: 10 }));
  const common = {
    // To find what hangs, and not what is slow: the slowest take half a minute where nothing else runs.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Dawn crashes in worker threads.
    pool: 'forks' as const,
    setupFiles: ['test/support/randomness.ts'],
  };
  // By default one of two cores is left alone: most of these tests wait for processes and devices.
  const maxWorkers = Math.max(2, availableParallelism() - 1);
  if ('deno' in process.versions) {
    const deno = {
      ...common,
      name: 'deno',
      isolate: false,
      include: lanes.gpu,
      exclude: notInDeno,
      // Some kernels compile for half a minute.
      testTimeout: 300_000,
      hookTimeout: 300_000,
    };
    return { test: { maxWorkers, projects: [{ test: deno }] } };
  }
  return {
    test: {
      maxWorkers,
      projects: [
        {
          test: {
            ...common,
            name: 'unit',
            include: ['test/**/*.test.ts'],
            exclude: [...Object.values(lanes).flat(), '**/node_modules/**'],
            // Files share what they import: half of such short tests' time would go to that.
            isolate: false,
          },
        },
        { test: { ...common, name: 'precise', include: lanes.precise, isolate: false } },
        { test: { ...common, name: 'gpu', include: lanes.gpu, isolate: false } },
        {
          test: {
            ...common,
            name: 'cli',
            include: lanes.cli,
            globalSetup: [compile, bundle],
            // The files of a worker share one thread with the command line in it.
            isolate: false,
          },
        },
        {
          test: {
            ...common,
            name: 'app',
            include: lanes.app,
            // One page, one browser for all of them, and only where they run.
            globalSetup: [compile, bundle, 'test/support/app.ts'],
            isolate: false,
          },
        },
      ],
    },
  };
});
