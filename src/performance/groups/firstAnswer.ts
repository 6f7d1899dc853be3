/** What the first answer of a process takes, with code that was kept of processes before it, and without. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BackendName } from '../../backend/registry.js';
import type { DeviceParameters } from '../../model/parameters.js';
import type { FirstSteady } from '../firstSteady.js';
import { timingOf } from '../measure.js';
import { admitted, type Group } from '../row.js';
import type { Settings } from '../study.js';

export const TOLERANCE = 1e-9;
export const ORACLE = 'the first law, of the largest flow';

const program = fileURLToPath(new URL('../coldSteady.js', import.meta.url));

export interface FirstAnswer {
  readonly group: Group;
  readonly task: string;
  readonly solver: string;
  readonly N: number;
  readonly backend: BackendName;
  /** What differs from the paper's device. */
  readonly changes?: Partial<DeviceParameters>;
  /** How many processes answer. */
  readonly processes: number;
}

/** How rows call it, and what such processes are told. */
const KINDS = [
  { called: 'cold: the first of a process', environment: {} },
  {
    called: 'cold: the first of a process that has no kept code',
    environment: { NODE_DISABLE_COMPILE_CACHE: '1' },
  },
];

/** @throws {Error} where a process has no answer, with its words */
export function firstAnswerRows({ onRow }: Settings, asked: FirstAnswer): void {
  const { group, task, solver, N, backend, changes = {}, processes } = asked;
  const args = [program, String(N), backend, JSON.stringify(changes)];
  for (const { called, environment } of KINDS) {
    const env = { ...process.env, ...environment };
    const answers = Array.from({ length: processes }, () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, args, {
        encoding: 'utf8',
        env,
      });
      if (status !== 0) throw new Error(stderr.match(/Error: .*/)?.[0] ?? stderr);
      return JSON.parse(stdout) as FirstSteady;
    });
    onRow(
      admitted({
        ...{ group, solver, N, oracle: ORACLE, tolerance: TOLERANCE },
        task: `${task}, ${called}`,
        adapter: answers[0].adapter,
        error: Math.max(...answers.map(({ error }) => error)),
        seconds: timingOf(answers.map(({ seconds }) => seconds)),
      }),
    );
  }
}
