/** `qmill adapters`: what WebGPU finds on this machine. */
import { listAdapters, openDevice } from '../backend/webgpu/device.js';
import { probeDf64 } from '../backend/webgpu/probe.js';
import type { AddCommand } from './command.js';

const mebibytes = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)} MiB`;

export async function runAdapters(): Promise<number> {
  const adapters = await listAdapters();
  if (adapters.length === 0) {
    process.stdout.write('no WebGPU adapter: everything runs on the CPU in float64\n');
    return 0;
  }
  for (const a of adapters) {
    process.stdout.write(
      `${a.name} (${a.vendor} ${a.architecture})\n` +
        `  largest buffer ${mebibytes(a.maxBufferSize)}, binding ${mebibytes(a.maxStorageBufferBindingSize)}, ` +
        `workgroup memory ${a.maxComputeWorkgroupStorageSize / 1024} KiB\n` +
        `  features ${a.features.join(', ')}\n`,
    );
  }
  const device = await openDevice();
  const { variant, candidates } = await probeDf64(device);
  device.close();
  const tried = candidates
    .map((c) => `${c.name} ${c.maxRelativeError.toExponential(1)}`)
    .join(', ');
  process.stdout.write(
    `double-float arithmetic on ${device.adapter.name}: ` +
      `${variant === null ? 'none is right' : `'${variant.name}' is right`} (largest relative error: ${tried})\n`,
  );
  return 0;
}

export const addAdapters: AddCommand = (command, running) => {
  command.action(running(runAdapters));
};
