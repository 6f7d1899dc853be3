/** Steady states of the zero-charge sector on the CPU: one core, warm. */
import { bench, describe } from 'vitest';
import { temperatureScan } from '../src/figures/temperatureScan.js';
import { deviceParameters, truncation } from '../src/model/parameters.js';
import { rotorWindow } from '../src/model/window.js';
import { steadyObservables, steadyStateOn } from '../src/simulate/steady.js';

describe('one steady state, local model, N = 61', () => {
  const window = rotorWindow(-20, 40);
  const given = truncation({ lmin: -20, lmax: 40 });
  let turn = 0;
  const next = () => deviceParameters({ beta2: 0.01 + 0.07 * (turn++ % 1000) * 1e-3 });
  bench('solution', () => void steadyStateOn(next(), window));
  bench('solution and all observables', () => {
    steadyObservables(steadyStateOn(next(), window), given);
  });
});

describe('figures', () => {
  bench('Fig. 2, 400 points', () => void temperatureScan(400), { iterations: 5 });
});
