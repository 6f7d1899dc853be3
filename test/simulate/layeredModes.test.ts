/** Modes in layers: against the sectors' own way on windows of few levels, and windows against one another. */
import { describe, expect, test } from 'vitest';
import { StoppedError } from '../../src/backend/backend.js';
import { describedMachine } from '../../src/machine/description/described.js';
import { type DeviceInput, deviceParameters, ParameterError } from '../../src/model/parameters.js';
import { conservedCharges, modesByCharge, slowestOf } from '../../src/simulate/anyModes.js';
import type { LayeredFluctuationHooks } from '../../src/simulate/layeredHooks.js';
import { layeredModes } from '../../src/simulate/layeredModes.js';
import { defaultValues, machineWindow } from '../../src/simulate/machineInputs.js';
import {
  machineSubject,
  millSubject,
  type SpectralSubject,
} from '../../src/simulate/spectralSubject.js';
import type { ChargeDifference } from '../../src/spectrum/chargeSectors.js';
import { eigenvaluesOf, exceptionalPoints } from '../../src/spectrum/exceptionalPoints.js';
import { type Mode, type SectorModes, Spectrum } from '../../src/spectrum/modes.js';
import { NEAR_REST } from '../support/layers.js';
import { galleryMachine } from '../support/machines.js';

const millOn = (input: DeviceInput, lmin: number, lmax: number) =>
  millSubject(deviceParameters(input), { lmin, lmax, edgeTolerance: 1 });

/** A three-level maser that is driven, with a qubit that shares its transition. */
const maserOf = (levels: number): SpectralSubject => {
  const described = describedMachine(
    'maser.yaml',
    `
name: driven maser
subsystems: {atom: [g, e, r], q: 2}
ladder: {kind: oscillator, levels: ${levels}}
hamiltonian:
  atom: P(atom, e) + 2.3*P(atom, r)
  field: 1.3*n
  qubit: 0.9*P(q, 1)
  exchange: 0.08*(a*T(atom, r, e) + hc)
  drive: 0.02*(a + ad)
  bias: 0.03*(sp(q)*T(atom, g, e) + hc)
baths:
  hot: {temperature: 3, jumps: ["0.3*T(atom, g, r)", "0.2*T(atom, r, g)"]}
  cold: {temperature: 0.4, jumps: ["0.25*T(atom, g, e)", "0.08*T(atom, e, g)"]}
  leak: {temperature: 0.4, jumps: [0.25*a, 0.05*ad]}
  other: {temperature: 3, jumps: [0.03*sm(q), 0.02*sp(q)]}
`,
  );
  return machineSubject(described, defaultValues(described), machineWindow(described), 1);
};

async function inLayers(
  { system, operators }: SpectralSubject,
  count: number,
  frequency?: number,
  hooks?: LayeredFluctuationHooks,
  charge?: ChargeDifference,
): Promise<SectorModes> {
  const wanted = charge ?? conservedCharges(system).map(() => 0);
  const request = { count, observables: operators, frequency };
  const found = await layeredModes(system, [wanted], request, hooks);
  const modes = found?.of(wanted)?.modes;
  if (modes === undefined) throw new Error('they are not found in layers');
  return modes;
}

function inSectors(
  { system, operators }: SpectralSubject,
  count: number,
  frequency?: number,
  charge?: ChargeDifference,
) {
  const spectrum = new Spectrum(system);
  const found = spectrum.modes(charge ?? spectrum.neutral, count, operators, frequency);
  if (found === null) throw new Error('they are not found in sectors');
  return found;
}

/** Distance of a mode to another, less what both may be off by. */
const apart = (a: Mode, b: Mode): number =>
  Math.hypot(a.rate - b.rate, a.frequency - b.frequency) - a.error - b.error;

const partnerOf = (mode: Mode, modes: readonly Mode[]): Mode =>
  modes.reduce((best, other) => (apart(mode, other) < apart(mode, best) ? other : best));

function same(mode: Mode, other: Mode): void {
  const label = `${mode.rate} ${mode.frequency}`;
  expect(apart(mode, other), label).toBeLessThanOrEqual(0);
  expect(mode.error, label).toBeLessThan(1e-9 * Math.hypot(mode.rate, mode.frequency));
  expect(mode.condition / other.condition, label).toBeCloseTo(1, 6);
  for (const [name, overlap] of Object.entries(other.overlaps)) {
    expect(mode.overlaps[name], `${label} ${name}`).toBeCloseTo(overlap, 6);
  }
}

