/** Where a result file comes from: what is written beside the numbers, so that they can be made again. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { arch, availableParallelism, cpus, hostname, platform, release } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Device } from '../backend/webgpu/device.js';
import { version } from '../version.js';

/** A GPU, and the variant of double-float arithmetic that its probe found to be right. */
export interface Gpu {
  /** What its driver calls itself. */
  readonly name: string;
  readonly vendor: string;
  readonly architecture: string;
  /** Null where no variant is right. */
  readonly df64: string | null;
}

/** What a GPU is; its arithmetic is probed once more, which takes some compiling. */
export async function describedGpu(device: Device): Promise<Gpu> {
  const { probeDf64 } = await import('../backend/webgpu/probe.js');
  const { name, vendor, architecture } = device.adapter;
  const { variant } = await probeDf64(device);
  return { name, vendor, architecture, df64: variant?.name ?? null };
}

/** The commit of a clone; null of an installed package, which has its version alone. */
function commit(): string | null {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  if (!existsSync(join(root, '.git'))) return null;
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    // A clone on a machine without git.
    return null;
  }
}

/** A word as a shell reads it. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** @param gpu null where the CPU computed alone */
export function provenance(gpu: Gpu | null) {
  const [{ model } = { model: 'unknown' }] = cpus();
  return {
    program: 'quantum-mill',
    version,
    commit: commit(),
    created: new Date().toISOString(),
    command: ['qmill', ...process.argv.slice(2)].map(quoted).join(' '),
    host: {
      name: hostname(),
      system: `${platform()} ${release()} ${arch()}`,
      cpu: model,
      cores: availableParallelism(),
      engine: `node ${process.versions.node}`,
    },
    gpu,
  };
}

export type FileProvenance = ReturnType<typeof provenance>;
