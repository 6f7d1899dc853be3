import { describe, expect, test } from 'vitest';
import {
  checkCollisions,
  checkEvolution,
  checkSteady,
  checkTrajectories,
  collisionSeconds,
  type EvolutionCost,
  jumpRate,
  type Resources,
  readThreads,
} from '../../src/cli/limits.js';
import { oscillators } from '../../src/model/collision.js';
import { type DeviceInput, deviceParameters, ParameterError } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { cpuSeconds } from '../support/cpuTime.js';

const machine: Resources = { memory: 8e9, heap: 2e9, cores: 2 };

const refusal = (act: () => unknown): string => {
  const begin = cpuSeconds();
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(ParameterError);
    return (error as Error).message;
  } finally {
    expect(cpuSeconds() - begin).toBeLessThan(2);
  }
  return '';
};

/** What a refusal names as allowed is allowed. */
const named = (message: string, pattern: RegExp): number => {
  const found = pattern.exec(message)?.[1];
  expect(found, message).toBeDefined();
  return Number(found);
};

test('threads: no more than four for each core', () => {
  const read = (given: unknown) => readThreads('workers', given, machine);
  expect([undefined, '1', 8].map(read)).toEqual([2, 1, 8]);
  for (const wrong of ['100000', 9, '0', '-1', '1.5', '', 'x', null]) {
    expect(refusal(() => read(wrong))).toContain(
      'must be an integer from 1 to 8 (4 for each core here)',
    );
  }
});

test('a window that does not fit is refused with one that does', () => {
  const given = { lmin: -10, lmax: 8_000_000, edgeTolerance: 1e-8 };
  const message = refusal(() => checkSteady(given, machine));
  const lmax = named(message, /^lmax = 8000000: must be at most (\d+) with lmin = -10/);
  expect(message).toContain('8000011 levels take up to 16 GB, and 8 GB may be used');
  expect(refusal(() => checkSteady({ ...given, lmax }, machine))).toBe('');
  expect(refusal(() => checkSteady({ ...given, lmax: lmax + 1 }, machine))).not.toBe('');
});

describe('an evolution', () => {
  const usual: EvolutionCost = {
    window: rotorWindow(-20, 40),
    truncation: { lmin: -20, lmax: 40, edgeTolerance: 1e-8 },
    times: 1000,
    angles: 0,
    deltas: 1,
    space: 'sector',
  };
  const refused = (changed: Partial<EvolutionCost>) =>
    refusal(() => checkEvolution({ ...usual, ...changed }, machine));

  test('of a usual size is not refused', () => {
    expect(refused({})).toBe('');
    expect(refused({ space: 'full' })).toBe('');
    expect(refused({ deltas: 101 })).toBe('');
  });

  test('at too many times is refused with how many fit', () => {
    const most = named(refused({ times: 1e6, angles: 1000 }), /^times = .*: must be at most (\d+)/);
    expect(refused({ times: most, angles: 1000 })).toBe('');
  });

  test('of a rotor far out is refused', () => {
    const window = rotorWindow(-16, 500_008);
    const truncation = { edgeTolerance: 1e-12 };
    expect(refused({ window, truncation })).toContain(
      'rotor = "the initial state": must be within',
    );
    const given = { lmin: -16, lmax: 500_008, edgeTolerance: 1e-8 };
    expect(refused({ window, truncation: given })).toContain('lmax = 500008: must be at most');
  });

  test('on all of a large space is refused, on a band not', () => {
    const window = rotorWindow(-1500, 1500);
    expect(refused({ window, space: 'full' })).toContain('take up to');
    expect(refused({ window, space: { dmax: 8 } })).toBe('');
  });
});

describe('trajectories', () => {
  const cost = (device: DeviceInput, times: readonly number[], count = 1000) => ({
    parameters: deviceParameters(device),
    window: rotorWindow(-16, 16),
    truncation: { edgeTolerance: 1e-12 },
    times,
    count,
    threads: 2,
  });

  test('that would not end are refused with a time until which they do', () => {
    const message = refusal(() => checkTrajectories(cost({}, [1, 1e12]), machine));
    const latest = named(message, /^times = 1000000000000: must be at most (\d+):/);
    expect(refusal(() => checkTrajectories(cost({}, [latest / 1.1]), machine))).toBe('');
    expect(refusal(() => checkTrajectories(cost({ g: 1e9 }, [1]), machine))).toContain('times = 1');
  });

  test('at too many times are refused', () => {
    const times = Array.from({ length: 1_000_000 }, (_, i) => i / 1e6);
    const small = { ...machine, memory: 1e9 };
    expect(refusal(() => checkTrajectories(cost({}, times), small))).toContain('at most');
  });

  test('say how long they take, by the jumps of thermal qubits', () => {
    const parameters = deviceParameters();
    // ρ̇ = 0 for each qubit alone: as many jumps up as down, 2g²n(n+1)/(2n+1).
    const n = [1 / Math.expm1(0.8), 1 / Math.expm1(0.6)];
    expect(jumpRate(parameters)).toBeCloseTo(
      n.reduce((sum, x) => sum + (2 * x * (x + 1)) / (2 * x + 1), 0),
      12,
    );
    const seconds = checkTrajectories(cost({}, [1000], 1000), machine);
    expect(checkTrajectories(cost({}, [2000], 1000), machine)).toBeCloseTo(2 * seconds, 9);
  });
});

describe('collisions', () => {
  const cost = (nmax: number | 'auto', device: DeviceInput = {}) => {
    const parameters = deviceParameters(device);
    const tau = 0.05;
    return {
      parameters,
      window: rotorWindow(-16, 16),
      truncation: { edgeTolerance: 1e-12 },
      baths: oscillators(parameters, { tau, nmax, weightTolerance: 1e-12 }),
      tau,
      records: 100,
    };
  };

  test('take seconds where seconds were measured', () => {
    // 8.5 s and 19 s with nmax = 40 and 100, 0.6 s with 10.
    const parameters = deviceParameters();
    const seconds = [10, 40, 100].map((n) => collisionSeconds(parameters, 33, [n, n], 0.05));
    [0.6, 8.5, 19].forEach((measured, i) => {
      expect(seconds[i] / measured).toBeGreaterThan(0.4);
      expect(seconds[i] / measured).toBeLessThan(2.5);
    });
    expect(refusal(() => checkCollisions(cost('auto'), machine))).toBe('');
  });

  test('of oscillators with more quanta than can be looked at are refused with how many can', () => {
    const cold = { beta1: 1e-4, beta2: 1e-4 };
    const message = refusal(() => checkCollisions(cost(90_000, cold), machine));
    const most = named(message, /^nmax = 90000: must be at most (\d+):/);
    expect(message).toMatch(/take about \d+ days/);
    expect(refusal(() => checkCollisions(cost(most, cold), machine))).toBe('');
    expect(refusal(() => cost('auto', { beta1: 1e-9 }))).toMatch(
      /^beta1 = 1e-9: must be at least [\d.e-]+ with nmax = auto/,
    );
  });

  test('with more records than can be kept are refused', () => {
    expect(refusal(() => checkCollisions({ ...cost(10), records: 1e12 }, machine))).toMatch(
      /^collisions = "1000000000000 records": must be at most \d+ of them/,
    );
  });
});
