/** What errors of a state leave of its logarithm, and of the entropy that its baths produce. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LogarithmErrors } from '../../src/fluctuations/logarithmErrors.js';
import { type FluctuatingMachine, programOf } from '../../src/fluctuations/program.js';
import { logarithmOf } from '../../src/fluctuations/sectorLogarithm.js';
import { StateReading } from '../../src/fluctuations/stateReading.js';
import { globalEquation, localEquation } from '../../src/lindblad/masterEquation.js';
import type { BoundSector } from '../../src/lindblad/sectorProgram.js';
import { compiledSector } from '../../src/lindblad/sectorSolution.js';
import type { SectorState } from '../../src/lindblad/solvedSector.js';
import { describedMachine } from '../../src/machine/description/described.js';
import { mill } from '../../src/machine/mill.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { defaultValues } from '../../src/simulate/machineInputs.js';
import { cutoffOn, valuesOf } from '../../src/simulate/millSector.js';
import { numbers } from '../support/arbitrary.js';

const window = rotorWindow(-3, 3);

/** Random devices of the mill in a model. */
const mills = (model: 'local' | 'global') =>
  numbers.map((input): FluctuatingMachine => {
    const parameters = deviceParameters({ ...input, model });
    const values = valuesOf(parameters, cutoffOn(parameters, window));
    return { machine: mill, of: model === 'local' ? localEquation : globalEquation, values };
  });

/** Three qubits in a row that hand on an excitation: it is in three states of one charge, with coherences. */
const threeQubits = describedMachine(
  'row.yaml',
  [
    'name: row',
    'subsystems: {a: 2, b: 2, c: 2}',
    'ladder: {kind: rotor, window: [-3, 3]}',
    'hamiltonian:',
    '  a: 1.1*P(a,1)',
    '  b: 0.9*P(b,1)',
    '  c: 1.3*P(c,1)',
    '  l: 0.2*L^2',
    '  ab: 0.3*(sp(a)*sm(b) + sm(a)*sp(b))',
    '  bc: 0.2*(sp(b)*sm(c)*exp(-i*phi) + sm(b)*sp(c)*exp(i*phi))',
    'baths:',
    '  hot: {temperature: none, jumps: ["0.5*sm(a)", "0.4*sp(a)"]}',
    '  cold: {temperature: none, jumps: ["0.6*sm(c)", "0.1*sp(c)"]}',
    '  load: {temperature: none, jumps: ["0.3*exp(i*phi)", "0.31*exp(-i*phi)"]}',
  ].join('\n'),
);

const row = fc.constant<FluctuatingMachine>({
  machine: threeQubits.machine,
  of: localEquation,
  values: defaultValues(threeQubits),
});

const parts = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
  minLength: 31,
  maxLength: 31,
});

/** A steady state, and the same with each number off by a part of its error. */
function solved(device: FluctuatingMachine, share: number, off: readonly number[]) {
  const bound = compiledSector(device.machine, device.of, device.values).on(window);
  const { x } = bound.steadyState(device.values).unknowns;
  const lost = { relative: share, absolute: 0, isOfEquations: true };
  const state = bound.stateOf(device.values, x, lost);
  const { errors } = state.unknowns;
  const moved = x.map((value, i) => value + errors[i] * off[i % off.length]);
  return { bound, state, x, errors, moved };
}

/** An element and its conjugate stand for one. */
const twiceAt = ({ siteWidth, sitePaired }: BoundSector, i: number) =>
  i % siteWidth < sitePaired ? 2 : 1;

describe.each([
  ['the local model', mills('local'), [1e-2, 1e-6]],
  ['the global model', mills('global'), [1e-2, 1e-6]],
  // Of two coherences at once errors are larger.
  ['blocks of three states', row, [1e-4, 1e-6]],
] as const)('of %s', (_, devices, shares) => {
  test.each(shares)('of a state that is off by %s it is known what its logarithm is', (share) => {
    let tightest = 0;
    fc.assert(
      fc.property(devices, parts, parts, (device, off, directions) => {
        const { bound, x, errors, moved } = solved(device, share, off);
        const { sector } = bound;
        const [exact, found] = [moved, x].map((one) => logarithmOf(sector, one).logarithm);
        // Any Y, as large as the state is where that is.
        const y = x.map((value, i) => value * directions[i % directions.length]);
        const distance = Math.abs(
          y.reduce((sum, value, i) => sum + twiceAt(sector, i) * value * (found[i] - exact[i]), 0),
        );
        const known = new LogarithmErrors(sector, { x, errors }).of(y, new Float64Array(x.length));
        expect(distance).toBeLessThanOrEqual(known);
        tightest = Math.max(tightest, distance / known);
      }),
    );
    // Bounds that say nothing would hold, too.
    expect(tightest).toBeGreaterThan(0.01);
  });

  test.each(shares)('so is the entropy that baths produce in one off by %s', (share) => {
    let tightest = 0;
    fc.assert(
      fc.property(devices, parts, (device, off) => {
        const { bound, state, moved } = solved(device, share, off);
        const program = programOf(bound.compiled, device);
        const { sector } = bound;
        const read = (one: SectorState, errors: Float64Array | null) => {
          const { x } = one.unknowns;
          const between = () => one.elements;
          const reading = new StateReading(program, device, sector, { x, errors }, between);
          return program.baths.map((_, b) => {
            sector.numbers.fill(device.values);
            return reading.entropyProduction(b);
          });
        };
        const found = read(state, state.unknowns.errors);
        const exact = read(bound.stateOf(device.values, moved), null);
        found.forEach(({ value, error }, b) => {
          const distance = Math.abs((value ?? 0) - (exact[b].value ?? 0));
          expect(distance).toBeLessThanOrEqual((error ?? 0) + (exact[b].error ?? 0));
          tightest = Math.max(tightest, distance / (error ?? 0));
        });
      }),
    );
    expect(tightest).toBeGreaterThan(0.01);
  });
});

test('of populations at the end of float64 the logarithm is a number', () => {
  const device = fc.sample(mills('local'), { numRuns: 1, seed: 3 })[0];
  const { bound, x } = solved(device, 0, [0]);
  const { logarithm } = logarithmOf(
    bound.sector,
    x.map((value) => 1e-309 * value),
  );
  const least = Math.log(Number.MIN_VALUE);
  for (const value of logarithm) expect(value === 0 || value >= least).toBe(true);
});

test('of a population that may be nothing the logarithm is within what float64 has', () => {
  const device = fc.sample(mills('local'), { numRuns: 1, seed: 3 })[0];
  const { bound, x } = solved(device, 0, [0]);
  const { sector } = bound;
  const errors = x.map((value) => 2 * Math.abs(value));
  const size = x.reduce((sum, value, i) => sum + twiceAt(sector, i) * Math.abs(value), 0);
  const found = new LogarithmErrors(sector, { x, errors }).of(x, new Float64Array(x.length));
  expect(found / size).toBeCloseTo(-Math.log(Number.MIN_VALUE), 9);
});
