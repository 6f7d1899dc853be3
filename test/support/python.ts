/** A Python with the given modules, for tests that show what its users see. */
import { spawnSync } from 'node:child_process';

/** Debian's packages are for its own Python, which a PATH may hide. */
const interpreters = [process.env.PYTHON, '/usr/bin/python3', 'python3'];

/** The interpreter, or why there is none. */
export function pythonWith(
  ...modules: readonly string[]
): { readonly path: string } | { readonly missing: string } {
  for (const path of interpreters) {
    if (path === undefined) continue;
    const { status } = spawnSync(path, ['-c', `import ${modules.join(', ')}`]);
    if (status === 0) return { path };
  }
  return { missing: `no Python with ${modules.join(' and ')} on this machine` };
}

/** What a program prints. */
export function runPython(path: string, program: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(path, ['-c', program, ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