test('the slowest modes of a device in a potential are what sectors have', async () => {
  const subject = millOn({ V: 1 }, -3, 3);
  const wanted = inSectors(subject, 5).modes;
  const { modes, size, charge } = await inLayers(subject, 5);
  expect(modes.length).toBe(5);
  expect(charge).toEqual([]);
  expect(size).toBe((4 * subject.system.window.size) ** 2);
  modes.forEach((mode, k) => {
    same(mode, wanted[k]);
  });
});

test.each<[string, SpectralSubject, number | undefined]>([
  ['of a device near its rest', millOn({ ...NEAR_REST, V: 0.7, V2: 0.2 }, -2, 2), undefined],
  ['of elements by pairs of levels', millOn({ ...NEAR_REST, V2: 0.6 }, -3, 3), undefined],
  ['of the global model', millOn({ ...NEAR_REST, V: 0.7, model: 'global' }, -2, 2), undefined],
  ['near a frequency', millOn({ ...NEAR_REST, V: 0.7 }, -2, 2), 1.1],
  ['of a driven maser', maserOf(4), undefined],
])('modes %s are among those that sectors have', async (_, subject, frequency) => {
  const all = inSectors(subject, 200, frequency).modes;
  const { modes } = await inLayers(subject, 8, frequency);
  expect(modes.length).toBe(8);
  const partners = modes.map((mode) => partnerOf(mode, all));
  modes.forEach((mode, k) => {
    same(mode, partners[k]);
  });
  expect(new Set(partners).size).toBe(8);
});

test('the gap tends to one number as the window grows, and wide windows are solved in layers', async () => {
  const on = (reach: number) => millOn({ ...NEAR_REST, V: 0.7 }, -reach, reach);
  const [few, some] = [(await inLayers(on(2), 1)).modes[0], (await inLayers(on(5), 1)).modes[0]];
  const { system, operators } = on(9);
  const wide = await modesByCharge(system, { count: 1, observables: operators, wanted: [[]] });
  const { modes, method } = wide.of([])!.modes;
  expect(method).toBe('arnoldi');
  expect(modes.length).toBe(1);
  const off = ({ rate }: Mode) => Math.abs(rate - modes[0].rate);
  expect(off(few)).toBeGreaterThan(1e-6 * modes[0].rate);
  expect(off(some)).toBeLessThan(0.05 * off(few));
});

/** Coherences between levels of the qubit of an autonomous piston have a charge of their own. */
const pistonOn = (name: string, lmin: number, lmax: number): SpectralSubject => {
  const described = galleryMachine(name);
  const window = machineWindow(described, { lmin, lmax });
  return machineSubject(described, defaultValues(described), window, 1);
};

/** Two qubits with a charge each, whose pushes are a quarter turn apart: elements are complex. */
const twistedOn = (lmin: number, lmax: number): SpectralSubject => {
  const described = describedMachine(
    'twisted.yaml',
    `
name: rotor that two qubits push
subsystems: {q: 2, p: 2}
ladder: {kind: rotor, window: [${lmin}, ${lmax}]}
hamiltonian:
  kinetic: L^2/6 + 0.2*L
  push: 0.7*P(q, 1)*cos(phi) + 0.4*P(p, 1)*sin(phi)
  qubits: 0.9*P(q, 1) + 0.2*P(p, 1)
baths:
  hot: {temperature: none, jumps: [0.5*sm(q)*(1 + sin(phi)), 0.4*sp(q)*(1 + sin(phi))]}
  other: {temperature: none, jumps: [0.4*sm(p), 0.2*sp(p)*cos(phi), 0.3*sp(p)]}
  load: {temperature: none, jumps: ["0.6*exp(i*phi)*(1 - L/8)", "0.6*exp(-i*phi)*(1 + L/8)"]}
`,
  );
  return machineSubject(described, defaultValues(described), machineWindow(described), 1);
};

