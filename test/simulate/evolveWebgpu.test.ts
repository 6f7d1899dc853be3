import { describe, expect, test } from 'vitest';
import { webgpuBackend } from '../../src/backend/webgpu/backend.js';
import { openDevice } from '../../src/backend/webgpu/device.js';
import { initialState } from '../../src/model/initial.js';
import { deviceParameters, truncation } from '../../src/model/parameters.js';
import { type EvolutionChoice, onCpu } from '../../src/simulate/evolutionStage.js';
import { Evolution } from '../../src/simulate/evolve.js';
import { ChebyshevEvolution } from '../../src/solve/chebyshevEvolution.js';
import entries from '../reference/dynamics.json' with { type: 'json' };

const none = async () => {};
const TIMES = [0.1, 1, 10];

describe.each([
  ['f32', 1e-6],
  ['f64', 1e-8],
] as const)('webgpu in %s, to %f of each quantity’s scale', (precision, accuracy) => {
  const evolved = async (choice: Partial<EvolutionChoice>, V: number, times: readonly number[]) => {
    const backend = await webgpuBackend(await openDevice(), precision);
    try {
      const [{ parameters: given, lmin, lmax }] = entries;
      const parameters = deviceParameters({ ...given, V });
      const window = V === 0 ? { lmin, lmax } : { lmin: -6, lmax: 6 };
      const request = {
        parameters,
        truncation: truncation({ ...window, edgeTolerance: 1e-4 }),
        initial: initialState(parameters),
        times,
        tolerances: { rtol: 1e-12, atol: 1e-15 },
        angles: 0,
        states: false,
      };
      const onDevice: EvolutionChoice = {
        space: 'auto',
        direct: false,
        noise: 1e-7,
        propagator: (...args) => ChebyshevEvolution.open(backend, ...args),
        ...choice,
      };
      const gpu = await (await Evolution.start(request, onDevice)).run(none);
      const cpu = await (
        await Evolution.start(request, { ...onCpu, space: choice.space ?? 'auto' })
      ).run(none);
      return { gpu, cpu };
    } finally {
      backend.close();
    }
  };

  test('independent values, in the zero-charge sector', async () => {
    const [{ snapshots: all, lmin, populations_from_l: from }] = entries;
    const snapshots = all.filter(({ t }) => TIMES.includes(t));
    const { gpu } = await evolved({}, 0, TIMES);
    expect(gpu.method).toMatchObject({ space: 'sector', method: 'chebyshev' });
    snapshots.forEach((wanted, i) => {
      const s = gpu.snapshots[i];
      const near = (name: string, found: number, value: number, scale: number) =>
        expect(Math.abs(found - value), `${name} at ${s.t}`).toBeLessThan(accuracy * scale);
      const largest = (value: (o: (typeof all)[number]) => number) =>
        Math.max(...all.map((o) => Math.abs(value(o))));
      for (const Q of ['Q1', 'Q2', 'Qr'] as const) {
        near(
          Q,
          s.heat[Q],
          wanted.heat[Q],
          largest((o) => o.heat[Q]),
        );
      }
      near(
        'WQ',
        s.work.WQ,
        wanted.work.WQ,
        largest((o) => o.work.WQ),
      );
      near(
        'Lz',
        s.rotor.Lz,
        wanted.Lz,
        largest((o) => o.Lz),
      );
      near(
        'Lz2',
        s.rotor.Lz2,
        wanted.Lz2,
        largest((o) => o.Lz2),
      );
      near(
        'kinetic',
        s.power.kinetic,
        wanted.Wkin,
        largest((o) => o.Wkin),
      );
      near(
        'intrinsic',
        s.power.intrinsic,
        wanted.Wint,
        largest((o) => o.Wint),
      );
      near(
        'net',
        s.power.net,
        wanted.Wnet,
        largest((o) => o.Wnet),
      );
      near(
        'dU',
        s.dU,
        wanted.dU,
        largest((o) => o.dU),
      );
      wanted.p.forEach((p, k) => {
        near(`p${from + k}`, s.rotor.populations[from + k - lmin], p, 1);
      });
    });
  });

  test.each(['band', 'full'] as const)(
    'with a potential, %s: what the CPU finds',
    async (space) => {
      const { gpu, cpu } = await evolved({ space }, 0.5, [1]);
      const [found] = gpu.snapshots;
      const [wanted] = cpu.snapshots;
      expect(Math.abs(found.rotor.Lz2 - wanted.rotor.Lz2)).toBeLessThan(
        accuracy * wanted.rotor.Lz2,
      );
      expect(Math.abs(found.rotor.cos - wanted.rotor.cos)).toBeLessThan(accuracy);
      wanted.rotor.populations.forEach((p, i) => {
        expect(Math.abs(found.rotor.populations[i] - p)).toBeLessThan(accuracy);
      });
      expect(Math.abs(wanted.rotor.cos)).toBeGreaterThan(1e-3);
    },
  );
});
