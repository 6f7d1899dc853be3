/** `qmill adapters`: what WebGPU finds on this machine. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Asked, Found } from './adapterProbe.js';
import { type AddCommand, STORE_FAILED } from './command.js';
import { printText } from './printText.js';
import { oneLine } from './terminal.js';

const probe = fileURLToPath(new URL('./adapterProbe.js', import.meta.url));

const mebibytes = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)} MiB`;

/** Runs the probe; what drivers say on stderr is told where it comes to nothing. */
const ask = (about: Asked) =>
  new Promise<Found>((resolve) => {
    execFile(process.execPath, [probe, about], (error, stdout, stderr) => {
      if (error === null) return resolve(JSON.parse(stdout));
      const how = error.signal ?? `exit status ${error.code}`;
      const line = oneLine(`error: WebGPU ended its process (${how}): ${stderr}`);
      resolve({ failed: { status: STORE_FAILED, line } });
    });
  });

/** Whether there is a GPU to try; null where there is, or why there is none. */
export async function lookForGpu(): Promise<string | null> {
  const found = await ask('arithmetic');
  if ('failed' in found) return 'no GPU: qmill adapters says why';
  return found.arithmetic === null ? 'there is no GPU' : null;
}

/** Whether WebGPU works here, and finds nothing. */
export async function isWithoutGpu(): Promise<boolean> {
  const found = await ask('adapters');
  return 'adapters' in found && found.adapters.length === 0;
}

async function runAdapters(): Promise<number> {
  const found = await ask('arithmetic');
  if ('failed' in found) {
    process.stderr.write(`${found.failed.line}\n`);
    return found.failed.status;
  }
  const { adapters, arithmetic, kernels } = found;
  if (arithmetic === null) {
    process.stdout.write('no WebGPU adapter: everything runs on the CPU in float64\n');
    return 0;
  }
  for (const a of adapters) {
    printText(
      `${a.name} (${a.vendor} ${a.architecture})\n` +
        `  largest buffer ${mebibytes(a.maxBufferSize)}, binding ${mebibytes(a.maxStorageBufferBindingSize)}, ` +
        `workgroup memory ${a.maxComputeWorkgroupStorageSize / 1024} KiB\n` +
        `  features ${a.features.join(', ')}\n`,
    );
  }
  const { adapter, variant, candidates } = arithmetic;
  const tried = candidates
    // JSON has no infinite errors.
    .map((c) => `${c.name} ${c.maxRelativeError?.toExponential(1) ?? 'without an end'}`)
    .join(', ');
  printText(
    `double-float arithmetic on ${adapter}: ` +
      `${variant === null ? 'none is right' : `'${variant}' is right`} (largest relative error: ${tried})\n`,
  );
  const choices = Object.entries(kernels?.choices ?? {});
  for (const [what, name] of choices) printText(`fastest for ${what}: ${name}\n`);
  if (choices.length > 0) {
    printText(`measured in earlier runs, and again where ${kernels?.keptIn} is removed\n`);
  }
  return 0;
}

export const addAdapters: AddCommand = (command, running) => {
  command.action(running(runAdapters));
};
