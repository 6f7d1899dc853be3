/** Where populations end that cannot all be reached from one another. */
import { expect, test } from 'vitest';
import { lindbladian } from '../../src/generator/lindbladian.js';
import { device } from '../../src/model/device.js';
import { type DeviceInput, deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { populationIndices, traceBy } from '../../src/solve/iterate.js';
import { residualOf } from '../../src/solve/refinedNullVector.js';
import { relaxedState } from '../../src/solve/relaxedState.js';
import { norm } from '../support/vectors.js';

const window = rotorWindow(-1, 2);

async function relaxed(input: DeviceInput, qubits: number, level: number) {
  const { total } = lindbladian(device(deviceParameters(input), window).system, 'full');
  const { space } = total;
  const at = (s: number, p: number) => space.classes[space.find(s, s, 0)].offset + p;
  const state = await relaxedState(total, () => true, at(qubits, level));
  const trace = traceBy(populationIndices(total), state);
  return {
    state: state.map((x) => x / trace),
    trace,
    total,
    /** Σ over the qubits, by level of the rotor. */
    levels: (x: Float64Array) =>
      Array.from({ length: window.size }, (_, p) =>
        [0, 1, 2, 3].reduce((sum, s) => sum + x[2 * at(s, p)], 0),
      ),
  };
}

test.each([0, 1, 3])('a rotor that nothing touches keeps its level %d', async (level) => {
  const { state, total, levels, trace } = await relaxed({ lambda: 0, gamma: 0 }, 1, level);
  const found = levels(state);
  found.forEach((share, p) => {
    expect(share).toBeCloseTo(p === level ? 1 : 0, 9);
  });
  expect(trace).toBeGreaterThan(0);
  // The qubits have relaxed: σ is 1e-7 of the norm of L.
  expect(residualOf(total, state)).toBeLessThan(1e-5 * norm(state));
});

test('with a load all levels are reached, and the state is the one that stays', async () => {
  const input = { V: 1, lambda: 0.2, gamma: 0.1 };
  const one = await relaxed(input, 0, 0);
  const other = await relaxed(input, 3, 2);
  expect(residualOf(one.total, one.state)).toBeLessThan(1e-5);
  one.state.forEach((x, i) => {
    expect(Math.abs(x - other.state[i])).toBeLessThan(1e-4);
  });
});
