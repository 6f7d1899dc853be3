/** The terms that the paper's device does not have: dephasing of the qubits, and a second harmonic of the potential. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { device } from '../../src/model/device.js';
import { deviceParameters, ParameterError } from '../../src/model/parameters.js';
import { cosine } from '../../src/model/potential.js';
import { rotorWindow } from '../../src/operators/window.js';
import { collisionMaps } from '../../src/simulate/collisionMaps.js';
import { solveSteadyOn } from '../../src/simulate/solveSteady.js';
import { steadyStateOn } from '../../src/simulate/steady.js';
import { SteadyReading } from '../../src/simulate/steadyReading.js';
import { decades, models, numbers } from '../support/arbitrary.js';

const window = rotorWindow(-2, 3);
const dephasing = fc.record({ kappa1: decades(1e-3, 10), kappa2: decades(1e-3, 10) });

describe('dephasing', () => {
  test('in the sector: its state is the steady one of the operators of the whole space', () => {
    fc.assert(
      fc.property(numbers, models, dephasing, (values, model, kappas) => {
        const parameters = deviceParameters({ ...values, ...kappas, model });
        const { rates } = steadyStateOn(parameters, window);
        // What dephasing does to populations cancels, and leaves its rounding.
        const scale = rates.magnitude + kappas.kappa1 + kappas.kappa2;
        expect(rates.norm).toBeLessThan(1e-14 * scale);
      }),
      { numRuns: 40 },
    );
  });

  test('takes coherence, and with it the work of the local baths', () => {
    const workAt = (kappa: number) =>
      new SteadyReading(
        steadyStateOn(deviceParameters({ kappa1: kappa, kappa2: kappa }), rotorWindow(-20, 40)),
      ).work.WQ;
    expect(workAt(1e6) / workAt(0)).toBeLessThan(1e-3);
  });

  test('is refused by name where it is not known', () => {
    const parameters = deviceParameters({ kappa2: 0.1 });
    const oscillators = { levels: [2, 2] } as never;
    const maps = () => collisionMaps(device(parameters, window), oscillators, 0.1, [0, 0]);
    expect(maps).toThrow(ParameterError);
    expect(maps).toThrow('kappa2 = 0.1');
  });
});

describe('a second harmonic of the potential', () => {
  test('is V2 cos 2φ', () => {
    const { transitions } = device(deviceParameters({ V2: 3 }), window).energies.potential;
    const moves = transitions.map(({ to, from, shift, coefficient }) => [
      to === from,
      Math.abs(shift),
      coefficient.re,
      coefficient.im,
    ]);
    expect(moves).toHaveLength(8);
    for (const move of moves) expect(move).toEqual([true, 2, 1.5, 0]);
  });

  test('has one steady state on a band and in the whole space', async () => {
    const parameters = deviceParameters({ V2: 0.7, V: 0.2, kappa1: 0.1 });
    const [band, full] = await Promise.all(
      (['band', 'full'] as const).map((space) =>
        solveSteadyOn(parameters, window, { space, method: 'gmres' }, cpuBackend()),
      ),
    );
    const [a, b] = [band, full].map(({ state }) => new SteadyReading(state));
    expect(Math.abs(a.heat.Q1 - b.heat.Q1)).toBeLessThan(1e-12 * Math.abs(b.heat.Q1));
    expect(Math.abs(a.mean(cosine) - b.mean(cosine))).toBeLessThan(1e-12);
    expect(a.state.residual).toBeLessThan(1e-13);
  });
});
