/** Which kernel is the fastest is measured once on a machine, and never believed where it names none. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Choices } from '../../../src/backend/webgpu/choices.js';
import { choicesFile } from '../../../src/backend/webgpu/choicesFile.js';

const adapter = (description: string) =>
  ({ vendor: 'maker', architecture: 'kind', device: 'card', description }) as GPUAdapterInfo;
const NAMES = ['one', 'other'];

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qmill-choices-'));
  path = join(folder, 'not/yet/kernels.json');
});
afterEach(() => rm(folder, { recursive: true }));

/** What a process finds that opens an adapter, and how often it measures. */
async function run(description: string, finds: number, what = 'sums') {
  let measured = 0;
  const choices = new Choices(adapter(description), async () => choicesFile(path));
  const measure = async () => {
    measured++;
    return finds;
  };
  const place = await choices.fastest(what, NAMES, measure);
  expect(await choices.fastest(what, NAMES, measure)).toBe(place);
  return { place, measured, ...(await choices.known()) };
}

test('a choice is measured once, and known to the next process', async () => {
  expect(await run('driver 1', 1)).toMatchObject({ place: 1, measured: 1 });
  expect(await run('driver 1', 0)).toMatchObject({
    place: 1,
    measured: 0,
    choices: { sums: 'other' },
  });
});

test('another driver, and other sizes, are measured for themselves', async () => {
  await run('driver 1', 1);
  expect(await run('driver 2', 0)).toMatchObject({ place: 0, measured: 1 });
  expect(await run('driver 1', 0, 'more sums')).toMatchObject({ place: 0, measured: 1 });
  expect(await run('driver 1', 0)).toMatchObject({ place: 1, measured: 0 });
  expect(Object.values(JSON.parse(await readFile(path, 'utf8')))).toHaveLength(2);
});

test.each([
  { name: 'no JSON', text: '{' },
  { name: 'something else', text: '[1, 2]' },
  { name: 'a candidate that there is no more', text: null },
])('a file with $name is measured over', async ({ text }) => {
  await run('driver 1', 1);
  const kept = await readFile(path, 'utf8');
  await writeFile(path, text ?? kept.replace('other', 'third'));
  expect(await run('driver 1', 0)).toMatchObject({ place: 0, measured: 1 });
  expect(await run('driver 1', 1)).toMatchObject({ place: 0, measured: 0 });
  // Nothing else is left beside it.
  expect(await readdir(join(folder, 'not/yet'))).toEqual(['kernels.json']);
});

test('where nothing can be kept, it is measured in each process', async () => {
  await writeFile(join(folder, 'not'), '');
  expect(await run('driver 1', 1)).toMatchObject({ place: 1, measured: 1 });
  expect(await run('driver 1', 0)).toMatchObject({ place: 0, measured: 1 });
});
