/** Machines of the gallery on a WebGPU device: steady states refined to float64, and evolutions in its own float64. */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { webgpuBackend } from '../../src/backend/webgpu/backend.js';
import { openDevice } from '../../src/backend/webgpu/device.js';
import type { MachineModel } from '../../src/machine/description/models.js';
import { machineEvolution } from '../../src/simulate/machineEvolve.js';
import { machineSteady } from '../../src/simulate/machineSteady.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { expectSameNumbers, type Numbers } from '../support/machineNumbers.js';
import { galleryMachine } from '../support/machines.js';

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../reference/${name}.json`, import.meta.url), 'utf8'));

const device = openDevice();
const f32 = device.then((opened) => webgpuBackend(opened, 'f32'));
afterAll(async () => (await f32).close());

async function solvedOn(
  name: string,
  changes: Record<string, number>,
  window?: readonly [number, number],
  model?: MachineModel,
) {
  const described = galleryMachine(name, model);
  const values = Object.fromEntries(described.parameters.map((p) => [p.name, p.default]));
  const [lmin, lmax] = window ?? [described.ladder.lmin, described.ladder.lmax];
  return machineSteady(
    new MachineSystem(described),
    { ...values, ...changes },
    { lmin, lmax, size: lmax - lmin + 1 },
    { space: 'auto', method: 'gmres' },
    1e-8,
    await f32,
  );
}

async function steadyOn(...what: Parameters<typeof solvedOn>) {
  const reading = await solvedOn(...what);
  expect(reading.problems).toEqual([]);
  expect(reading.solution.solver.iterations).toBeGreaterThan(0);
  return reading;
}

interface Entry {
  readonly name: string;
  readonly values: never;
  readonly parameters: Record<string, number>;
  readonly tolerance: number;
}

const entry = (name: string): Entry =>
  read('gallery').find((one: Entry) => one.name.startsWith(name));

const within = (found: number, wanted: number, tolerance: number) =>
  expect(Math.abs(found - wanted)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(wanted)));

describe('steady states, at the tolerances of their sources', () => {
  test('piston', async () => {
    const { values, parameters, tolerance } = entry('piston');
    const { Lz, Lz2, excited, P, Wload } = values as Record<string, number>;
    const { ladder, populations, flows, observables, solution } = await steadyOn(
      'piston',
      parameters,
    );
    expect(solution.residual).toBeLessThan(1e-12);
    within(ladder?.mean as number, Lz, tolerance);
    within(ladder?.meanSquare as number, Lz2, tolerance);
    within(populations.q[1], excited, tolerance);
    within(observables.power as number, P, tolerance);
    within(flows.work.load, Wload, tolerance);
  });

  test('pendulum', async () => {
    const { values, parameters, tolerance } = entry('load and potential');
    const [{ betaR, withLoad }] = values as readonly { betaR: number; withLoad: number }[];
    const { observables } = await steadyOn('pendulum', { ...parameters, betaR });
    within(observables.cosine as number, withLoad, tolerance);
  });

  test('two exchange-coupled qubits', async () => {
    const { values, tolerance } = entry('mill as counting field');
    type Value = Record<'g' | 'k' | 'n_h' | 'n_c' | 'current', number>;
    for (const { g, k, n_h: nh, n_c: nc, current } of values as readonly Value[]) {
      const { observables } = await steadyOn('exchange-qubits', { g, k, nh, nc });
      within((observables.current as number) / current, 1, tolerance);
    }
  });

  test.each([400, 1000])('rotor under the load, |l| ≤ %d', async (most) => {
    const { tolerance } = entry('rotor under the load');
    const { ladder } = await steadyOn('rotor-under-load', { I: 1, betaR: 3 }, [-most, most]);
    within(ladder?.meanSquare as number, 16 / 39, tolerance);
  });

  test('single level', async () => {
    const { values, tolerance } = entry('noise of a single');
    const { kh, kc, c1 } = values as Record<string, number>;
    const { observables } = await steadyOn('single-level', { kh, kc });
    within(observables.current as number, c1, tolerance);
  });
});

interface Case {
  readonly machine: string;
  readonly parameters: Record<string, number>;
  readonly model?: MachineModel;
  readonly window?: readonly [number, number];
  readonly values: Numbers;
}

const all: readonly Case[] = read('machines');
const cases = all.map(
  (one) =>
    [`${one.machine} ${one.model ?? ''} ${Object.entries(one.parameters).join(' ')}`, one] as const,
);

test.each(cases)('steady state of %s', async (_, one) => {
  const reading = await steadyOn(one.machine, one.parameters, one.window, one.model);
  expectSameNumbers({ observables: {}, ...one.values }, reading, 1e-11);
});

test('the flywheel in time', async () => {
  const f64 = await webgpuBackend(await openDevice(), 'f64');
  try {
    const described = galleryMachine('flywheel');
    const values = Object.fromEntries(described.parameters.map((p) => [p.name, p.default]));
    const { tolerance, values: found } = entry('mill as flywheel');
    const wanted: readonly { t: number; Lz: number; Lz2: number }[] = found;
    const { method, snapshots } = await machineEvolution(
      new MachineSystem(described),
      values,
      { lmin: -8, lmax: 20, size: 29 },
      wanted.map(({ t }) => t),
      { rtol: 1e-12, atol: 1e-15 },
      f64,
    );
    expect(method).toBe('chebyshev');
    wanted.forEach(({ Lz, Lz2 }, i) => {
      const { mean = Number.NaN, meanSquare = Number.NaN } = snapshots[i].ladder ?? {};
      within(mean / Lz, 1, tolerance);
      within(meanSquare / Lz2, 1, tolerance);
    });
  } finally {
    f64.close();
  }
});
