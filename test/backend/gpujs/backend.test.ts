import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Backend, vectorNorm } from '../../../src/backend/backend.js';
import { cpuBackend } from '../../../src/backend/cpu/backend.js';
import { GpuJsModeError, gpujsBackend } from '../../../src/backend/gpujs/backend.js';
import { apply } from '../../../src/generator/apply.js';
import { lindbladian } from '../../../src/generator/lindbladian.js';
import { device } from '../../../src/model/device.js';
import { deviceParameters } from '../../../src/model/parameters.js';
import { rotorWindow } from '../../../src/operators/window.js';
import { models, numbersWithPotential, smallWindow } from '../../support/arbitrary.js';

const noise = (length: number, seed: number): Float64Array => {
  let state = seed >>> 0;
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
};

/** The largest |L_ij| summed over a row bounds what rounding of each term can add up to. */
function largestRow(generator: ReturnType<typeof lindbladian>['total']): number {
  const rows = new Float64Array(generator.space.size);
  for (const c of generator.couplings) {
    const size = Math.hypot(c.coefficient.re, c.coefficient.im);
    for (let p = 0; p < c.count; p++) {
      const ket = c.ket === null ? 1 : Math.abs(c.ket.re[c.ketStart + p]);
      const bra = c.bra === null ? 1 : Math.abs(c.bra.re[c.braStart + p]);
      rows[c.target + p] += size * ket * bra;
    }
  }
  return Math.max(...rows);
}

describe.each(['webasm', 'cpu'] as const)('gpu.js in mode %s', (mode) => {
  test('L·ρ equals the CPU’s to 1e-6 of ‖L‖‖ρ‖', async () => {
    const backend = await gpujsBackend(mode);
    expect([backend.name, backend.adapter, backend.precision]).toEqual([
      'gpujs',
      `gpu.js ${mode}`,
      'f32',
    ]);
    await fc.assert(
      fc.asyncProperty(
        numbersWithPotential,
        models,
        smallWindow,
        fc.constantFrom('sector' as const, { maxDelta: 1 }, 'full' as const),
        fc.integer(),
        async (values, model, { lmin, lmax }, choice, seed) => {
          const parameters = deviceParameters({
            ...values,
            model,
            ...(model === 'global' || choice === 'sector' ? { V: 0 } : {}),
          });
          const { total, space } = lindbladian(
            device(parameters, rotorWindow(lmin, lmax)).system,
            choice,
          );
          const x = noise(2 * space.size, seed);
          const map = await backend.prepare(total);
          const [input, output] = [await backend.upload(x), await backend.allocate(space.size)];
          await map.apply(input, output);
          const found = await backend.download(output);
          map.release();
          const wanted = apply(total, x);
          const norm = await vectorNorm(cpuBackend(), x);
          const worst = Math.max(...found.map((value, i) => Math.abs(value - wanted[i])));
          expect(worst).toBeLessThanOrEqual(1e-6 * largestRow(total) * norm);
          expect(norm).toBeGreaterThan(0);
        },
      ),
      { numRuns: 12 },
    );
    backend.close();
  });

  test('vectors: linear combinations and dot products as on the CPU', async () => {
    const [f32, f64] = [await gpujsBackend(mode), cpuBackend()];
    const [a, b, c] = [noise(20, 1), noise(20, 2), noise(20, 3)];
    const run = async <V>(backend: Backend<V>) => {
      const [x, y, z] = [await backend.upload(a), await backend.upload(b), await backend.upload(c)];
      await backend.axpy({ re: 0.5, im: -2 }, x, y);
      await backend.scale({ re: 0.25, im: 1 }, y);
      await backend.addMultiples(
        [
          { re: 1, im: 2 },
          { re: -3, im: 0.5 },
        ],
        [x, y],
        z,
      );
      const copied = await backend.allocate(10);
      await backend.copy(z, copied);
      const dots = await backend.dots([x, y], copied);
      return [...(await backend.download(copied)), ...dots.flatMap(({ re, im }) => [re, im])];
    };
    const [found, wanted] = [await run(f32), await run(f64)];
    expect(found).toHaveLength(24);
    for (let i = 0; i < found.length; i++) expect(found[i]).toBeCloseTo(wanted[i], 4);
    f32.close();
  });
});

test('a mode this machine does not have is refused, not replaced', async () => {
  await expect(gpujsBackend('webgl2')).rejects.toThrow(GpuJsModeError);
});

test('more numbers than a float32 can count are refused', async () => {
  const backend = await gpujsBackend('cpu');
  const system = device(deviceParameters({ V: 1 }), rotorWindow(-200, 200)).system;
  await expect(backend.prepare(lindbladian(system, 'full').total)).rejects.toThrow(RangeError);
  backend.close();
});
