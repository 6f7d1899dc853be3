/**
 * The newest peers in an environment of their own, which the study uses beside the system's:
 *
 *   npm run bench:peers:install
 *
 * Python 3.11 or newer is looked for in the variable PYTHON, then as python3.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const environment = here('environment');
const inside = process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python';

function run(program, ...args) {
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' });
  if (status === 0) return;
  console.error(`the peers are not installed: ${error?.message ?? `${program} ${args[1]} failed`}`);
  process.exit(1);
}

run(process.env.PYTHON ?? 'python3', '-m', 'venv', environment);
run(
  `${environment}/${inside}`,
  ...['-m', 'pip', 'install', '--disable-pip-version-check', '--requirement'],
  here('requirements.txt'),
);
