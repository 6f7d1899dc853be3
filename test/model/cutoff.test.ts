import { expect, test } from 'vitest';
import { withOneCutoff as withOneCutoffOfMap } from '../../src/app/map/oneCutoff.js';
import { deviceParameters, truncation } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { sharedCutoff } from '../../src/simulate/sharedCutoff.js';
import { steadyState, steadyStateOn } from '../../src/simulate/steady.js';
import { SteadyReading } from '../../src/simulate/steadyReading.js';
import type { BatchSolver } from '../../src/sweep/batchSolver.js';
import { solveOnHost } from '../../src/sweep/hostBatch.js';
import { readPlan } from '../../src/sweep/plan.js';
import { withOneCutoff } from '../../src/sweep/planCutoff.js';
import { solvePoints } from '../../src/sweep/solvePoints.js';

const windows = [
  [-20, 40],
  [-33, 67],
  [-400, 800],
] as const;

const heatOn = (cutoff: 'max-bohr' | undefined) =>
  windows.map(([lmin, lmax]) => {
    const parameters = deviceParameters({ model: 'global', cutoff });
    const state = steadyStateOn(parameters, rotorWindow(lmin, lmax));
    return { Q2: new SteadyReading(state).heat.Q2, Omega: state.device.cutoff };
  });

test('by default no window moves the answer of the global model', () => {
  const found = heatOn(undefined);
  for (const { Q2, Omega } of found) {
    expect(Omega).toBe(20);
    expect(Math.abs(Q2 / found[0].Q2 - 1)).toBeLessThan(1e-11);
  }
});

test('the paper’s reading follows the window, by its name', () => {
  const found = heatOn('max-bohr').map(({ Q2 }) => Q2);
  [0.017793, 0.018212, 0.018551].forEach((wanted, i) => {
    expect(found[i]).toBeCloseTo(wanted, 6);
  });
});

const content = {
  model: 'global',
  parameters: { cutoff: 'max-bohr' },
  axes: { beta2: { linspace: { from: 0.03, to: 0.05, count: 41 } } },
  observables: ['heat'],
};

test('a sweep asked for the paper’s reading has one Ω, and no step where a window grows', async () => {
  const plan = readPlan(content);
  const settled = withOneCutoff(plan);
  const points = Array.from({ length: plan.count }, (_, p) => p);
  const first: BatchSolver = {
    ...{ name: 'cpu', adapter: null, details: {}, refusal: () => null, capacity: () => 1000 },
    ...{ solve: async (batch, names) => solveOnHost(batch, names), close: async () => {} },
  };
  const { values } = await solvePoints(settled, points, { first, fallback: null });
  const Omega = new Set(values.cutoff);
  expect(Omega.size).toBe(1);
  // Windows differ in the sweep: that is what moved Ω.
  expect(new Set(values.lmax).size).toBeGreaterThan(1);
  const Q2 = Array.from(values.heat_Q2);
  const steps = Q2.slice(1).map((x, i) => x - Q2[i]);
  for (let i = 1; i < steps.length - 1; i++) {
    const bend = Math.abs(steps[i] - (steps[i - 1] + steps[i + 1]) / 2);
    expect(bend / Math.abs(Q2[i])).toBeLessThan(1e-4);
  }
});

test('it is the largest Bohr frequency on the window that holds the corners', () => {
  const automatic = truncation();
  const corners = [0.03, 0.05].map((beta2) =>
    deviceParameters({ model: 'global', cutoff: 'max-bohr', beta2 }),
  );
  const own = corners.map((corner) => steadyState(corner, automatic).device);
  const lmin = Math.min(...own.map(({ system }) => system.window.lmin));
  const lmax = Math.max(...own.map(({ system }) => system.window.lmax));
  const wanted = steadyStateOn(corners[0], rotorWindow(lmin, lmax)).device.cutoff;
  expect(sharedCutoff(corners, automatic)).toBe(wanted);
  expect(withOneCutoff(readPlan(content)).fixed.cutoff).toBe(wanted);
});

test('where Ω is a number, the larger 2B, an axis, or of a given window, it stays', () => {
  for (const plan of [
    { ...content, parameters: { cutoff: 30 } },
    { ...content, parameters: {} },
    { ...content, parameters: {}, axes: { cutoff: [10, 20] } },
    { ...content, truncation: { lmin: -20, lmax: 40 } },
    { ...content, model: 'local', parameters: {} },
  ].map(readPlan)) {
    expect(withOneCutoff(plan)).toBe(plan);
  }
});

test('a map has one Ω, too', () => {
  const request = {
    parameters: deviceParameters({ model: 'global', cutoff: 'max-bohr' }),
    truncation: truncation(),
    backend: 'cpu',
    x: { name: 'beta2', from: 0.02, to: 0.05, spacing: 'linear' },
    y: { name: 'chi', from: -0.5, to: 0.5, spacing: 'linear' },
    size: 16,
    extra: null,
  } as const;
  expect(withOneCutoffOfMap(request).parameters.cutoff).toBeGreaterThan(20);
  const free = { ...request, parameters: deviceParameters({ model: 'global' }) };
  expect(withOneCutoffOfMap(free)).toBe(free);
});
