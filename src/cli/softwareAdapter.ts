/** Starting this very command again where WebGPU finds the software adapter. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { softwareAdapterEnvironment } from '../backend/webgpu/softwareAdapter.js';
import { ParameterError } from '../model/parameters.js';

/**
 * Runs the command line of this process again with the software adapter as its only one, and gives the exit
 * status of that; null where this process is it. (The dynamic linker reads its variables once, when a
 * process starts.)
 * @throws {ParameterError} where the adapter's package is not installed, or not for this machine
 */
export async function onSoftwareAdapter(): Promise<number | null> {
  let environment: Awaited<ReturnType<typeof softwareAdapterEnvironment>>;
  try {
    environment = await softwareAdapterEnvironment();
  } catch (error) {
    throw new ParameterError(
      'software-adapter',
      true,
      `used where the packages @sparticuz/chromium and tar are installed, on Linux x64 (${(error as Error).message})`,
    );
  }
  if (process.env.VK_DRIVER_FILES === environment.VK_DRIVER_FILES) return null;
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    env: { ...process.env, ...environment },
    stdio: 'inherit',
  });
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGINT', pass).on('SIGTERM', pass);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}
