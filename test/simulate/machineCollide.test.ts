/** Collisions of machines with units of any kind, against closed forms, branches by hand, and the device's own. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { describedMachine } from '../../src/machine/description/described.js';
import type { Values } from '../../src/machine/tape.js';
import { initialState } from '../../src/model/initial.js';
import { deviceParameters, truncation } from '../../src/model/parameters.js';
import { MachineCollisions } from '../../src/simulate/machineCollide.js';
import { defaultValues } from '../../src/simulate/machineInputs.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { collide } from '../support/collided.js';
import { galleryMachine } from '../support/machines.js';

const text = (name: string) =>
  readFileSync(new URL(`../../machines/${name}.yaml`, import.meta.url), 'utf8');

async function collided(
  described: ReturnType<typeof galleryMachine>,
  count: number,
  changes: Values = {},
  [lmin, lmax] = [described.ladder.lmin, described.ladder.lmax],
) {
  const numbers = new MachineSystem(described).on(
    { lmin, lmax, size: lmax - lmin + 1 },
    { ...defaultValues(described), ...changes },
  );
  const run = new MachineCollisions(numbers, cpuBackend());
  for (let k = 0; k < count; k++) await run.advance(true);
  return run.records;
}

test('incoherent qubits charge a ladder as the closed form says', async () => {
  const all: readonly { name: string; values: never; tolerance: number }[] = JSON.parse(
    readFileSync(new URL('../reference/gallery.json', import.meta.url), 'utf8'),
  );
  const { values, tolerance } = all.find(({ name }) => name.startsWith('collisional'))!;
  const { theta, q, k, mean, variance } = values as Record<string, number>;
  const records = await collided(galleryMachine('ladder-charging'), k, { theta, q });
  const { ladder, units, dU, firstLaw } = records[k - 1];
  expect(Math.abs(ladder!.mean / mean - 1)).toBeLessThan(tolerance);
  expect(Math.abs(ladder!.variance / variance - 1)).toBeLessThan(tolerance);
  // Each leaves as much as the ladder takes.
  expect(units.u).toBeCloseTo(mean / k, 12);
  expect(dU).toBeCloseTo(mean / k, 12);
  expect(Math.abs(firstLaw)).toBeLessThan(1e-13);
  // And another angle, population, and number.
  const other = await collided(galleryMachine('ladder-charging'), 7, { theta: 0.9, q: 0.6 });
  const p = Math.sin(0.45) ** 2;
  expect(other[6].ladder!.mean).toBeCloseTo(7 * p * (1 - 1.2), 12);
  expect(other[6].ladder!.variance).toBeCloseTo(7 * p * (1 - (1 - 1.2) ** 2 * p), 12);
});

test('coherent qubits charge it as all branches together do', async () => {
  const coherent = describedMachine(
    'coherent.yaml',
    text('ladder-charging')
      .replace('u: [q, 1 - q]', 'u: {amplitudes: [sqrt(q), -i*sqrt(1 - q)]}')
      .concat('observables: {turn: exp(2*i*phi)}\n'),
  );
  const [theta, q, count] = [0.7, 0.3, 6];
  const records = await collided(coherent, count, { theta, q, E: 0 }, [-8, 8]);
  const [c, s] = [Math.cos(theta / 2), Math.sin(theta / 2)];
  const [a, b] = [Math.sqrt(q), Math.sqrt(1 - q)];
  const size = 21;
  type Ket = { re: number; im: number }[];
  const nothing = { re: 0, im: 0 };
  let branches: Ket[] = [Array.from({ length: size }, (_, i) => ({ re: i === 10 ? 1 : 0, im: 0 }))];
  for (let k = 0; k < count; k++) {
    branches = branches.flatMap((psi) => {
      const at = (i: number) => psi[i] ?? nothing;
      // a|g, l⟩ − ib|e, l⟩, turned by exp(−iθ/2(s⁻e^{iφ} + hc)).
      const down = psi.map((x, i) => ({
        re: a * c * x.re - b * s * at(i - 1).re,
        im: a * c * x.im - b * s * at(i - 1).im,
      }));
      const up = psi.map((x, i) => ({
        re: b * c * x.im + a * s * at(i + 1).im,
        im: -b * c * x.re - a * s * at(i + 1).re,
      }));
      return [down, up];
    });
  }
  const { ladder, traceError } = records[count - 1];
  ladder!.populations.forEach((p, k) => {
    const exact = branches.reduce((sum, psi) => {
      const { re, im } = psi[k + 2];
      return sum + re * re + im * im;
    }, 0);
    expect(Math.abs(p - exact), `${k - 8}`).toBeLessThan(1e-13);
  });
  // Without coherence it is another one.
  const mixed = await collided(galleryMachine('ladder-charging'), count, { theta, q, E: 0 });
  expect(Math.abs(ladder!.meanSquare - mixed[count - 1].ladder!.meanSquare)).toBeGreaterThan(0.1);
  expect(traceError).toBeLessThan(1e-13);
});

test('units of three levels and the load: the paper’s collisions, number for number', async () => {
  const [tau, nmax] = [0.1, 2];
  const device = { beta1: 0.3, beta2: 0.1, betaR: 0.5, B1: 1, B2: 1.5, lambda: 0.4, gamma: 0.05 };
  const parameters = deviceParameters({ ...device, g: 0.8 });
  const { records: wanted } = collide({
    parameters,
    truncation: truncation({ lmin: -3, lmax: 3 }),
    options: { tau, nmax, weightTolerance: 1e-12 },
    initial: initialState(parameters, { qubit1: 'down', qubit2: 'down' }),
    count: 3,
    every: 1,
  });
  // Oscillators of 0 … 2 quanta, and the couplings σ⁻a† + hc of Eq. (6), with the root of τ.
  const oscillator = (o: string) => `(T(${o}, 1, 0) + sqrt(2)*T(${o}, 2, 1))`;
  const weights = (x: string) =>
    [0, 1, 2].map((m) => `exp(-${m}*${x})/(1 + exp(-${x}) + exp(-2*${x}))`);
  const bath = (o: string, q: string, B: string) =>
    `  energy_${o}: 2*${B}*num(${o})\n` +
    `  switch_${o}: g/sqrt(tau)*(sm(${q})*${oscillator(o)} + hc)\n`;
  const mill = text('quantum-mill')
    .replace('subsystems: {q1: 2, q2: 2}', 'subsystems: {q1: 2, q2: 2, o1: 3, o2: 3}')
    .replace('parameters:', `parameters:\n  tau: {default: ${tau}, unit: 1/energy}`)
    .replace(/ {2}chi:.*\n/, '')
    .replace(/definitions:[\s\S]*?\n\n/, '')
    .replace(/ {2}bath1:[\s\S]*? {2}load:/, '  load:')
    .replace('\nbaths:', `${bath('o1', 'q1', 'B1')}${bath('o2', 'q2', 'B2')}\nbaths:`)
    .concat(
      `collisions:\n  tau: tau\n  units:\n` +
        `    o1: ["${weights('2*beta1*B1').join('", "')}"]\n` +
        `    o2: ["${weights('2*beta2*B2').join('", "')}"]\n`,
    );
  const records = await collided(
    describedMachine('collided.yaml', mill),
    3,
    { ...device, g: 0.8, I: 1 },
    [-3, 3],
  );
  records.forEach((found, i) => {
    const { Q1, Q2, Qr, WQ, Wr, dU, n1, n2, Lz, Lz2 } = wanted[i];
    const pairs = [
      [found.units.o1, Q1 * tau],
      [found.units.o2, Q2 * tau],
      [found.heat.load, Qr * tau],
      [found.work.load, Wr * tau],
      [found.switching, WQ * tau],
      [found.dU, dU * tau],
      [found.populations.q1[1], n1],
      [found.populations.q2[1], n2],
      [found.ladder!.mean, Lz],
      [found.ladder!.meanSquare, Lz2],
    ];
    pairs.forEach(([a, b], k) => {
      expect(Math.abs(a - b), `${i} ${k}`).toBeLessThan(1e-13);
    });
    expect(Math.abs(found.firstLaw)).toBeLessThan(1e-13);
  });
  expect(Math.abs(wanted[2].Q1)).toBeGreaterThan(1e-3);
});

test.each([
  ['flywheel', '', /flywheel\.yaml.*has no 'collisions'/],
  ['ladder-charging', 'baths: {b: {temperature: none, jumps: [sm(u)]}}\n', /jump acts on a unit/],
])('%s %s is refused', async (name, more, line) => {
  const machine = describedMachine(`${name}.yaml`, text(name) + more);
  await expect(collided(machine, 1)).rejects.toThrow(line);
});

test.each([
  ['u: [q, 1 - q]', 'v: [q, 1 - q]', /units\.v: 'v' is no subsystem; did you mean 'u'\?/],
  ['u: [q, 1 - q]', 'u: [q, q, 1]', /units\.u: 3 numbers of 2 levels/],
  ['u: [q, 1 - q]', 'u: [q, sm(u)]', /units\.u\.1: must be a real number/],
  ['u: [q, 1 - q]', 'u: {amplitude: [q, 1]}', /amplitudes is missing: must be a list/],
  [
    'tau: theta/(2*g)',
    'tau: theta*g',
    /collisions\.tau: its unit is energy, and 1\/energy is wanted/,
  ],
  ['tau: theta', 'taw: theta', /'taw' is not known in collisions; did you mean 'tau'\?/],
])('%s as %s is told in one line, with its place', (right, wrong, line) => {
  const slip = text('ladder-charging').replace(right, wrong);
  const read = () => describedMachine('m.yaml', slip);
  expect(read).toThrow(line);
  expect(read).toThrow(/^m\.yaml:\d+:\d+: [^\n]*$/);
});

test('weights and amplitudes of a fresh unit that are not normalised are refused', async () => {
  await expect(collided(galleryMachine('ladder-charging'), 1, { theta: -1 })).rejects.toThrow(
    /collisions\.tau = -0\.5: must be a number > 0/,
  );
  const slip = text('ladder-charging').replace('u: [q, 1 - q]', 'u: {amplitudes: [q, 1 - q]}');
  await expect(collided(describedMachine('m.yaml', slip), 1)).rejects.toThrow(
    /collisions\.units\.u = .*: must be amplitudes whose squares add up to 1/,
  );
});
