/** Devices with a potential against independent values, which were computed on the whole space. */
import { describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { type DeviceInput, deviceParameters, truncation } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import type { SolverChoice } from '../../src/simulate/route.js';
import { solveSteadyOn } from '../../src/simulate/solveSteady.js';
import { steadyObservables } from '../../src/simulate/steady.js';
import entries from '../reference/potential.json' with { type: 'json' };

const choices: SolverChoice[] = [
  { space: 'auto', method: 'auto' },
  { space: 'band', dmax: 20, method: 'direct' },
  { space: 'full', method: 'gmres' },
];

describe.each(choices)('$space, $method', (choice) => {
  test.each(entries)('V = $parameters.V', async ({ model, parameters, lmin, lmax, ...entry }) => {
    const values = deviceParameters({ ...parameters, model } as DeviceInput);
    const window = rotorWindow(lmin, lmax);
    const { state, solver } = await solveSteadyOn(values, window, choice, cpuBackend());
    const o = steadyObservables(state, truncation({ lmin, lmax }));
    const near = (found: number, wanted: number, what: string, scale = Math.abs(wanted)) =>
      expect(Math.abs(found - wanted), what).toBeLessThanOrEqual(1e-9 * scale);
    const flow = Math.max(...Object.values(entry.heat).map(Math.abs));

    expect(solver.converged).toBe(true);
    expect(o.residual).toBeLessThan(1e-14);
    for (const name of ['Q1', 'Q2', 'Qr'] as const) near(o.heat[name], entry.heat[name], name);
    near(o.work.WQ, entry.work.WQ, 'WQ');
    near(o.work.Wr, entry.work.Wr, 'Wr', flow);
    near(o.work.V, entry.work.potential_from_dissipators, 'V', flow);
    near(o.rotor.Lz, entry.Lz, 'Lz');
    near(Number(o.rotor.Lz2), entry.Lz2, 'Lz2');
    near(o.rotor.cos, entry.cos, 'cos');
    near(o.rotor.sin, entry.sin, 'sin');
    near(o.ergotropy.total, entry.ergotropy_total, 'total ergotropy');
    expect(Math.abs(o.firstLaw)).toBeLessThan(1e-12);
  });
});
