/** What layers carry through time takes as many products with the generator as there is time for, or is refused. */
import { expect, test } from 'vitest';
import { fullSpace } from '../../src/generator/classes.js';
import { allRules, lindbladRules } from '../../src/generator/lindbladian.js';
import { device } from '../../src/model/device.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { carried } from '../../src/simulate/layeredEvolution.js';
import { Ended } from '../../src/simulate/layeredInverse.js';

/** Evolved until a time at which its fast dephasing takes a billion products. */
function evolved(size: number, t: number) {
  const { system } = device(deviceParameters({ V: 1, kappa1: 1e6 }), rotorWindow(-size, size));
  const space = fullSpace(system);
  const rules = allRules(lindbladRules(system));
  const begin = new Float64Array(2 * space.size);
  begin[2 * space.classes[space.find(0, 0, 0)].offset] = 1;
  const carrier = { space, rules, leavesOut: () => false, field: 'tau' } as const;
  return carried(carrier, begin, [t], 1e-11, 1, ({ elements }) => elements[0]);
}

test('a window of few levels is left to steps that are as long as accuracy allows', async () => {
  await expect(evolved(1, 1e3)).rejects.toEqual(expect.objectContaining({ made: null }));
  await expect(evolved(1, 1e3)).rejects.toThrow(Ended);
  expect((await evolved(1, 1e-5)).read).toHaveLength(1);
});

test('a wider one is refused in one line, with how long it may take', async () => {
  await expect(evolved(12, 1e3)).rejects.toThrow(
    /^tau = 1000: must be at most about 0\.5: until then the generator is applied \d\.\de\+\d+ times/,
  );
});
