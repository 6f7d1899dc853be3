/** Checkpoints: what was written, or one line. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { collideCheckpoint } from '../../src/cli/collideCheckpoint.js';
import { evolveCheckpoint } from '../../src/cli/evolveCheckpoint.js';
import {
  readCheckpoint as readSteady,
  writeCheckpoint as writeSteady,
} from '../../src/cli/steadyCheckpoint.js';
import { trajectoriesCheckpoint } from '../../src/cli/trajectoriesCheckpoint.js';
import { deviceParameters, ParameterError } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { steadyStateOn } from '../../src/simulate/steady.js';
import {
  type CheckpointKind,
  readCheckpoint,
  writeCheckpoint,
} from '../../src/storage/checkpoint.js';
import { pack, unpack } from '../../src/storage/packed.js';
import { version } from '../../src/version.js';
import { qmill } from '../support/commandLine.js';
import { CrashDisk } from '../support/crashDisk.js';

const folder = mkdtempSync(join(tmpdir(), 'qmill-checkpoint-'));
const file = join(folder, 'run.checkpoint');
afterAll(() => rmSync(folder, { recursive: true }));

const anything: CheckpointKind<unknown> = {
  command: 'evolve',
  field: 'checkpoint',
  state: z.unknown(),
};

/** A file that nobody but a forger writes: any content under a right checksum. */
function forge(content: unknown, numbers = new Uint8Array(0)): void {
  const rest = Buffer.concat([Buffer.from(`${JSON.stringify(content)}\n`), numbers]);
  const hash = createHash('sha256').update(rest).digest('hex');
  writeFileSync(file, Buffer.concat([Buffer.from(`quantum-mill checkpoint 2 ${hash}\n`), rest]));
}

