/** Currents through cuts of the ladder, against the means of their channels, and against one another. */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { CutFlows } from '../../src/lindblad/cutFlows.js';
import { CutsReader } from '../../src/lindblad/cutsReader.js';
import { cutsOf } from '../../src/lindblad/derivedCuts.js';
import { loadKernels } from '../../src/lindblad/kernels.js';
import {
  CUTOFF,
  type EquationOf,
  globalEquation,
  localEquation,
} from '../../src/lindblad/masterEquation.js';
import { derivedParts } from '../../src/lindblad/sectorParts.js';
import { BoundSector } from '../../src/lindblad/sectorProgram.js';
import {
  type BoundMachine,
  CompiledSector,
  compiledSector,
} from '../../src/lindblad/sectorSolution.js';
import { bareStateOf, SectorElements } from '../../src/lindblad/stateElements.js';
import { meanOf, ROUNDING } from '../../src/lindblad/stateReader.js';
import { activeMachine, type Machine } from '../../src/machine/machine.js';
import { mill } from '../../src/machine/mill.js';
import type { Values } from '../../src/machine/tape.js';
import { valuesOf } from '../../src/model/device.js';
import { MODELS, masterEquations } from '../../src/model/masterEquations/registry.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { cutoffOn } from '../../src/simulate/millSector.js';
import { conservingNullVector } from '../../src/solve/conservingElimination.js';
import { device } from '../support/arbitrary.js';
import { galleryMachine, turnedRotor } from '../support/machines.js';

/** A state's currents, and its elements. @param errors what each unknown may be off by */
function readingOf(
  bound: BoundMachine,
  x: Float64Array,
  errors: Float64Array = new Float64Array(x.length),
) {
  const { sector, compiled } = bound;
  const held = { x, errors, rounding: ROUNDING };
  const eigen = new SectorElements(sector, held.x, held.errors);
  const readers = { eigen, bare: bareStateOf(compiled, sector, eigen, held).bare };
  const currents = cutsOf(compiled.flows.derived()).on(sector.window.size);
  if (currents === null) throw new Error('no currents');
  return { cuts: new CutFlows(sector, currents, readers, ROUNDING), readers };
}

interface Asked {
  readonly machine: Machine;
  readonly values: Values;
  readonly equationOf: EquationOf;
  readonly window: readonly [lmin: number, lmax: number];
}

/** @returns of how many flows there are weights */
function expectCurrents({ machine, values, equationOf, window }: Asked): number {
  const parts = derivedParts(activeMachine(machine, values), equationOf);
  const { flows } = parts;
  const bound = new CompiledSector(parts).on(rotorWindow(...window));
  const { sector } = bound;
  sector.numbers.fill(values);

  // Of any state, what a channel carries is what it changes.
  const any = Float64Array.from({ length: sector.sites * sector.siteWidth }, (_, i) =>
    Math.sin(1 + i * i),
  );
  const { cuts, readers } = readingOf(bound, any);
  let compared = 0;
  for (const { name } of flows.quantities) {
    for (const channel of flows.channels) {
      const { action } = flows.flow(name, channel);
      const across =
        action === null || action.isNothing ? null : cutsOf(flows).acrossAt(action.place);
      if (action === null || across === null) continue;
      const mean = meanOf(
        action.functional,
        sector.numbers,
        readers[action.representation],
        ROUNDING,
      );
      const own = cuts.own(across);
      const off = Math.abs(own.high - mean.high);
      expect(off, `${name} by ${channel}`).toBeLessThanOrEqual(8 * (own.error + mean.error));
      compared++;
    }
  }

  // Of a steady state, all channels together carry nothing through any cut.
  const { unknowns } = conservingNullVector((centre) => sector.assemble(centre), sector.startAt());
  const { errors } = bound.judge(unknowns, true);
  const { byChannel } = readingOf(bound, unknowns, errors).cuts;
  for (let cut = 0; cut < sector.window.size - 1; cut++) {
    const sum = byChannel.reduce((all, { current }) => all + current[cut], 0);
    const error = byChannel.reduce((all, through) => all + through.error[cut], 0);
    expect(Math.abs(sum), `through the cut ${cut}`).toBeLessThanOrEqual(error);
  }
  // A bound that says nothing would hold, too.
  const isTold = byChannel.some(({ current, error }) =>
    current.some((x, cut) => Math.abs(x) > 1e6 * error[cut]),
  );
  expect(isTold).toBe(true);
  return compared;
}

