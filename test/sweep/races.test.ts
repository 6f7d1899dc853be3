/**
 * Several processes at one store at the same time. QMILL_RACES=100 npx vitest run test/sweep/races.test.ts runs
 * a hundred races; by default a few, to save time.
 */
import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { main, qmill } from '../support/commandLine.js';
import { complaints, contentsOf, workshop } from '../support/sweeps.js';

const RACES = Number(process.env.QMILL_RACES ?? 2);
const PROCESSES = 4;

const { path, plan, clear } = workshop();
afterAll(clear);

const file = plan('plan.yaml', {
  axes: {
    'beta2/beta1': { linspace: { from: 0.3, to: 0.8, count: 20 } },
    lambda: { logspace: { from: 0.02, to: 0.1, count: 30 } },
  },
  observables: ['heat', 'rotor.Lz', 'operation'],
  truncation: { lmin: -8, lmax: 9 },
  edgeTolerance: 0.9,
  batch: 30,
});

expect(qmill(['sweep', file, '--out', path('undisturbed')]).status).toBe(0);
const undisturbed = contentsOf(path('undisturbed'));

/** Lehmer's generator: the same races in every run, as far as a machine's clock allows. */
let seed = 16;
const random = () => {
  seed = (seed * 48271) % 2147483647;
  return seed / 2147483647;
};

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** Runs a sweep that starts so many milliseconds from now, and may be killed later. */
async function runner(
  flags: readonly string[],
  delay: number,
  kill: number | null,
): Promise<Ended> {
  await sleep(delay);
  const args = [main, 'sweep', file, '--out', path('raced'), '--workers', '1', ...flags];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  if (kill !== null) {
    await Promise.race([ended, sleep(kill)]);
    child.kill('SIGKILL');
  }
  return { code: await ended, stderr };
}

/** Whoever is not killed either computes, or says in one line that another one does. */
function expectClear({ code, stderr }: Ended): void {
  const lines = complaints(stderr).filter((line) => !line.startsWith('waiting: '));
  if (code === null || code === 0) {
    expect(lines).toEqual([]);
    return;
  }
  expect(code).toBe(1);
  expect(lines).toEqual([
    expect.stringMatching(/^error: .*raced.* is in use: process \d+ on .* writes it$/),
  ]);
}

/** What a store that nobody writes any more holds, whole or not. */
const finished = () =>
  existsSync(path('raced'))
    ? [...contentsOf(path('raced'))].filter(([name]) => !name.startsWith('.writers'))
    : [];

const kinds = ['the same sweep', 'waiting', 'shards', 'one killed'] as const;

test(`${RACES} races of ${PROCESSES} processes: one writes each part, and the store is as if alone`, {
  timeout: 60_000 + RACES * 120_000,
}, async () => {
  const outcomes = { computed: 0, refused: 0, killed: 0 };
  for (let race = 0; race < RACES; race++) {
    const kind = kinds[race % kinds.length];
    const spread = [0, 50, 700][Math.floor(random() * 3)];
    const runners = Array.from({ length: PROCESSES }, (_, i) => {
      const shard = kind === 'shards' ? ['--shard', ['1/2', '2/2', '1/2', '1/1'][i]] : [];
      const wait = kind === 'waiting' || (kind === 'shards' && race % 8 === 2) ? ['--wait'] : [];
      const kill = kind === 'one killed' && i === 0 ? 500 + 2500 * random() : null;
      return runner([...shard, ...wait], spread * random(), kill);
    });
    const all = await Promise.all(runners);
    for (const one of all) {
      expectClear(one);
      outcomes[one.code === 0 ? 'computed' : one.code === null ? 'killed' : 'refused']++;
    }
    for (const [name, hash] of finished()) expect(undisturbed.get(name), name).toBe(hash);
    if (kind === 'waiting') expect(all.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    // What was refused or killed may be missing; the same command completes it.
    const last = qmill(['sweep', file, '--out', path('raced'), '--workers', '1']);
    expect(complaints(last.stderr)).toEqual([]);
    expect(last.status).toBe(0);
    expect(contentsOf(path('raced'))).toEqual(undisturbed);
    rmSync(path('raced'), { recursive: true });
    if ((race + 1) % 10 === 0) console.log(`${race + 1} races: ${JSON.stringify(outcomes)}`);
  }
  expect(outcomes.computed).toBeGreaterThan(0);
  if (RACES > 10) expect(outcomes.refused).toBeGreaterThan(0);
});
