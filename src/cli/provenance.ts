/** Where a result file comes from: what is written beside the numbers, so that they can be made again. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { arch, availableParallelism, cpus, hostname, platform, release } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DescribedGpu } from '../backend/record.js';
import { version } from '../version.js';

/** The commit of a clone; null of an installed package, which has its version alone. */
export function commit(): string | null {
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
export function provenance(gpu: DescribedGpu | null) {
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
