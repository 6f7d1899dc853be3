/** How each backend is opened: apart from their records, so that what only names them does not bring their code. */
import { open as cpu } from './cpu/open.js';
import { open as gpujs } from './gpujs/open.js';
import type { Open } from './record.js';
import type { BackendName } from './registry.js';
import { open as webgpu } from './webgpu/open.js';

export const openers: Readonly<Record<BackendName, Open>> = { cpu, webgpu, gpujs };
