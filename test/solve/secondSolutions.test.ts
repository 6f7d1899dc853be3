/** How a second steady state is noticed, with solvers and starts that are made up. */
import { describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { lindbladian } from '../../src/generator/lindbladian.js';
import { spectrumBounds } from '../../src/generator/spectrumBounds.js';
import { device } from '../../src/model/device.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { NonUniqueSteadyStateError } from '../../src/solve/conservingElimination.js';
import { populationIndices, traceBy } from '../../src/solve/iterate.js';
import type { LinearSolver, LinearSystem, Stopping } from '../../src/solve/linearSolver.js';
import type { Refined } from '../../src/solve/refinedNullVector.js';
import {
  isSingular,
  largestDifference,
  relaxationTime,
  requireSame,
  requireUnique,
} from '../../src/solve/uniqueness.js';
import { norm } from '../support/vectors.js';

/** The CPU, with a count of the vectors that nobody has released. */
function counted() {
  const cpu = cpuBackend();
  const held = new Set<Float64Array>();
  const keep = (vector: Float64Array) => {
    held.add(vector);
    return vector;
  };
  const backend: typeof cpu = {
    ...cpu,
    upload: async (elements) => keep(await cpu.upload(elements)),
    allocate: async (length) => keep(await cpu.allocate(length)),
    release: (vector) => {
      held.delete(vector);
      cpu.release(vector);
    },
  };
  return { backend, held };
}

const { system: open } = device(deviceParameters({}), rotorWindow(-1, 1));
const { total } = lindbladian(open, 'full');
const { size } = total.space;
/** What populations lead to. */
const { space: ledTo } = lindbladian(open, 'sector').total;
const populations = populationIndices(total);
const { imaginary, decay } = spectrumBounds(total);

/** The even mixture, which is taken for the null vector. */
const even = new Float64Array(2 * size);
for (const at of populations) even[at] = 1 / populations.length;

const refined = (changes: Partial<Refined> = {}): Refined => ({
  ...{ elements: even, residual: 1e-15, floor: 1e-15, arithmetic: 'float64', iterations: 3 },
  ...{ passes: 1, converged: true, stopped: false },
  ...changes,
});

/** M = 1/inverse: a number, and no remainder. */
function scaled(inverse: number) {
  const { backend, held } = counted();
  const system: LinearSystem<Float64Array> = {
    ...{ backend, size, remainder: null },
    inverse: {
      apply: async (x, y) => {
        await backend.copy(x, y);
        await backend.scale({ re: inverse, im: 0 }, y);
      },
      release: () => {},
    },
  };
  return { system, held };
}

/** Answers `time` times what it is asked, and `share` of the even mixture, at a residual. */
function made(time: number, residual = 0, share = 0) {
  const asked: { right: Float64Array; stopping: Stopping }[] = [];
  const solver: LinearSolver = async ({ backend }, right, x, stopping) => {
    const host = await backend.download(right, size);
    asked.push({ right: Float64Array.from(host), stopping });
    await backend.copy(right, x);
    await backend.scale({ re: time, im: 0 }, x);
    const mixture = await backend.upload(even);
    await backend.axpy({ re: share, im: 0 }, mixture, x);
    backend.release(mixture);
    const goes = await stopping.onIteration?.(1, residual);
    return { iterations: 1, residual: goes === false ? 1 : residual };
  };
  return { solver, asked };
}

const going = async () => true;

/** Elements that are no populations: Hermitian, and no others than populations lead to. */
function expectCoherences(x: Float64Array): void {
  const { space } = total;
  const { classes } = space;
  const led = ledTo.classes.map(({ ket, bra, delta }) => space.find(ket, bra, delta));
  let coherences = 0;
  classes.forEach(({ ket, bra, delta, offset, length }, c) => {
    if (ket === bra && delta === 0) return;
    const mirror = classes[space.find(bra, ket, -delta)].offset;
    for (let p = 0; p < length; p++) {
      const [re, im] = [x[2 * (offset + p)], x[2 * (offset + p) + 1]];
      expect([x[2 * (mirror + p)], x[2 * (mirror + p) + 1]]).toEqual([re, im === 0 ? im : -im]);
      expect(re !== 0 && im !== 0).toBe(led.includes(c));
      coherences += Number(re !== 0);
    }
  });
  expect(coherences).toBeGreaterThan(0);
}

/** For a disturbance of norm 1, of which populations are a part. */
const toleranceFor = (right: Float64Array): number =>
  (0.01 / Math.sqrt(12)) * norm(Float64Array.from(populations, (at) => right[at]));

describe('the time of a disturbance', () => {
  test('is by how much L⁻¹ enlarges what has trace 0 and norm 1, whatever multiple of ρ comes with it', async () => {
    const { system, held } = scaled(1);
    const { solver, asked } = made(40, 0, 7);
    expect(await relaxationTime(total, even, solver, system, 25, going)).toBeCloseTo(40, 10);
    const [{ right, stopping }] = asked;
    expect(norm(right)).toBeCloseTo(1, 12);
    expect(Math.abs(traceBy(populations, right))).toBeLessThan(1e-14);
    expectCoherences(right);
    expect(Math.min(...right)).toBeLessThan(0);
    expect(stopping.iterations).toBe(25);
    expect(stopping.patience).toBe(25);
    // One conserved quantity among n random populations has about 1/√n of them.
    expect(stopping.tolerance).toBeCloseTo(toleranceFor(right), 12);
    expect(held.size).toBe(0);
  });

  test('is not known where the solver has not come to the tolerance', async () => {
    const { system, held } = scaled(1);
    const time = (residual: number) =>
      relaxationTime(total, even, made(40, residual).solver, system, 25, going);
    const { solver, asked } = made(1);
    await relaxationTime(total, even, solver, system, 25, going);
    const at = asked[0].stopping.tolerance;
    expect(await time(at)).toBeCloseTo(40, 10);
    expect(await time(1.01 * at)).toBeNull();
    expect(await time(Number.NaN)).toBeNull();
    expect(held.size).toBe(0);
  });
});

test('M is singular where its inverse enlarges a disturbance by a share of 1/ε of 1/‖L‖', async () => {
  const limit = 1e-3 / Number.EPSILON / (imaginary + decay);
  for (const [inverse, singular] of [
    [0.9 * limit, false],
    [1.1 * limit, true],
    [Number.NaN, true],
  ] as const) {
    const { system, held } = scaled(inverse);
    expect(await isSingular(total, system)).toBe(singular);
    expect(held.size).toBe(0);
  }
});

test('the largest difference is found wherever it is, and whatever its sign', () => {
  const a = Float64Array.of(1, 2, 3);
  expect(largestDifference(a, Float64Array.of(1, 2, 3))).toBe(0);
  expect(largestDifference(a, Float64Array.of(5, 2, 3))).toBe(4);
  expect(largestDifference(a, Float64Array.of(1, 2, -3))).toBe(6);
});

describe('another start', () => {
  const off = (by: number) => even.map((x, i) => (i === populations[1] ? x + by : x));

  test('is a matrix whose populations are not even', async () => {
    let start = new Float64Array(0);
    await requireSame(total, refined(), async (from) => {
      start = Float64Array.from(from);
      return refined();
    });
    expect(start).toHaveLength(2 * size);
    expect(traceBy(populations, start)).toBeCloseTo(1, 12);
    for (const at of populations) expect(start[at]).toBeGreaterThan(0);
    expectCoherences(start);
    expect(largestDifference(start, even)).toBeGreaterThan(0.01);
  });

  test('has to come to the same', async () => {
    const ends = (other: Partial<Refined>) =>
      requireSame(total, refined(), async () => refined(other));
    expect(await ends({ elements: off(0.9e-3) })).toBe(true);
    await expect(ends({ elements: off(1.1e-3) })).rejects.toThrow('differ by 0.001');
    await expect(ends({ elements: off(-0.5) })).rejects.toThrow(NonUniqueSteadyStateError);
    await expect(ends({ converged: false, residual: 3e-5 })).rejects.toThrow('residual of 3e-5');
    expect(await ends({ converged: false, stopped: true })).toBe(false);
  });
});

describe('a null vector is the only one', () => {
  const check = (
    found: Refined,
    solver: LinearSolver,
    onIteration?: (iterations: number) => Promise<boolean>,
    other = refined({ converged: false }),
  ) => requireUnique(total, found, solver, scaled(1).system, async () => other, onIteration);

  test('where the time of a disturbance times what is left of L ρ is small', async () => {
    const { solver } = made(1e10);
    const { relaxation } = await check(refined({ residual: 0.9e-13 }), solver);
    expect(relaxation).toBeCloseTo(1e10, -2);
    await expect(check(refined({ residual: 1.1e-13 }), solver)).rejects.toThrow('time of 1e+10');
    await expect(check(refined({ floor: 1.1e-13 }), solver)).rejects.toThrow('as far as float64');
  });

  test('of a solver that needs no iteration, too', async () => {
    const none: LinearSolver = async () => ({ iterations: 0, residual: 0 });
    expect(await check(refined(), none)).toEqual({ relaxation: 0, isKnown: true });
  });

  test('or where another start ends there, if the solver does not find out', async () => {
    const { solver } = made(1, 1);
    const found = await check(refined(), solver, undefined, refined());
    expect(found).toEqual({ relaxation: null, isKnown: true });
    await expect(check(refined(), solver)).rejects.toThrow('another start comes to no state');
  });

  test('as far as is known, where the search was stopped', async () => {
    const seen: number[] = [];
    const stop = async (n: number) => {
      seen.push(n);
      return false;
    };
    const unknown = { relaxation: null, isKnown: false };
    expect(await check(refined(), made(1).solver, stop)).toEqual(unknown);
    expect(seen).toEqual([1]);
    const { relaxation, isKnown } = await check(refined(), made(5).solver, going);
    expect(relaxation).toBeCloseTo(5, 12);
    expect(isKnown).toBe(true);
  });

  test.each([
    [3, 10],
    [70, 70],
  ])('after %d iterations to it, the solver has %d', async (iterations, most) => {
    const { solver, asked } = made(1);
    await check(refined({ iterations }), solver);
    expect(asked[0].stopping.iterations).toBe(most);
  });
});
