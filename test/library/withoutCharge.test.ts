/** Machines that conserve no charge, by the library: solved, in time, and refused where that cannot be. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  evolve,
  type MachineResult,
  machine,
  machineFromYaml,
  machineSteadyState,
  ParameterError,
  sensitivity,
  steadyState,
} from '../../src/index.js';

const ofGallery = (name: string) =>
  machineFromYaml(readFileSync(new URL(`../../machines/${name}.yaml`, import.meta.url), 'utf8'));

/** A qubit that the angle of a damped rotor drives, heats and cools. */
const own = machine({
  name: 'a driven turn',
  subsystems: { q: 2 },
  ladder: { kind: 'rotor', window: [-9, 9] },
  parameters: {
    g: { default: 0.8, unit: 'energy' },
    k: { default: 1, unit: 'energy' },
    T: { default: 0.5, unit: 'energy' },
    I: { default: 1, unit: '1/energy' },
  },
  hamiltonian: { kinetic: 'L^2/(2*I)', qubit: 'P(q, 1)', drive: 'g*cos(phi)*sx(q)' },
  baths: {
    hot: { temperature: 'none', jumps: ['sqrt(k)*sm(q)', 'sqrt(k/2)*sp(q)*(1 + sin(phi))/2'] },
    load: {
      temperature: 'T',
      counts: 'work',
      jumps: ['sqrt(0.5*T)*exp(i*phi)*(1 - L/(4*I*T))', 'sqrt(0.5*T)*exp(-i*phi)*(1 + L/(4*I*T))'],
    },
  },
});
const options = { threads: 1, truncation: { lmin: -9, lmax: 9, edgeTolerance: 0.1 } };

const flows = ({ heat, work }: Pick<MachineResult, 'heat' | 'work'>) => [
  ...Object.values(heat),
  ...Object.values(work),
];

test('one’s own: two ways to its steady state, and the first law', async () => {
  const found = await machineSteadyState(own, { ...options, parameters: { g: 1.2 } });
  expect(found).toMatchObject({ converged: true, problems: [], parameters: { g: 1.2, k: 1 } });
  expect(found.solver).toMatchObject({ space: 'band', method: 'gmres', converged: true });
  expect(found.totalHeat + found.totalWork).toBeCloseTo(0, 11);
  expect(Math.max(...flows(found).map(Math.abs))).toBeGreaterThan(0.01);
  const other = await machineSteadyState(own, {
    ...options,
    parameters: { g: 1.2 },
    method: 'direct',
    space: 'full',
  });
  expect(other.solver).toMatchObject({ space: 'full', method: 'direct' });
  flows(other).forEach((flow, i) => {
    expect(flows(found)[i]).toBeCloseTo(flow, 11);
  });
});

test('in time it goes to its steady state', async () => {
  const steady = await machineSteadyState(own, options);
  const { snapshots, converged } = await evolve(own, { ...options, times: [0.1, 60] });
  expect(converged).toBe(true);
  const [early, late] = snapshots;
  flows(steady).forEach((flow, i) => {
    expect(flows(late)[i]).toBeCloseTo(flow, 8);
  });
  expect(Math.abs(early.heat.hot - steady.heat.hot)).toBeGreaterThan(1e-3);
});

test('a machine without a charge has derivatives: those of its steady states', async () => {
  const of = ['heat.hot'];
  const asked = { parameters: { g: 1.2 }, truncation: options.truncation, of };
  const { observables, fisherInformation } = await sensitivity(own, asked);
  expect(Object.keys(observables)).toEqual(of);
  expect(Object.keys(fisherInformation)).toEqual(['g', 'k', 'T', 'I']);
  for (const about of Object.values(fisherInformation)) {
    expect(about?.value).toBeGreaterThan(0);
    expect(about?.error).toBeLessThan(1e-9);
  }
  const heatAt = async (k: number) =>
    (await machineSteadyState(own, { ...options, parameters: { g: 1.2, k } })).heat.hot;
  const step = 1e-4;
  const slope = ((await heatAt(1 + step)) - (await heatAt(1 - step))) / (2 * step);
  const { value, error, by } = observables['heat.hot'];
  expect(Math.abs(value - (await heatAt(1)))).toBeLessThan(error + 1e-12);
  expect((by.k?.value ?? Number.NaN) / slope).toBeCloseTo(1, 6);
});

test('a machine with a charge has derivatives: those of its steady states', async () => {
  const refrigerator = ofGallery('absorption-refrigerator');
  const parameters = { g: 0.02, Th: 6 };
  const of = ['heat.hot'];
  const { observables } = await sensitivity(refrigerator, { parameters, of });
  expect(Object.keys(observables)).toEqual(of);
  const heatAt = async (g: number) => {
    const given = { ...parameters, g };
    return (await machineSteadyState(refrigerator, { threads: 1, parameters: given })).heat.hot;
  };
  const step = 1e-5;
  const slope = ((await heatAt(0.02 + step)) - (await heatAt(0.02 - step))) / (2 * step);
  const { value, error, by } = observables['heat.hot'];
  expect(Math.abs(value - (await heatAt(0.02)))).toBeLessThan(error + 1e-12);
  expect((by.g?.value ?? Number.NaN) / slope).toBeCloseTo(1, 6);
  const wrong = sensitivity(refrigerator, { parameters: { ...parameters, g: Number.NaN } });
  await expect(wrong).rejects.toThrow(ParameterError);
});

test('devices and machines that are mixed up are told apart', async () => {
  await expect(steadyState(own as never)).rejects.toThrow(
    /^device = "a driven turn": must be parameters of a device; machineSteadyState solves machines/,
  );
  await expect(machineSteadyState({ V: 1 } as never)).rejects.toThrow(
    /^machine = .*: must be one that machine\(\) or machineFromYaml\(\) has made/,
  );
});
