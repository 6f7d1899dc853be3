/** The backends by name. */
import { cpu } from './cpu/record.js';
import { gpujs } from './gpujs/record.js';
import type { BackendRecord } from './record.js';
import { webgpu } from './webgpu/record.js';

export const backends = { cpu, webgpu, gpujs } satisfies Record<string, BackendRecord>;

/**
 * cpu: float64. webgpu: a GPU, in float32 refined to float64 or in pairs of float32. gpujs: float32 through
 * gpu.js, which has to be installed, for devices with a potential.
 */
export type BackendName = keyof typeof backends;
export const BACKENDS = Object.keys(backends) as [BackendName, ...BackendName[]];

/** The CPU's own float64, which is always there. */
export const HOST = 'cpu' satisfies BackendName;

/** With `auto`, where a backend is named. */
export type BackendChoice = 'auto' | BackendName;

/** With `auto`, of what is always there. */
export const recordOf = (choice: BackendChoice): BackendRecord =>
  backends[choice === 'auto' ? HOST : choice];

/** Whether many devices at once are solved there without iterations: sweeps, maps, trajectories. */
export const hasBatches = (choice: BackendChoice): boolean =>
  recordOf(choice).isHost || recordOf(choice).hasKernels;

/** What may be named where that is needed. */
export const BATCH_BACKENDS: readonly BackendName[] = BACKENDS.filter(hasBatches);

const HOSTS = BACKENDS.filter((name) => backends[name].isHost);
const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(' or ');

/** For messages. */
export const BATCH_NAMES = quoted(BATCH_BACKENDS);
export const HOST_NAMES = quoted(['auto', ...HOSTS]);
