/** Machines whose baths change places, against the paper's device and a closed form. */
import { expect, test } from 'vitest';
import { deviceParameters, truncation } from '../../src/model/parameters.js';
import { bathPair, machineRectification, swapped } from '../../src/simulate/machineRectify.js';
import { angular, bothDirections, heat } from '../../src/simulate/rectify.js';
import { galleryMachine, steadyOf } from '../support/machines.js';

async function rectified(
  name: string,
  changes: Readonly<Record<string, number>>,
  baths?: readonly string[],
  swap?: readonly string[],
  window?: readonly [number, number],
) {
  const machine = galleryMachine(name);
  const defaults = Object.fromEntries(machine.parameters.map((p) => [p.name, p.default]));
  const values = { ...defaults, ...changes };
  const pair = bathPair(machine, baths, swap);
  const forward = await steadyOf(machine, values, window);
  const after = await steadyOf(machine, swapped(machine, pair, values), window);
  return { forward, after, ...machineRectification(pair, forward, after) };
}

test.each([
  { chi: 0.3, beta2: 0.03, lambda: 1, gamma: 0.001 },
  { chi: -0.2, beta2: 0.25, lambda: 0.5, gamma: 0.01 },
])('the mill: the paper’s own numbers, %j', async (changes) => {
  const found = await rectified('quantum-mill', changes);
  const parameters = deviceParameters({ ...changes, model: 'local' });
  const pair = bothDirections(parameters, truncation({ lmin: -20, lmax: 40 }));
  const wanted = heat(pair, parameters);
  expect(found.heat.R / wanted.R).toBeCloseTo(1, 9);
  expect(found.heat.J / (wanted.J * changes.lambda)).toBeCloseTo(1, 9);
  for (const definition of ['signed', 'magnitude'] as const) {
    const { R, J } = angular(pair, definition);
    expect(found.angular![definition].R / R).toBeCloseTo(1, 9);
    expect(found.angular![definition].J / J).toBeCloseTo(1, 9);
  }
  expect(found.hot).toEqual(changes.beta2 < 0.1 ? ['bath2', 'bath1'] : ['bath1', 'bath2']);
});

test('what is symmetric does not rectify; what is not does, whichever baths are named first', async () => {
  const symmetric = await rectified('two-qubit-rectifier', { wh: 1, wc: 1 });
  expect(symmetric.heat.R).toBeLessThan(1e-10);
  const one = await rectified('two-qubit-rectifier', {});
  const other = await rectified('two-qubit-rectifier', {}, ['cold', 'hot']);
  expect(one.heat.R).toBeGreaterThan(1e-3);
  expect(other.heat.R).toBeCloseTo(one.heat.R, 12);
  expect(one.angular).toBeNull();
});

test('of a piston that is its own mirror image only the sense of turning changes', async () => {
  const swap = ['n1', 'n2'];
  const found = await rectified('piston', { n2: 0.2 }, ['hot', 'cold'], swap, [-9, 9]);
  const { forward, after, hot, heat: flow, angular: turning } = found;
  expect(hot).toEqual(['hot', 'cold']);
  expect(flow.R).toBeLessThan(1e-9);
  expect(after.ladder!.mean / forward.ladder!.mean).toBeCloseTo(-1, 9);
  expect(turning!.magnitude.R).toBeLessThan(1e-9);
  expect(turning!.signed.R).toBeGreaterThan(1e6);
});

test.each([
  ['piston', undefined, undefined, /baths = .*two baths of one-qubit piston.*--swap/],
  ['quantum-mill', ['bath1', 'laod'], undefined, /two of bath1, bath2, load; did you mean 'load'/],
  ['quantum-mill', ['bath1'], undefined, /two baths/],
  ['piston', ['hot', 'cold'], ['n1', 'n3'], /swap = "n3": must be a parameter/],
  ['piston', ['hot', 'cold'], ['n1'], /swap = "n1": must be two parameters/],
  ['piston', ['hot', 'load'], undefined, /baths = "hot": must be a bath whose temperature/],
] as const)('%s %j %j is refused', (name, baths, swap, line) => {
  expect(() => bathPair(galleryMachine(name), baths, swap)).toThrow(line);
});

test('equal temperatures, and values beyond a range, are refused', () => {
  const machine = galleryMachine('quantum-mill');
  const pair = bathPair(machine, undefined, undefined);
  expect(() => swapped(machine, pair, { beta1: 1, beta2: 1 })).toThrow(/R would be 0\/0/);
  expect(() => swapped(machine, { ...pair, parameters: ['chi', 'B1'] }, { chi: 0, B1: 4 })).toThrow(
    /chi = 4: must be a number from -1 to 1/,
  );
});