describe.each(MODELS)('the mill in the %s model', (model) => {
  test.each([
    [-12, 16],
    [-1, 2],
    [0, 1],
  ])('from level %i to %i', (lmin, lmax) => {
    fc.assert(
      fc.property(device(model), (input) => {
        const parameters = deviceParameters({
          ...input,
          lambda: Math.max(input.lambda ?? 0, 0.01),
        });
        const window = [lmin, lmax] as const;
        const values = valuesOf(parameters, cutoffOn(parameters, rotorWindow(...window)));
        const { of } = masterEquations[model];
        const asked = { machine: mill, values, equationOf: of, window };
        expect(expectCurrents(asked)).toBeGreaterThan(8);
      }),
      { numRuns: 10 },
    );
  });
});

test.each([
  ['quantum-mill', galleryMachine('quantum-mill', 'local'), localEquation],
  ['quantum-mill between eigenstates', galleryMachine('quantum-mill', 'local'), globalEquation],
  ['jaynes-cummings', galleryMachine('jaynes-cummings', 'local'), localEquation],
  ['jaynes-cummings between eigenstates', galleryMachine('jaynes-cummings'), globalEquation],
  ['a rotor turned by two steps', turnedRotor(2, [-6, 6]), localEquation],
  ['a rotor turned by three steps', turnedRotor(3, [-6, 6]), localEquation],
])('%s', (_, { machine, parameters, ladder }, equationOf) => {
  const defaults = Object.fromEntries(parameters.map((p) => [p.name, p.default]));
  const values = { ...defaults, [CUTOFF]: 20 };
  const window = [Math.max(ladder.lmin, -8), Math.min(ladder.lmax, 8)] as const;
  expect(expectCurrents({ machine, values, equationOf, window })).toBeGreaterThan(1);
});

test.each(MODELS)('a state of another solver is read by cuts, also by code: %s', async (model) => {
  await loadKernels();
  const byHand = vi.spyOn(CutFlows.prototype, 'flow');
  const byCode = vi.spyOn(BoundSector.prototype, 'heldFlow');
  const window = rotorWindow(-6, 9);
  const lost = { relative: 1e-11, absolute: 1e-15, isOfEquations: true };
  const asked = [
    ['kinetic', ['load']],
    ['interaction', ['bath1', 'bath2']],
    ['total', ['bath1']],
    ['interaction', ['load']],
  ] as const;
  const read = (bound: BoundMachine, values: Values, x: Float64Array) => {
    const state = bound.stateOf(values, x, lost, CutsReader);
    return [...asked.map(([name, channels]) => state.flow(name, channels)), state.mean('level')];
  };
  let differ = 0;
  for (let k = 0; k < 24; k++) {
    const parameters = deviceParameters({
      ...{ model, lambda: 0.1 + 0.01 * k, gamma: 1e-5 * 1.5 ** k },
      chi: k % 3 === 0 ? 0.2 : 0,
    });
    const values = valuesOf(parameters, cutoffOn(parameters, window));
    const compiled = compiledSector(mill, masterEquations[model].of, values);
    const { sector } = compiled.on(window);
    sector.numbers.fill(values);
    const { unknowns } = conservingNullVector((at) => sector.assemble(at), sector.startAt());
    const found = read(compiled.on(window), values, unknowns);
    byHand.mockClear();
    // Of the first device on a window there is no code to read by, and so no way is known.
    expect(found).toEqual(read(compiled.bind(window), values, unknowns));
    expect(byHand).toHaveBeenCalled();
    const plain = compiled.bind(window).stateOf(values, unknowns, lost);
    const others = asked.map(([name, channels]) => plain.flow(name, channels));
    differ += Number(others.some(({ error }, n) => error !== found[n].error));
  }
  // By means alone they are others.
  expect(differ).toBeGreaterThan(0);
  const flows = byCode.mock.results.filter(({ value }) => value !== null);
  expect(flows.length).toBeGreaterThan(0);
  // Most are read by ways that are known.
  expect(flows.length).toBeLessThan(24 * asked.length);
});
