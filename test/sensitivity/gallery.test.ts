/** Derivatives of the machines that come with the package, against differences of their own values. */
import { expect, test } from 'vitest';
import { machineSensitivity } from '../../src/simulate/describedSensitivity.js';
import { defaultValues } from '../../src/simulate/machineInputs.js';
import { galleryMachine } from '../support/machines.js';

/** A few levels of a ladder, as many of it as there are where it has no ends. */
function fewLevels({ ladder }: ReturnType<typeof galleryMachine>) {
  const lmin = ladder.open.below ? Math.max(ladder.lmin, -2) : ladder.lmin;
  const lmax = ladder.open.above ? Math.min(ladder.lmax, lmin + 5) : ladder.lmax;
  return { lmin, lmax, size: lmax - lmin + 1 };
}

const unevenly = (k: number): number => Math.sin(3 * k + 1);

test.each([
  'absorption-refrigerator',
  'driven-mill',
  'effective-rotor',
  'exchange-qubits',
  'flywheel',
  'jaynes-cummings',
  'measured-piston',
  'pendulum',
  'piston',
  'ring-clock',
  'rotor-under-load',
  'transmon',
])(
  '%s: every observable changes with all parameters at once as its differences do',
  async (name) => {
    const described = galleryMachine(name, 'local');
    const window = fewLevels(described);
    const values = defaultValues(described);
    /** Each parameter is changed by another share of itself. */
    const at = async (step: number) => {
      const changed = Object.entries(values).map(([key, x], k) => [
        key,
        x * (1 + step * unevenly(k)),
      ]);
      return (await machineSensitivity(described, Object.fromEntries(changed), window)).observables;
    };
    const h = 1e-4;
    const found = await at(0);
    const [less, least, more, most] = [
      await at(-h),
      await at(-2 * h),
      await at(h),
      await at(2 * h),
    ];
    for (const [of, { value: here, error: known, by }] of Object.entries(found)) {
      let [along, scale, off] = [0, Math.abs(here), 0];
      Object.entries(values).forEach(([key, x], k) => {
        if (x === 0) return;
        const derivative = by[key];
        if (derivative === null) throw new Error(`${of} by ${key}`);
        const { value, error, elasticity } = derivative;
        along += value * x * unevenly(k);
        scale += Math.abs(value * x);
        off += error * Math.abs(x);
        if (Math.abs(here) <= known) expect(elasticity, `${of} by ${key}`).toBeNull();
        else expect(elasticity, `${of} by ${key}`).toBe((value * x) / here);
      });
      const expected =
        (8 * (more[of].value - less[of].value) - (most[of].value - least[of].value)) / (12 * h);
      const lost = (known + 1e-15 * Math.abs(here)) / h;
      expect(Math.abs(along - expected), of).toBeLessThanOrEqual(1e-8 * scale + off + 2 * lost);
    }
  },
);
