/** Machines as objects: the same as from their files, there and back, with types that know their parameters. */
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { parse } from 'yaml';
import {
  MachineError,
  type MachineInput,
  machine,
  machineFromYaml,
  machineSteadyState,
  ParameterError,
} from '../../src/index.js';
import { machineJsonSchema } from '../../src/machine/description/jsonSchema.js';
import { galleryMachine, steadyOf } from '../support/machines.js';

const folder = new URL('../../machines/', import.meta.url);
const texts = readdirSync(folder).map(
  (file) => [file, readFileSync(new URL(file, folder), 'utf8')] as const,
);

describe.each(texts)('%s', (_, text) => {
  test('there and back it is the same to the last bit', () => {
    const { description, toYaml } = machineFromYaml(text);
    expect(toYaml).toBeInstanceOf(Function);
    const again = machineFromYaml(machineFromYaml(text).toYaml());
    expect(JSON.stringify(again.description)).toBe(JSON.stringify(description));
    const built = machine(parse(text) as MachineInput);
    expect(JSON.stringify(built.description)).toBe(JSON.stringify(description));
    expect(built.toYaml()).toBe(again.toYaml());
  });

  test('its schema has nothing against it', () => {
    const validate = new Ajv2020({ allErrors: true, strictTuples: false }).compile(
      machineJsonSchema('https://example.org/machine.json'),
    );
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });
});

test('numbers that have many digits, and odd texts, come back', () => {
  const odd = {
    name: 'yes: "no" # \'null\'',
    text: 'two\nlines\n',
    subsystems: { n0: ['on', 'off'], q: 2 },
    parameters: { k: 0.1 + 0.2, tiny: { default: 5e-324, range: [null, 1.7976931348623157e308] } },
    baths: { b: { temperature: 'none', jumps: ['k*T(n0, on, off)', 'tiny*sm(q)'] } },
  } as const satisfies MachineInput;
  const { description } = machineFromYaml(machine(odd).toYaml());
  expect(description).toMatchObject(odd);
});

const heater = machine({
  name: 'heater',
  subsystems: { q: 2 },
  ladder: { kind: 'oscillator', levels: 30 },
  parameters: { w: 1, g: 0.05, Th: { default: 1.5, unit: 'energy', range: [0.01, null] } },
  hamiltonian: { qubit: 'w*P(q, 1)', oscillator: 'w*n', exchange: 'g*(a*sp(q) + hc)' },
  baths: {
    hot: { temperature: 'Th', coupling: 'sx(q)', spectrum: '0.02*omega' },
    cold: { temperature: 0.5, coupling: 'a + ad', spectrum: '0.02*omega' },
  },
  observables: { current: 'i*g*(a*sp(q) - ad*sm(q))' },
});

test('a machine of one’s own is solved', async () => {
  const { converged, heat, populations, ladder, parameters, backend, observables } =
    await machineSteadyState(heater, { parameters: { g: 0.1 }, threads: 1 });
  expect(converged).toBe(true);
  expect(parameters).toEqual({ w: 1, g: 0.1, Th: 1.5 });
  expect(heat.hot).toBeGreaterThan(1e-3);
  expect(Math.abs(heat.hot + heat.cold)).toBeLessThan(1e-15);
  expect(heat.hot).toBeCloseTo(observables.current as number, 12);
  expect(Object.keys(populations.q)).toEqual(['0', '1']);
  expect(ladder?.mean).toBeGreaterThan(0.15);
  expect(backend).toEqual({ name: 'cpu', adapter: null, precision: 'f64' });
});

test('its numbers are those of the file’s', async () => {
  const [, text] = texts.find(([file]) => file === 'jaynes-cummings.yaml')!;
  const found = await machineSteadyState(machineFromYaml(text), { threads: 1 });
  const wanted = await steadyOf(galleryMachine('jaynes-cummings'));
  expect(found.heat).toEqual(wanted.flows.heat);
  expect(found.energies).toEqual(wanted.energies);
});

test('the master equation is chosen', async () => {
  const [, text] = texts.find(([file]) => file === 'two-qubit-rectifier.yaml')!;
  const valve = machineFromYaml(text);
  const own = await machineSteadyState(valve, { threads: 1 });
  expect((await machineSteadyState(valve, { model: 'global', threads: 1 })).heat).toEqual(own.heat);
  expect((await machineSteadyState(valve, { model: 'local', threads: 1 })).heat).not.toEqual(
    own.heat,
  );
});

test('what is wrong is said in one line, without the lines of a file', async () => {
  const made = () => machine({ name: 'm', subsystems: { q: 2 }, hamiltonian: { h: 'x*sz(q)' } });
  expect(made).toThrow(MachineError);
  expect(made).toThrow(/^m: hamiltonian\.h: 'x' is not known; did you mean 'i'\?$/);
  // @ts-expect-error there is no such parameter
  const unknown = machineSteadyState(heater, { parameters: { Tc: 1 } });
  await expect(unknown).rejects.toThrow(ParameterError);
  const outside = machineSteadyState(heater, { parameters: { Th: 0 } });
  await expect(outside).rejects.toThrow(/^Th = 0: must be a number ≥ 0\.01$/);
});

test('types know the parameters', () => {
  type Options = NonNullable<Parameters<typeof machineSteadyState<'w' | 'g' | 'Th'>>[1]>;
  expectTypeOf<keyof NonNullable<Options['parameters']>>().toEqualTypeOf<'w' | 'g' | 'Th'>();
  expectTypeOf(heater.parameters[0].name).toEqualTypeOf<'w' | 'g' | 'Th'>();
});

describe('the schema refuses what the program refuses', () => {
  const validate = new Ajv2020({ strictTuples: false }).compile(
    machineJsonSchema('https://example.org/machine.json'),
  );
  const wrong: readonly (readonly [string, object])[] = [
    ['no name', {}],
    ['an unknown key', { name: 'm', bath: {} }],
    ['a ladder without a kind', { name: 'm', ladder: { levels: 3 } }],
    ['one level', { name: 'm', subsystems: { q: 1 } }],
    ['a unit that is none', { name: 'm', parameters: { k: { default: 1, unit: 'metre' } } }],
    ['a master equation that is none', { name: 'm', model: 'exact' }],
  ];
  test.each(wrong)('%s', (_, description) => {
    expect(validate(description)).toBe(false);
    expect(() => machine(description as MachineInput)).toThrow(MachineError);
  });
});
