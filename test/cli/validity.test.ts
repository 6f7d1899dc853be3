import { readFileSync } from 'node:fs';
import { csvParse } from 'd3-dsv';
import { afterAll, expect, test } from 'vitest';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { validityOf } from '../../src/thermo/deviceValidity.js';
import { collisionValidity, describeValidity } from '../../src/thermo/validity.js';
import { qmill } from '../support/commandLine.js';
import { workshop } from '../support/sweeps.js';

const { path, plan, clear } = workshop();
afterAll(clear);

const flags = ['--lmin', '-6', '--lmax', '8', '--g', '0.4', '--lambda', '-0.2', '--betaR', '1'];
const input = { g: 0.4, lambda: -0.2, betaR: 1 };
const window = rotorWindow(-6, 8);
const run = (command: string, ...rest: string[]) => qmill([command, ...flags, ...rest]).stdout;
const json = (command: string, ...rest: string[]) => JSON.parse(run(command, ...rest, '--json'));

test.each(['local', 'global'] as const)('every command says where the %s model stands', (model) => {
  const expected = validityOf(deviceParameters({ ...input, model }), window);
  const line = describeValidity(expected);
  // Long lines are broken.
  const printed = (command: string, ...rest: string[]) =>
    run(command, ...rest).replace(/\s+/g, ' ');
  const of = ['--model', model];
  expect(json('steady', ...of).validity).toEqual(expected);
  expect(printed('steady', ...of)).toContain(line);
  const evolution = [...of, '--times', '0.1'];
  expect(json('evolve', ...evolution).validity).toEqual(expected);
  expect(printed('evolve', ...evolution)).toContain(line);
  const trajectories = [...evolution, '--count', '10', '--threads', '1'];
  expect(json('trajectories', ...trajectories).validity).toEqual(expected);
  expect(printed('trajectories', ...trajectories)).toContain(line);
});

test('so do both directions of a rectifier, and collisions', () => {
  const global = deviceParameters({ ...input, model: 'global', beta2: 0.02 });
  const { forward, swapped } = json('rectify', '--over', 'chi=0:0.1');
  expect(forward.validity).toEqual(validityOf(global, window));
  const { beta1: beta2, beta2: beta1 } = global;
  expect(swapped.validity).toEqual(validityOf({ ...global, beta1, beta2 }, window));
  expect(json('collide', '--collisions', '1').validity).toEqual(
    collisionValidity(deviceParameters(input)),
  );
});

test.each(['local', 'global'] as const)('a sweep has it as columns, %s model', (model) => {
  const file = plan(`${model}.yaml`, {
    model,
    parameters: { g: 0.3, lambda: 0.05 },
    axes: { betaR: [0.1, 1, 8] },
    observables: ['rotor.Lz'],
    truncation: { lmin: -6, lmax: 8 },
    edgeTolerance: 0.5,
  });
  qmill(['sweep', file, '--out', path(model)]);
  expect(qmill(['export', path(model), '--to', 'csv', path(`${model}.csv`)]).status).toBe(0);
  const rows = csvParse(readFileSync(path(`${model}.csv`), 'utf8'));
  expect(rows.map(({ betaR }) => Number(betaR))).toEqual([0.1, 1, 8]);
  const verdicts = rows.map((row) => {
    const point = deviceParameters({ model, g: 0.3, lambda: 0.05, betaR: Number(row.betaR) });
    const expected = validityOf(point, window);
    const numbers = Object.entries(row).flatMap(([name, cell]) =>
      name.startsWith('validity_') ? [[name.slice('validity_'.length), Number(cell)]] : [],
    );
    expect(expected).toMatchObject(Object.fromEntries(numbers));
    expect(numbers).toHaveLength(model === 'local' ? 3 : 4);
    expect(row.validity).toBe(expected.verdict);
    return row.validity;
  });
  if (model === 'local') expect(verdicts).toEqual(['holds', 'doubtful', 'fails']);
});
