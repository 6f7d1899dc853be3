import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main, qmill } from '../support/commandLine.js';
import { complaints, contentsOf, workshop } from '../support/sweeps.js';

const { path, plan, clear } = workshop();
afterAll(clear);

const file = plan('plan.yaml', {
  axes: { lambda: { logspace: { from: 0.02, to: 0.1, count: 4000 } } },
  observables: ['heat', 'rotor.Lz'],
  truncation: { lmin: -4, lmax: 5 },
  edgeTolerance: 0.9,
  batch: 200,
});
const disk = path('disk');
const results = `${disk}/results`;

/** A mount of one's own needs a user namespace, or root. */
const namespaces = [['--mount', '--map-root-user'], ['--mount']].find(
  (flags) => spawnSync('unshare', [...flags, 'mount', '-t', 'tmpfs', 'x', '/mnt']).status === 0,
);
const missing = 'a file system of its own cannot be mounted here';

/** Runs a sweep where `disk` is a file system of the given kind, holding a copy of a store. */
function sweepOn(options: string, before: string, after: string) {
  const run = `'${process.execPath}' '${main}' sweep '${file}' --out '${results}'`;
  const script = `mount -t tmpfs -o ${options} tmpfs '${disk}'
    cp -r '${path('part')}'/. '${results}'
    ${before}
    ${run}; status=$?
    ${after}
    mkdir -p '${path('left')}' && rm -rf '${path('left')}'/* && cp -r '${results}'/. '${path('left')}'
    exit $status`;
  const { status, stderr } = spawnSync('unshare', [...(namespaces ?? []), 'sh', '-c', script], {
    encoding: 'utf8',
  });
  return { status, stderr };
}

const undisturbed = () => contentsOf(path('whole'));

beforeAll(() => {
  mkdirSync(disk);
  expect(qmill(['sweep', file, '--out', path('whole')]).status).toBe(0);
  expect(qmill(['sweep', file, '--out', path('part'), '--shard', '1/4']).status).toBe(0);
});

/** Nothing that was there is lost, and nothing is there that is not whole. */
function expectNothingLost(): void {
  const left = contentsOf(path('left'));
  for (const [name, hash] of left) {
    if (!name.startsWith('.writers')) expect(undisturbed().get(name), name).toBe(hash);
  }
  for (const name of contentsOf(path('part')).keys()) expect(left.has(name), name).toBe(true);
}

describe.runIf(process.platform === 'linux')('a disk', () => {
  test('that is full: one clear line, nothing lost, and the sweep goes on when there is room', ({
    skip,
  }) => {
    if (namespaces === undefined) return skip(missing);
    // Room for the store so far and a little more; files are whole pages there.
    const { status, stderr } = sweepOn('size=640k', '', '');
    expect(stderr).toContain('the disk is full (ENOSPC)');
    expect(complaints(stderr)).toHaveLength(1);
    expect(status).toBe(1);
    expectNothingLost();
    const resumed = path('resumed');
    cpSync(path('left'), resumed, { recursive: true });
    expect(qmill(['sweep', file, '--out', resumed]).status).toBe(0);
    expect(contentsOf(resumed)).toEqual(undisturbed());
  });

  test('that is read-only: one clear line', ({ skip }) => {
    if (namespaces === undefined) return skip(missing);
    const { status, stderr } = sweepOn(
      'size=10m',
      `mount -o remount,ro '${disk}'`,
      `mount -o remount,rw '${disk}'`,
    );
    expect(stderr).toContain('the file system is read-only (EROFS)');
    expect(complaints(stderr)).toHaveLength(1);
    expect(status).toBe(1);
    expectNothingLost();
    expect(existsSync(results)).toBe(false);
  });
});
