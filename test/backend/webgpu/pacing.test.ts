/** Dawn's polling: at once at first, with pauses later, and nobody else's. */
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { paceDawn } from '../../../src/backend/webgpu/pacing.js';

const before = { setImmediate: globalThis.setImmediate, setTimeout: globalThis.setTimeout };
let now = 0;
const pauses: number[] = [];
beforeEach(() => {
  now = 0;
  pauses.length = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  globalThis.setTimeout = ((run: () => void, milliseconds: number) => {
    pauses.push(milliseconds);
    return before.setImmediate(run);
  }) as unknown as typeof setTimeout;
  paceDawn();
});
afterEach(() => {
  Object.assign(globalThis, before);
  vi.restoreAllMocks();
});

/** A callback that looks like one of native code, as what is bound does; asks `times` times, 1 ms apart. */
const polling = (times: number) =>
  new Promise<void>((resolve) => {
    let left = times;
    const look = function look(this: void) {
      now += 1;
      if (--left === 0) resolve();
      else setImmediate(look.bind(undefined));
    };
    setImmediate(look.bind(undefined));
  });

test('what waits for long is asked after pauses', async () => {
  await polling(10);
  expect(pauses).toEqual([1, 1, 1, 1, 1, 1]);
});

test('what comes soon is not, each time anew', async () => {
  for (let time = 0; time < 3; time++) await polling(4);
  expect(pauses).toEqual([]);
});

test('other callers keep their turns, arguments and promises', async () => {
  await polling(6);
  const told = pauses.length;
  const value = await new Promise((resolve) => setImmediate((a, b) => resolve([a, b]), 1, 2));
  expect(value).toEqual([1, 2]);
  expect(await promisify(setImmediate)(3)).toBe(3);
  expect(pauses).toHaveLength(told);
});
