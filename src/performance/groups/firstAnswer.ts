/** What the first answer of a process takes: nothing is compiled yet. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BackendName } from '../../backend/registry.js';
import type { DeviceParameters } from '../../model/parameters.js';
import { timingOf } from '../measure.js';
import { admitted, type Group } from '../row.js';
import type { Settings } from '../study.js';

export const TOLERANCE = 1e-9;
export const ORACLE = 'the first law, of the largest flow';

const program = fileURLToPath(new URL('../coldSteady.js', import.meta.url));

interface Answer {
  readonly seconds: number;
  readonly adapter: string | null;
  readonly error: number;
}

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

/** @throws {Error} where a process has no answer, with its words */
export function firstAnswerRow({ onRow }: Settings, asked: FirstAnswer): void {
  const { group, task, solver, N, backend, changes = {}, processes } = asked;
  const answers = Array.from({ length: processes }, () => {
    const args = [program, String(N), backend, JSON.stringify(changes)];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr.match(/Error: .*/)?.[0] ?? stderr);
    return JSON.parse(stdout) as Answer;
  });
  onRow(
    admitted({
      ...{ group, solver, N, oracle: ORACLE, tolerance: TOLERANCE },
      task: `${task}, cold: the first of a process`,
      adapter: answers[0].adapter,
      error: Math.max(...answers.map(({ error }) => error)),
      seconds: timingOf(answers.map(({ seconds }) => seconds)),
    }),
  );
}
