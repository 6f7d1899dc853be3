/** Modes in layers: against the sectors' own way on windows of few levels, and windows against one another. */
import { expect, test } from 'vitest';
import { StoppedError } from '../../src/backend/backend.js';
import { describedMachine } from '../../src/machine/description/described.js';
import { type DeviceInput, deviceParameters, ParameterError } from '../../src/model/parameters.js';
import { modesByCharge } from '../../src/simulate/anyModes.js';
import type { LayeredFluctuationHooks } from '../../src/simulate/layeredHooks.js';
import { layeredModes } from '../../src/simulate/layeredModes.js';
import { defaultValues, machineWindow } from '../../src/simulate/machineInputs.js';
import {
  machineSubject,
  millSubject,
  type SpectralSubject,
} from '../../src/simulate/spectralSubject.js';
import { type Mode, type SectorModes, Spectrum } from '../../src/spectrum/modes.js';
import { WideSectorError } from '../../src/spectrum/weightedSector.js';
import { NEAR_REST } from '../support/layers.js';

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
): Promise<SectorModes> {
  const found = await layeredModes(system, { count, observables: operators, frequency }, hooks);
  if (found === null) throw new Error('they are not found in layers');
  return found.modes;
}

function inSectors({ system, operators }: SpectralSubject, count: number, frequency?: number) {
  const spectrum = new Spectrum(system);
  const found = spectrum.modes(spectrum.neutral, count, operators, frequency);
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

test('the gap tends to one number as the window grows', async () => {
  const gapOn = async (reach: number) => {
    const { modes } = await inLayers(millOn({ ...NEAR_REST, V: 0.7 }, -reach, reach), 1);
    return modes[0];
  };
  const [few, some, more] = [await gapOn(2), await gapOn(5), await gapOn(8)];
  const off = ({ rate }: Mode) => Math.abs(rate - more.rate);
  expect(off(few)).toBeGreaterThan(1e-6 * more.rate);
  expect(off(some)).toBeLessThan(0.05 * off(few));
});

test('on a wide window modes of charge 0 are found, and of others refused', async () => {
  const { system, operators } = millOn({ ...NEAR_REST, V: 0.7 }, -9, 9);
  const request = { count: 1, observables: operators };
  const found = await modesByCharge(system, { ...request, wanted: [[]] });
  expect(found.of([])?.modes.length).toBe(1);
  expect(found.of([])?.method).toBe('arnoldi');
  const wide = millOn({ V: 1 }, -30, 30).system;
  await expect(modesByCharge(wide, { ...request, wanted: [[1]] })).rejects.toThrow(WideSectorError);
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