test.each<[string, SpectralSubject, ChargeDifference, number | undefined]>([
  ['1 of a piston', pistonOn('piston', -3, 3), [1], undefined],
  ['−1 of a piston', pistonOn('piston', -3, 3), [-1], undefined],
  ['1 of a piston near a frequency', pistonOn('piston', -3, 3), [1], -1.3],
  ['1 of a piston at rest', pistonOn('piston', -3, 3), [1], 0],
  ['1, 0 of two qubits', twistedOn(-1, 2), [1, 0], undefined],
  ['1, −1 of two qubits', twistedOn(-1, 2), [1, -1], undefined],
])(
  'modes of charge %s are among those that sectors have',
  async (_, subject, charge, frequency) => {
    const all = inSectors(subject, 200, frequency, charge).modes;
    const found = await inLayers(subject, 6, frequency, undefined, charge);
    expect(found.charge).toEqual(charge);
    expect(found.modes.length).toBe(6);
    const partners = found.modes.map((mode) => partnerOf(mode, all));
    found.modes.forEach((mode, k) => {
      same(mode, partners[k]);
    });
    expect(new Set(partners).size).toBe(6);
    expect(found.size).toBe(new Spectrum(subject.system).modes(charge, 1)?.size);
  },
);

test('of the opposite charge they turn the other way, and of one that nothing has there are none', async () => {
  const { system } = pistonOn('piston', -8, 8);
  const request = { count: 4, observables: [], frequency: 0 };
  const found = await layeredModes(system, [[1], [-1], [2]], request);
  const [one, other] = [[1], [-1]].map((charge) => found?.of(charge)?.modes.modes ?? []);
  expect(one.length).toBe(4);
  for (const mode of one) {
    const turned = { ...mode, frequency: -mode.frequency };
    expect(apart(turned, partnerOf(turned, other)), `${mode.frequency}`).toBeLessThanOrEqual(0);
  }
  expect(found?.of([2])).toBeNull();
});

describe('exceptional points in layers', () => {
  async function eigenvaluesInLayers({ system }: SpectralSubject) {
    const neutral = conservedCharges(system).map(() => 0);
    const found = await layeredModes(system, [neutral], { count: 6, observables: [], sure: 0 });
    const own = found?.of(neutral);
    if (!own) throw new Error('they are not found in layers');
    return eigenvaluesOf(
      own.modes,
      own.vectors.map(({ value }) => value),
    );
  }

  const pendulumAt = (V: number): SpectralSubject => {
    const described = galleryMachine('pendulum');
    const window = machineWindow(described, { lmin: -2, lmax: 2 });
    return machineSubject(described, { ...defaultValues(described), V }, window, 1);
  };
  const device = {
    ...{ B1: 0.8, B2: 0.5, beta1: 1, beta2: 0.4, betaR: 0.5, chi: 0.2, gamma: 0.05 },
    ...{ lambda: 0.4, I: 1.5, V: 0.3 },
  };

  test.each<[string, (x: number) => SpectralSubject, readonly number[]]>([
    ['a pendulum', pendulumAt, [2, 2.5, 3]],
    ['a device', (g) => millOn({ ...device, g }, -1, 1), [0.2, 0.3, 0.4]],
  ])('those of %s are where its sectors have them', async (_, subjectAt, values) => {
    const wanted = await exceptionalPoints((x) => slowestOf(subjectAt(x).system, 6), values);
    const found = await exceptionalPoints((x) => eigenvaluesInLayers(subjectAt(x)), values);
    expect(found.length).toBe(1);
    const [{ at, error, rate, order }] = found;
    expect(Math.abs(at - wanted[0].at)).toBeLessThan(error + wanted[0].error);
    expect(error).toBeLessThan(1e-12 * at);
    expect(rate).toBeCloseTo(wanted[0].rate, 10);
    expect(order).toBe(wanted[0].order);
  });
});

test('the search tells how far it is, is stopped, and takes no more memory than there is', async () => {
  const subject = millOn({ ...NEAR_REST, V: 0.7 }, -3, 3);
  const shares: number[] = [];
  const told = async (share: number) => shares.push(share) > 0;
  await inLayers(subject, 2, undefined, { onSearch: told });
  expect(shares.every((share, k) => share >= (shares[k - 1] ?? 0) && share <= 1)).toBe(true);
  expect(shares.at(-1)).toBeGreaterThan(0.8);
  const onSearch = async (share: number) => share < 0.3;
  await expect(inLayers(subject, 2, undefined, { onSearch })).rejects.toThrow(StoppedError);
  const refused = inLayers(subject, 2, undefined, { memory: 1e6 });
  await expect(refused).rejects.toThrow(ParameterError);
  await expect(refused).rejects.toThrow('of memory');
});
