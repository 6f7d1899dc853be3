/** Scripts for QuTiP, run where there is one: they are complete, and have this program's numbers. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describedMachine } from '../../src/machine/description/described.js';
import type { DescribedMachine } from '../../src/machine/description/describedMachine.js';
import { MODELS } from '../../src/machine/description/models.js';
import { pythonScript } from '../../src/machine/description/pythonScript.js';
import type { Values } from '../../src/machine/tape.js';
import { defaultValues } from '../../src/simulate/machineInputs.js';
import { expectSameNumbers } from '../support/machineNumbers.js';
import { galleryMachine, steadyOf } from '../support/machines.js';
import { pythonWith, runPython } from '../support/python.js';

const python = pythonWith('qutip', 'numpy');
const path = 'path' in python ? python.path : null;
const why = 'missing' in python ? ` (${python.missing})` : '';

/** What a machine's script prints. */
function scriptOf(
  described: DescribedMachine,
  [lmin, lmax]: readonly [number, number],
  changes: Values = {},
) {
  const values = { ...defaultValues(described), ...changes };
  const script = pythonScript(described, values, { lmin, lmax });
  return JSON.parse(runPython(path as string, script));
}

async function expectSame(
  described: DescribedMachine,
  window: readonly [number, number] = [described.ladder.lmin, described.ladder.lmax],
  changes: Values = {},
): Promise<void> {
  const { residual, ladder, ...found } = scriptOf(described, window, changes);
  expect(residual).toBeLessThan(1e-9);
  const here = await steadyOf(described, changes, window);
  expectSameNumbers(ladder === null ? found : { ...found, ladder }, here, 1e-9);
}

const windows: Readonly<Record<string, readonly [number, number] | undefined>> = {
  'absorption-refrigerator': undefined,
  'driven-mill': undefined,
  'exchange-qubits': undefined,
  'jaynes-cummings': [0, 9],
  'measured-piston': [-8, 8],
  pendulum: [-12, 12],
  piston: [-8, 8],
  'quantum-mill': [-3, 5],
  'ring-clock': undefined,
  'rotor-under-load': [-15, 15],
  'single-level': undefined,
  transmon: [-8, 8],
  'two-qubit-rectifier': undefined,
};

test.skipIf(path === null).each(Object.keys(windows))(`%s${why}`, async (name) => {
  await expectSame(galleryMachine(name), windows[name]);
});

const reference: readonly {
  readonly name: string;
  readonly values: Readonly<Record<string, number>>;
  readonly tolerance: number;
}[] = JSON.parse(readFileSync(new URL('../reference/gallery.json', import.meta.url), 'utf8'));

test.skipIf(path === null)(`the piston of the literature, by the script alone${why}`, () => {
  const { values, tolerance } = reference.find(({ name }) => name.startsWith('piston'))!;
  const { ladder, populations, observables, work } = scriptOf(galleryMachine('piston'), [-24, 24]);
  const found = {
    Lz: ladder.mean,
    Lz2: ladder.meanSquare,
    excited: populations.q[1],
    P: observables.power,
    Wload: work.load,
  };
  for (const [name, value] of Object.entries(values)) {
    expect(Math.abs(found[name as keyof typeof found] - value), name).toBeLessThan(tolerance);
  }
});

const machine = (ladder: string, energy: string, jump: string, observable: string) =>
  describedMachine(
    'm.yaml',
    `name: every word of formulas
subsystems: {q: 2, atom: [g, e, f]}
ladder: ${ladder}
parameters: {lambda: 0.7, P: 1.3, k: 0.4}
definitions: {th: pi/5 + P/7, w: sqrt(lambda^2 + P^-1)}
hamiltonian:
  bare: w*cos(th)*sz(q) + P*num(atom) - (1 - lambda)*(lambda - (P - 1))*P(atom, f)
  coupling: {energy: "${energy}", counts: work}
baths:
  one: {temperature: P, jumps: [sqrt(k*(bose(lambda) + 1))*sm(q), sqrt(k*bose(lambda))*sp(q), k*sx(q)*sz(q)]}
  two: {beta: k, jumps: [sqrt(fermi(P))*lower(atom), k*raise(atom), "${jump}"]}
  three: {temperature: none, counts: work, jumps: [0.3*sy(q) + 0.1*i*num(atom)]}
observables:
  x: ${observable}
`,
  );

const ladders: readonly (readonly [string, string, string, string])[] = [
  [
    '{kind: rotor, window: [-2, 2], offset: k/2}',
    'L^2/2 + P*cos(phi + th) - exp(-L^2)/(1 + L^2) + (sp(q)*T(atom, g, e)*exp(i*phi) + hc)',
    'exp(i*phi)*(1 - L/9) + exp(-i*(phi + th))*sqrt(L + 4)',
    'dag(exp(i*(2*phi - th)))*sin(2*phi)*(L + 3)^-1.5',
  ],
  ['{kind: charge, window: [-2, 2]}', '(n - k)^2 - P*cos(phi)*sx(q)', 'sin(phi)/2*n', 'cos(phi)'],
  ['{kind: oscillator, levels: 5}', 'P*n + lambda*(a*sp(q) + hc)', 'k*a', '(a + ad)^2*sqrt(n)'],
  ['{kind: spin, spin: 1.5}', 'P*Jz + lambda*Jx*sx(q)', 'k*Jm', 'Jy*Jz + Jp'],
  ['{kind: ring, sites: 4}', '-lambda*(hop + hc) + k*site*sz(q)', 'k*hop', 'hop^2*site'],
  ['{kind: finite, levels: 4}', 'P*n + lambda*(up*sm(q) + hc)', 'k*down', 'up + n^2'],
  ['{kind: none}', 'lambda*(sp(q)*T(atom, g, e) + hc)', 'k*P(atom, e)', 'sz(q)*P(atom, 1)'],
];

test.skipIf(path === null).each(MODELS)(`jumps of couplings, %s${why}`, async (model) => {
  await expectSame(galleryMachine('two-qubit-rectifier', model), undefined, { g: 0.4 });
});

test.skipIf(path === null).each(ladders)(`every word of formulas on %s${why}`, async (...words) => {
  await expectSame(machine(...words));
});
