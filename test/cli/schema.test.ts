/** The published JSON Schemas, held against what commands print, by a validator that knows nothing of the program. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { OBSERVABLE_NAMES } from '../../src/simulate/observableRecords.js';
import { qmill } from '../support/commandLine.js';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The same schema, but that a field which it does not name is an error. */
function closed(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(closed);
  if (schema === null || typeof schema !== 'object') return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([k, v]) => [k, closed(v)]));
  return 'properties' in schema ? { ...inner, additionalProperties: false } : inner;
}

function published(command: string): { [key: string]: Json } {
  const { status, stdout } = qmill(['schema', command]);
  expect(status).toBe(0);
  return JSON.parse(stdout);
}

const validator = () => {
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
  // Said of a number for whoever reads it.
  ajv.addVocabulary(['unit', 'allowed', 'along', 'verbatim']);
  return ajv;
};

const small = ['--lmin', '-4', '--lmax', '4'];
const runs: Record<string, string[]> = {
  steady: [
    '',
    '--model global --beta2 0.08 --angles 3',
    '--V 1 --lmin -4 --lmax 4',
    '--V 1 --V2 0.5 --space full --method bicgstab --lmin -3 --lmax 3',
    '--betaR 16 --lmin -50 --lmax 50',
    '--beta2 0.1',
    '--gamma 1e300',
    '--g 1e160',
    '--gamma 0 --lambda 0 --lmin -2 --lmax 2',
    '--machine exchange-qubits',
    '--machine piston --lmin -3 --lmax 3',
    '--machine quantum-mill',
    '--machine rotor-under-load --set gamma=0',
    '--machine single-level',
  ],
  levels: ['--machine transmon', '--machine exchange-qubits --count 2'],
  fluctuations: [
    '',
    '--model global --order 4',
    '--gamma 0 --lambda 0 --lmin -2 --lmax 2',
    '--lmin -3 --lmax 3 --gamma 0',
    '--machine exchange-qubits',
    '--machine quantum-mill --set gamma=0.001',
    '--machine single-level --order 10 --counting 0,1 --waiting hot --tau 1',
    '--frequency 0,1 --counting -1,0 --waiting load:in --tau 0,10',
    '--machine rotor-under-load --set gamma=0',
  ],
  sensitivity: [
    '',
    '--model global --of heat.Q1,rotor.Lz',
    '--V 1 --of heat.Q1,work.V --lmin -6 --lmax 6 --edge-tolerance 0.5',
    '--gamma 0 --lambda 0 --lmin -2 --lmax 2',
    '--machine quantum-mill --set gamma=0.001',
  ],
  correlate: [
    'sp(q1) --tau 0,1 --frequency lin:-1:1:3',
    'L --machine quantum-mill --from 1 --tau 1 --edge-tolerance 0.5',
  ],
  modes: [
    '--charge 1,1 --charge 0,0 --count 2',
    '--machine exchange-qubits --set g=0.5',
    '--machine exchange-qubits --along g=0.3:0.8 --samples 6',
  ],
  evolve: [
    '--times 1,10',
    `--times 1 --angles 4 --qubit1 up --rotor {"angle":0,"concentration":0.1} ${small.join(' ')}`,
    `--times 0,1 --model global --qubit2 [[0.5,0.1i],[-0.1i,0.5]] ${small.join(' ')}`,
    `--times 1 --V 1 --rotor {"superposition":{"0":1,"1":"0.5i"}} ${small.join(' ')}`,
    '--machine flywheel --times 1,2',
    '--machine exchange-qubits --times 1',
  ],
  trajectories: [
    `--times 0,1 --count 4 --seed 3 ${small.join(' ')}`,
    `--times 1 --count 1 --model global ${small.join(' ')}`,
    '--machine jaynes-cummings --times 0,1 --count 3 --threads 2',
  ],
  collide: [
    `--collisions 2 --steady --nmax 3 ${small.join(' ')}`,
    `--collisions 4 --every 2 --gamma 0 --nmax 2 --rotor 1 ${small.join(' ')}`,
    '--machine ladder-charging --collisions 4 --every 2',
  ],
  machines: ['', 'piston'],
  rectify: [
    '',
    '--model local --over chi=-0.5:0.5,B1=3:5 --alpha 0.5 --definition magnitude',
    '--machine two-qubit-rectifier',
  ],
  optimise: [
    '--maximise heat.Q2 --over chi=-0.5:0.5 --where heat.Q2<100 --starts 1',
    '--machine exchange-qubits --maximise observables.current --against=-k --over k=0.1:3 --starts 1 --points 3',
  ],
};

describe.each(Object.entries(runs))('qmill %s --json', (command, lines) => {
  test('prints what its schema promises, and no field that it does not name', () => {
    const schema = published(command);
    const open = validator().compile(schema);
    const { $id: _, ...rest } = schema;
    const exact = validator().compile(closed(rest) as { [key: string]: Json });
    for (const line of lines) {
      const args = line === '' ? [] : line.split(' ');
      const { status, stdout, stderr } = qmill([command, ...args, '--json']);
      expect([0, 3], stderr).toContain(status);
      const printed = JSON.parse(stdout);
      expect(open(printed), `${line}: ${JSON.stringify(open.errors)}`).toBe(true);
      expect(exact(printed), `${line}: ${JSON.stringify(exact.errors)}`).toBe(true);
    }
  });
});

test('a wrong type, a missing field and a field of another name are found', () => {
  const exact = validator().compile(closed(published('rectify')) as { [key: string]: Json });
  const printed = JSON.parse(qmill(['rectify', '--json']).stdout);
  expect(exact(printed)).toBe(true);
  expect(exact({ ...printed, model: 'nonlocal' })).toBe(false);
  const { best: _, ...without } = printed;
  expect(exact(without)).toBe(false);
  expect(exact({ ...printed, Best: [] })).toBe(false);
});

test('every observable is in the schema of steady, with its unit', () => {
  const [solved] = published('steady').anyOf as { properties: { [key: string]: Json } }[];
  for (const name of OBSERVABLE_NAMES) {
    const [group, member] = name.split('.');
    const outer = solved.properties[group] as { properties: { [key: string]: Json } };
    const field = member === undefined ? outer : outer.properties[member];
    expect(field, name).toHaveProperty('description');
  }
  expect(solved.properties.heat).toMatchObject({
    properties: { Q1: { unit: 'energy/time', type: ['number', 'null'] } },
  });
});

test('all of them together, with the version; and an unknown command is refused', () => {
  const { version, schemas } = JSON.parse(qmill(['schema']).stdout);
  expect(version).toBe(1);
  expect(Object.keys(schemas).sort()).toEqual(Object.keys(runs).sort());
  for (const [name, schema] of Object.entries(schemas)) expect(schema).toEqual(published(name));
  const { status, stderr } = qmill(['schema', 'nope']);
  expect(status).toBe(2);
  expect(stderr).toContain('command = "nope": must be one of steady, fluctuations, sensitivity');
});