async function refusal(reading: Promise<unknown>): Promise<string> {
  const error = await reading.then(
    (value) => expect.fail(`read ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ParameterError);
  const { message } = error as Error;
  expect(message).not.toContain('\n');
  return message;
}

test('any plain data comes back number for number', async () => {
  const number = fc.double();
  const data = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,5}$/),
    fc.oneof(
      number,
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.array(number, { maxLength: 20 }),
      fc.array(number, { maxLength: 20 }).map((all) => Float64Array.from(all)),
      fc.array(fc.record({ t: number, x: fc.array(number, { minLength: 8, maxLength: 9 }) })),
    ),
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(data, (value) => {
      const { json, parts } = pack(value);
      const back = unpack(json, Buffer.concat(parts));
      // JSON has no −0, which is kept in long lists only.
      expect(JSON.stringify(back)).toBe(JSON.stringify(value));
    }),
  );
  const state = {
    a: Float64Array.of(Number.NaN, -0, 5e-324),
    b: [1 / 3, Number.POSITIVE_INFINITY],
  };
  await writeCheckpoint(file, anything, { beta: 1 }, state);
  expect(await readCheckpoint(file, anything, { beta: 1 })).toEqual(state);
  expect(readdirSync(folder)).toEqual(['run.checkpoint']);
});

test('no bit of a file may change', async () => {
  await writeCheckpoint(
    file,
    anything,
    { beta: 1 },
    { x: Float64Array.of(1, 2, 3), y: [4, 'five'] },
  );
  const bytes = readFileSync(file);
  for (let i = 0; i < bytes.length; i++) {
    const changed = Buffer.from(bytes);
    changed[i] ^= 1 << (i % 8);
    writeFileSync(file, changed);
    await refusal(readCheckpoint(file, anything, { beta: 1 }));
    writeFileSync(file, bytes.subarray(0, i));
    await refusal(readCheckpoint(file, anything, { beta: 1 }));
  }
  writeFileSync(file, Buffer.concat([bytes, Buffer.of(0)]));
  expect(await refusal(readCheckpoint(file, anything, { beta: 1 }))).toContain('its checksum');
  writeFileSync(file, Buffer.alloc(bytes.length));
  expect(await refusal(readCheckpoint(file, anything, { beta: 1 }))).toContain('this is none');
});

test('a crash or a full disk at any operation leaves the earlier one or the new one', async () => {
  const path = '/run.checkpoint';
  const states = [1, 2].map((n) => ({ n, x: new Float64Array(100).fill(n) }));
  const [first, second] = states;
  const counted = new CrashDisk(() => {});
  await writeCheckpoint(path, anything, {}, first, counted);
  const before = counted.operations;
  await writeCheckpoint(path, anything, {}, second, counted);
  for (let place = before + 1; place <= counted.operations; place++) {
    for (let chance = 0; chance < 1; chance += 0.1) {
      const disk: CrashDisk = new CrashDisk(
        (operation) => {
          if (operation === place) disk.crash();
        },
        () => chance,
      );
      await writeCheckpoint(path, anything, {}, first, disk);
      await expect(writeCheckpoint(path, anything, {}, second, disk)).rejects.toThrow();
      expect(states).toContainEqual(await readCheckpoint(path, anything, {}, disk.restarted()));
    }
    const full = new CrashDisk((operation) => {
      if (operation === place) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    });
    await writeCheckpoint(path, anything, {}, first, full);
    await expect(writeCheckpoint(path, anything, {}, second, full)).rejects.toThrow(
      'cannot write /run.checkpoint: the disk is full (ENOSPC)',
    );
    expect(states).toContainEqual(await readCheckpoint(path, anything, {}, full));
    expect((await full.list('/'))?.sort()).toEqual(['run.checkpoint']);
  }
});

test('one of another run, command, version or format is refused with what differs', async () => {
  const read = (kind: CheckpointKind<unknown> = anything) =>
    refusal(readCheckpoint(file, kind, { device: { beta: 1 }, times: [1, 2] }));
  await writeCheckpoint(file, anything, { device: { beta: 2 }, times: [1, 2] }, {});
  expect(await read()).toContain("another 'beta': 2 there, 1 here");
  await writeCheckpoint(file, anything, { device: { beta: 1 } }, {});
  expect(await read()).toContain("another 'times': absent there, [1,2] here");
  await writeCheckpoint(file, { ...anything, command: 'collide' }, {}, {});
  expect(await read()).toContain('of qmill collide');
  forge({ version: '0.0.1', command: 'evolve', request: {}, state: {} });
  expect(await read()).toContain('of quantum-mill 0.0.1');
  writeFileSync(file, `quantum-mill checkpoint 3 ${'0'.repeat(64)}\n`);
  expect(await read()).toContain('of format 3, not 2');
});

describe('of each command, forged', () => {
  const times = [1, 2];
  const zero = (...names: string[]) => Object.fromEntries(names.map((name) => [name, 0]));
  const snapshot = {
    t: 1,
    heat: zero('Q1', 'Q2', 'Qr'),
    work: zero('WQ'),
    rotor: { Lz: 0, populations: [0, 1, 0] },
    qubits: { populations: [1, 0, 0, 0] },
    power: zero('kinetic', 'intrinsic', 'backAction', 'net'),
    ...zero('dU', 'firstLaw', 'traceError', 'smallestEigenvalue', 'edgeLow', 'edgeHigh'),
  };
  const moments = { count: 3, means: new Float64Array(18), squares: new Float64Array(18) };
  const record = {
    ...zero('t', 'Q1', 'Q2', 'Qr', 'WQ', 'dU', 'entropyProduction', 'n1', 'n2', 'Lz', 'Lz2'),
    step: 1,
  };
  const states = [
    [
      evolveCheckpoint(times),
      {
        ...{ lmin: -1, lmax: 1, snapshots: [snapshot], states: [], largestEdge: 0, bandEdge: 0 },
        ...{ dmax: 2, progressed: { parts: [{ t: 1, h: 1, elements: [0, 1] }] } },
      },
    ],
    [
      collideCheckpoint(5),
      { lmin: -1, lmax: 1, elements: [1], step: 1, records: [record], edgeLow: 0, edgeHigh: 0 },
    ],
    [
      trajectoriesCheckpoint(2, 10, 15),
      {
        ...{ lmin: -1, lmax: 1, moments: [moments, moments] },
        pieces: [{ first: 3, moments: [moments, moments] }],
      },
    ],
  ] as unknown as [CheckpointKind<unknown>, Record<string, unknown>][];

  test.each(states.map((one) => [one[0].command, ...one] as const))(
    '%s',
    async (_, kind, state) => {
      const read = () => readCheckpoint(file, kind, {});
      await writeCheckpoint(file, kind, {}, state);
      expect(await read()).toEqual(state);
      const whole = { version, command: kind.command, request: {} };
      for (const content of [null, [], {}, 7, whole, { ...whole, state: 7, more: 1 }]) {
        forge(content);
        expect(await refusal(read())).toContain('this one is damaged at');
      }
      const wrong: unknown[] = [[], {}, 7, 'x', { ...state, more: 1 }, { ...state, lmax: -1 }];
      for (const key of Object.keys(state)) {
        const { [key]: __, ...rest } = state;
        wrong.push(rest, { ...state, [key]: null }, { ...state, [key]: 'x' });
        wrong.push({ ...state, [key]: Number.NaN }, { ...state, [key]: [{}] });
      }
      for (const one of wrong) {
        await writeCheckpoint(file, kind, {}, one);
        expect(await refusal(read()), JSON.stringify(one)).toContain('this one is damaged at');
      }
      forge({ ...whole, state: { $: 'float64', n: 1e15 } });
      expect(await refusal(read())).toContain('numbers are missing');
      forge({ ...whole, state: {} }, new Uint8Array(8));
      expect(await refusal(read())).toContain('there are numbers left');
    },
  );

  test('trajectories with pieces that do not fit together', async () => {
    const kind = trajectoriesCheckpoint(1, 100, 15);
    const of = (count: number) => [{ ...moments, count }];
    const write = (pieces: unknown) =>
      writeCheckpoint(file, kind, {}, { lmin: -1, lmax: 1, moments: of(3), pieces } as never);
    await write([
      { first: 3, moments: of(50) },
      { first: 53, moments: of(47) },
    ]);
    expect((await readCheckpoint(file, kind, {}))?.pieces).toHaveLength(2);
    for (const wrong of [
      [{ first: 2, moments: of(1) }],
      [{ first: 4, moments: of(1) }],
      [{ first: 3, moments: of(51) }],
      [{ first: 53, moments: of(48) }],
      [{ first: 103, moments: of(1) }],
      [{ first: 3, moments: of(0) }],
      [
        { first: 3, moments: of(1) },
        { first: 3, moments: of(2) },
      ],
    ]) {
      await write(wrong);
      expect(await refusal(readCheckpoint(file, kind, {}))).toContain('this one is damaged at');
    }
  });

  test('steady', async () => {
    const parameters = deviceParameters();
    const { rho } = steadyStateOn(parameters, rotorWindow(-3, 3));
    await writeSteady(file, parameters, rho, 7);
    const found = await readSteady(file, parameters);
    expect([found.iterations, found.rho.elements]).toEqual([7, rho.elements]);
    const { elements, space } = rho;
    for (const wrong of [
      { space, elements: elements.slice(2) },
      { space, elements: elements.map((x) => x / 0) },
      { space: { ...space, classes: [] }, elements },
      { space: { ...space, classes: space.classes.map(() => space.classes[0]) }, elements },
      { space: { ...space, window: { lmin: 0, lmax: 0, size: 1 } }, elements },
    ]) {
      await writeSteady(file, parameters, wrong, 7);
      expect(await refusal(readSteady(file, parameters))).toContain('this one is damaged at');
    }
  });
});

test.each([
  ['evolve', '--checkpoint', ['--times', '1']],
  ['collide', '--checkpoint', []],
  ['trajectories', '--checkpoint', ['--times', '1']],
  ['steady', '--resume', ['--V', '1']],
])('qmill %s refuses a damaged one in one line', (command, option, more) => {
  writeFileSync(file, '{"request": {}}');
  const { status, stdout, stderr } = qmill([command, ...more, option, file]);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toContain('must be a checkpoint of the same run (this is none)');
  expect(readFileSync(file, 'utf8')).toBe('{"request": {}}');
});
