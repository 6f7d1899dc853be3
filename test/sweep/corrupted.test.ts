/**
 * Plans and stores that something else has changed: right, or one line. QMILL_CORRUPTIONS=20 npx vitest run
 * test/sweep/corrupted.test.ts tries twenty times as many changes as by default.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseYaml, YamlError } from '../../src/cli/yaml.js';
import { ParameterError, UnknownKeyError } from '../../src/model/parameters.js';
import { StoreError } from '../../src/storage/errors.js';
import { readPlan } from '../../src/sweep/plan.js';
import { readResults } from '../../src/sweep/results.js';
import { CrashDisk } from '../support/crashDisk.js';
import { contents, FOLDER, sweep } from '../support/memorySweep.js';

/** @returns the value, or null where it was refused as a user expects it */
async function orRefused<T>(act: () => T | Promise<T>): Promise<T | null> {
  try {
    return await act();
  } catch (error) {
    const known = [ParameterError, UnknownKeyError, StoreError, YamlError];
    if (!known.some((kind) => error instanceof kind)) throw error;
    expect((error as Error).message).not.toContain('\n');
    return null;
  }
}

const TIMES = Number(process.env.QMILL_CORRUPTIONS ?? 1);

const share = fc.double({ min: 0, max: 1, noNaN: true });

/** A change of bytes: of some, from somewhere on, or of all of them. */
const change = fc.oneof(
  fc.record({
    kind: fc.constant('flip' as const),
    at: share,
    bit: fc.nat(7),
  }),
  fc.record({ kind: fc.constant('cut' as const), at: share }),
  fc.record({
    kind: fc.constant('insert' as const),
    at: share,
    bytes: fc.uint8Array({ minLength: 1, maxLength: 9 }),
  }),
  fc.record({ kind: fc.constant('zero' as const), at: share }),
);

function changed(bytes: Uint8Array, by: typeof change extends fc.Arbitrary<infer C> ? C : never) {
  const at = Math.min(bytes.length - 1, Math.floor(by.at * bytes.length));
  const next = Buffer.from(bytes);
  switch (by.kind) {
    case 'flip':
      next[at] ^= 1 << by.bit;
      return next;
    case 'cut':
      return next.subarray(0, at);
    case 'insert':
      return Buffer.concat([next.subarray(0, at), by.bytes, next.subarray(at)]);
    case 'zero':
      return next.fill(0, at);
  }
}

test('a plan with random changes is a plan, or is refused in one line', {
  timeout: 60_000 * TIMES,
}, async () => {
  const text = stringify({
    model: 'global',
    parameters: { B1: 4, cutoff: 'max-qubit' },
    axes: {
      'beta2/beta1': { linspace: { from: 0.3, to: 0.9, count: 4 } },
      lambda: [0.1, 0.2],
      g: [1, 2],
    },
    zip: [['lambda', 'g']],
    observables: ['heat', 'operation'],
    truncation: { lmin: -4, lmax: 5 },
    edgeTolerance: 1e-3,
  });
  const word = fc.constantFrom(
    ...text.split(/[\s:,[\]{}]+/),
    '&a',
    '*a',
    '<<',
    '- ',
    '? ',
    '|',
    '~',
    '.nan',
  );
  const edit = fc.record({
    at: fc.nat(text.length),
    length: fc.nat(6),
    by: fc.oneof(word, fc.string({ maxLength: 3 }), fc.constant('')),
  });
  let plans = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
      const written = edits.reduce(
        (now, { at, length, by }) => now.slice(0, at) + by + now.slice(at + length),
        text,
      );
      if ((await orRefused(() => readPlan(parseYaml(written)))) !== null) plans++;
    }),
    // Of what is random few are plans, and now and then none.
    { numRuns: 150 * TIMES, examples: [[[{ at: text.indexOf('0.9'), length: 3, by: '0.8' }]]] },
  );
  expect(plans).toBeGreaterThan(0);
});

const first = new CrashDisk(() => {});
await sweep(first);
const undisturbed = contents(first);
const results = await readResults(FOLDER, first);
const files = [...undisturbed.keys()];

/** A disk with the same store, of which a file is changed. */
async function withFile(path: string, bytes: Uint8Array | null): Promise<CrashDisk> {
  const disk = first.restarted();
  if (bytes === null) await disk.remove(path);
  else disk.put(path, bytes);
  return disk;
}

/** What a changed store gives a reader is the results or one line, and the sweep mends it or says why not. */
async function expectRightOrRefused(disk: CrashDisk, path: string): Promise<void> {
  const read = await orRefused(() => readResults(FOLDER, disk));
  if (read !== null) {
    const isMark = path.includes('/.batches/');
    // Without its mark a batch is yet to be solved.
    if (isMark && read.pending > 0) expect(read.variables.length).toBe(results.variables.length);
    else {
      const { solvers, damaged, ...rest } = read;
      expect({ ...rest, solvers: [...solvers, ...damaged].length }).toEqual({
        identity: results.identity,
        dimensions: results.dimensions,
        coordinates: results.coordinates,
        variables: results.variables,
        count: results.count,
        pending: 0,
        solvers: path.includes('/solvers/') ? expect.any(Number) : results.solvers.length,
      });
    }
  }
  const run = await orRefused(() => sweep(disk));
  if (run === null) {
    expect(path).toBe(`${FOLDER}/zarr.json`);
    return;
  }
  const mended = contents(disk);
  // Who computed is written with the next batch.
  for (const name of files) {
    if (!name.includes('/solvers/')) expect(mended.get(name), name).toBe(undisturbed.get(name));
  }
}

test('a store with random changes of any file gives the results or one line, and is mended', {
  timeout: 120_000 * TIMES,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...files), change, async (path, by) => {
      const bytes = Buffer.from(undisturbed.get(path) as string, 'hex');
      await expectRightOrRefused(await withFile(path, changed(bytes, by)), path);
    }),
    { numRuns: 50 * TIMES },
  );
});

test('so does one of which files are missing, or another file is in their place', {
  timeout: 120_000 * TIMES,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...files), fc.constantFrom(...files), async (path, other) => {
      const bytes = path === other ? null : Buffer.from(undisturbed.get(other) as string, 'hex');
      await expectRightOrRefused(await withFile(path, bytes), path);
    }),
    { numRuns: 60 * TIMES },
  );
});

test('so does one with any other JSON anywhere in its root', {
  timeout: 120_000 * TIMES,
}, async () => {
  const path = `${FOLDER}/zarr.json`;
  const text = Buffer.from(undisturbed.get(path) as string, 'hex').toString();
  const leaves: string[][] = [];
  const visit = (value: unknown, at: string[]) => {
    if (at.length > 0) leaves.push(at);
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) visit(inner, [...at, key]);
  };
  visit(JSON.parse(text), []);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...leaves),
      fc.jsonValue({ maxDepth: 2 }),
      async (at, value) => {
        const root = JSON.parse(text);
        const above = at.slice(0, -1).reduce((inner, key) => inner[key], root);
        above[at[at.length - 1]] = value;
        await expectRightOrRefused(await withFile(path, Buffer.from(JSON.stringify(root))), path);
      },
    ),
    { numRuns: 50 * TIMES },
  );
});
