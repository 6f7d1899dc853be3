/** Numbers that are read off states by the ways that others were read before: the same to the last bit. */
import { beforeAll, expect, test, vi } from 'vitest';
import { loadKernels } from '../../src/lindblad/kernels.js';
import { SteppedReader } from '../../src/lindblad/roundedReader.js';
import { type BoundMachine, CompiledSector } from '../../src/lindblad/sectorSolution.js';
import { activeMachine } from '../../src/machine/machine.js';
import { mill } from '../../src/machine/mill.js';
import type { Values } from '../../src/machine/tape.js';
import { type Model, masterEquations } from '../../src/model/masterEquations/registry.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { valuesOf } from '../../src/simulate/millSector.js';

beforeAll(loadKernels);

/** Devices of which some flows are read by other ways than those of their neighbours. */
const DEVICES = 40;

const ASKED = [
  ...(['bath1', 'bath2', 'load'] as const).map((channel) => ['kinetic', [channel]] as const),
  ['interaction', ['bath1', 'bath2']] as const,
  ['interaction', ['load']] as const,
  ['free', ['bath1']] as const,
  ['total', ['bath2']] as const,
];

test.each<Model>(['local', 'global'])('flows of the %s equation by known ways', (model) => {
  const valuesFor = (n: number): Values =>
    valuesOf(
      deviceParameters({
        model,
        beta2: 0.01 + 0.002 * n,
        gamma: 1e-5 * 1.2 ** n,
        lambda: 0.3 / (1 + (n % 5)),
        chi: n % 3 === 0 ? 0.2 : 0,
      }),
      model === 'local' ? null : 20,
    );
  const compiled = CompiledSector.of(activeMachine(mill, valuesFor(0)), masterEquations[model].of);
  const read = (bound: BoundMachine, values: Values) => {
    const state = bound.steadyState(values);
    return [
      ...ASKED.map(([quantity, channels]) => state.flow(quantity, channels)),
      state.mean('level'),
    ];
  };
  const looked = vi.spyOn(SteppedReader.prototype, 'writtenDown');
  for (let n = 0; n < DEVICES; n++) {
    for (const lmin of [-4, -6]) {
      const window = rotorWindow(lmin, lmin + 11);
      const found = read(compiled.on(window), valuesFor(n));
      // Of the first device on a window there is no code to read by, and so no way is known.
      expect(found).toEqual(read(compiled.bind(window), valuesFor(n)));
    }
  }
  const written = looked.mock.calls.length;
  looked.mockRestore();
  // Most are read by ways that are known.
  expect(written).toBeGreaterThan(ASKED.length);
  expect(written).toBeLessThan((DEVICES * 2 * (ASKED.length + 1)) / 2);
});
