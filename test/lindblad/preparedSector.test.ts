/** What is prepared of a machine against what is derived from its terms: entry by entry, and state by state. */
import { describe, expect, test } from 'vitest';
import { hasSector, symmetryOf } from '../../src/generator/symmetry.js';
import type { FlowNode, FlowPlan, Proportion } from '../../src/lindblad/flowPlan.js';
import { localEquation } from '../../src/lindblad/masterEquation.js';
import { partsOf, preparedSector } from '../../src/lindblad/preparedSector.js';
import { derivedParts } from '../../src/lindblad/sectorParts.js';
import { CompiledSector, NoSectorError } from '../../src/lindblad/sectorSolution.js';
import { allOf } from '../../src/listed.js';
import { parameter } from '../../src/machine/expression.js';
import { activeMachine } from '../../src/machine/machine.js';
import { mill } from '../../src/machine/mill.js';
import { scale } from '../../src/machine/operatorForm.js';
import { Tape } from '../../src/machine/tape.js';
import { device, valuesOf } from '../../src/model/device.js';
import { MODELS, masterEquations } from '../../src/model/masterEquations/registry.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { preparedMill, writtenCode, writtenMill } from '../../src/model/preparedMill.js';
import { type MillRecord, readRecord, writtenRecord } from '../../src/model/preparedRecords.js';
import { rotorWindow } from '../../src/operators/window.js';

const QUANTITIES = ['free', 'total', 'kinetic', 'interaction', 'qubit1', 'qubit2'];

const CHANNELS = ['hamiltonian', 'bath1', 'bath2', 'load'];

const placesOf = (nodes: readonly FlowNode[]) => nodes.map(({ place }) => place);

/** With all that is read when it is asked for. */
const wholly = ({ sector, operators: { placed, jumps } }: MillRecord) => {
  const flows = {
    ...sector.flows,
    nodes: allOf(sector.flows.nodes),
    functionals: allOf(sector.flows.functionals),
  };
  const operators = { ...placed, operators: allOf(placed.operators) };
  return { sector: { ...sector, flows }, operators, jumps };
};

describe.each(MODELS)('the %s equation', (model) => {
  const valuesFor = (input: object) =>
    valuesOf(deviceParameters({ model, ...input }), model === 'local' ? null : 20);
  const machine = activeMachine(mill, valuesFor({}));
  const { of } = masterEquations[model];
  const { record } = preparedMill(model);
  const restored = () => partsOf(readRecord(writtenRecord(record)).sector, () => machine, of);

  test('is the same when it was written and read', () => {
    expect(wholly(readRecord(writtenRecord(record)))).toEqual(wholly(record));
  });

  test('has the same parts and flows as when it is derived', () => {
    const { tape, flows, plan, ...parts } = derivedParts(machine, of);
    const found = restored();
    const { tape: foundTape, flows: foundFlows, plan: foundPlan, ...foundParts } = found;
    expect(foundParts).toEqual(parts);
    expect(foundPlan).toEqual(plan);
    for (const { name } of flows.quantities) {
      for (const channel of flows.channels) {
        const wanted = flows.flow(name, channel);
        const { others, proportions, ends, action } = foundFlows.flow(name, channel);
        expect(placesOf(others)).toEqual(placesOf(wanted.others));
        const carried = (all: readonly Proportion[]) => placesOf(all.map((one) => one.carried));
        expect(carried(proportions)).toEqual(carried(wanted.proportions));
        expect(ends).toHaveLength(wanted.ends.length);
        expect(action?.isNothing).toBe(wanted.action?.isNothing);
        expect(action?.functional).toHaveLength(wanted.action?.functional.length ?? Number.NaN);
      }
    }
    expect(foundTape.steps.tables.slice(0, 5)).toEqual(tape.steps.tables.slice(0, 5));
  });

  const numbersOf = (compiled: CompiledSector, values: ReturnType<typeof valuesFor>) => {
    const state = compiled.on(rotorWindow(-8, 14)).steadyState(values);
    const flows = QUANTITIES.flatMap((name) =>
      CHANNELS.map((channel) => state.flow(name, [channel])),
    );
    return { flows, level: state.mean('level'), residual: state.residual, scale: state.scale };
  };

  test.each([{}, { lambda: 1e-4 }, { gamma: 1e-3, chi: 0.3 }, { beta1: 3, B1: 2.5, B2: 2.5 }])(
    'reads %o to the same bits',
    (input) => {
      const values = valuesFor(input);
      const prepared = numbersOf(new CompiledSector(restored()), values);
      expect(prepared).toEqual(numbersOf(CompiledSector.of(machine, of), values));
    },
  );

  test('gives what has expressions in it, on the same tape', () => {
    const derived = CompiledSector.of(machine, of);
    const prepared = new CompiledSector(restored());
    const before = prepared.program.tape.steps.scalars.length;
    const waysOf = (flows: Pick<FlowPlan, 'ways'>) =>
      flows.ways('kinetic', 'load').map((way) => way.map(({ factor }) => factor.key));
    expect(waysOf(prepared.flows)).toEqual(waysOf(derived.flows));
    expect(prepared.program.tape.steps.scalars).toHaveLength(before);
    const at = prepared.program.tape.scalar(parameter('gamma'));
    expect(at).toBeLessThan(before);
    const values = valuesFor({});
    const { numbers } = prepared.on(rotorWindow(-3, 3)).sector;
    numbers.fill(values);
    expect(numbers.scalar(at)).toBe(values.gamma);
  });

  test('is refused for another machine as soon as that is asked for expressions', () => {
    const [{ operator, ...part }, ...others] = machine.energies;
    const other = {
      ...machine,
      energies: [{ ...part, operator: scale(operator, 3) }, ...others],
    };
    const { tape } = partsOf(record.sector, () => other, of);
    expect(() => tape.scalar(parameter('gamma'))).toThrow('not those of these expressions');
  });
});

test.each(MODELS)(
  'what is prepared of the %s equation has a sector by its numbers, too',
  (model) => {
    const { system } = device(deviceParameters({ model }), rotorWindow(-2, 2));
    expect(hasSector(symmetryOf(system))).toBe(true);
  },
);

test('a machine without a sector is not prepared', () => {
  const values = valuesOf(deviceParameters({ V: 1 }), null);
  expect(() => preparedSector(activeMachine(mill, values), localEquation)).toThrow(NoSectorError);
});

test('the code of a shape is found by its key, and does not depend on what was written before', () => {
  const code = writtenCode();
  expect(Object.keys(code).length).toBeGreaterThan(MODELS.length);
  expect(writtenCode()).toEqual(code);
});

test('all master equations are written down, each by its own key', () => {
  expect(Object.keys(writtenMill())).toHaveLength(MODELS.length);
});

test('a tape with steps of its own begins with them', () => {
  const first = new Tape();
  const at = first.scalar(parameter('x'));
  const again = new Tape(first.steps, () => again.scalar(parameter('x')));
  expect(again.scalar(parameter('y'))).toBeGreaterThanOrEqual(first.steps.scalars.length);
  expect(again.scalar(parameter('x'))).toBe(at);
});
