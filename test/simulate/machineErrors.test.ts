/** What flows and populations of machines whose jumps are numbers may be off by, against numbers of many digits. */
import { expect, test } from 'vitest';
import { describedMachine } from '../../src/machine/description/described.js';
import { machineSensitivity } from '../../src/simulate/describedSensitivity.js';
import { defaultValues } from '../../src/simulate/machineInputs.js';
import { galleryMachine, steadyOf } from '../support/machines.js';

/** Three parts in the global equation, of which one loses ten million times as fast as the slowest. */
const stiff = describedMachine(
  'stiff.yaml',
  `
name: stiff
model: global
subsystems: {q: 2, r: 3, s: 2}
parameters:
  wq: 7.305644896315661
  wr1: 11.643588044917173
  wr2: 0.0005364930147537109
  g0: 1.8830440273567586
  g1: 0.023978029590533828
  Tq: 0.01811974002975679
  kq: 0.00046249390313194734
  Tr: 0.2779392563110724
  kr: 9979.067651288888
  Ts: 0.4200334985470136
  ks: 28.299551486628033
hamiltonian:
  eq: wq*P(q,1)
  er: wr1*P(r,1) + wr2*P(r,2)
  es: P(s,1)
  x1: g0*(raise(q)*lower(r) + hc)
  x2: g1*(raise(r)*lower(s) + hc)
baths:
  bq: {temperature: Tq, coupling: sx(q), spectrum: kq*omega}
  br: {temperature: Tr, coupling: (lower(r) + hc), spectrum: kr*omega^3}
  bs: {temperature: Ts, coupling: sx(s), spectrum: ks*omega/(1 + omega^2)}
`,
);
/** By ball arithmetic with 96 digits. */
const EXACT = {
  heat: { bq: -1.978038906376e-11, br: -0.00270602167224101, bs: 0.0027060216920214 },
  r: [0.13255509844564167, 0.0083239972393986, 0.85912090431496],
};

test('what float64 does not tell of populations is told, and how far flows are off', async () => {
  const { problems, populations, flows, solution } = await steadyOf(stiff);
  expect(problems).toEqual([
    expect.stringMatching(/^populations are known to ± \d\.\de-\d+ alone/),
  ]);
  const off = EXACT.r.map((exact, k) => Math.abs(populations.r[k] - exact));
  expect(Math.max(...off)).toBeLessThan(solution.uncertain ?? 0);
  for (const [bath, exact] of Object.entries(EXACT.heat)) {
    const error = flows.heatErrors[bath] ?? 0;
    expect(Math.abs(flows.heat[bath] - exact)).toBeLessThan(error);
    expect(error).toBeLessThan(1e-6);
  }
});

test.each([
  ['two-qubit-rectifier', [0, 0]],
  ['jaynes-cummings', [0, 29]],
] as const)('flows of %s in the global equation balance within their errors', async (name, at) => {
  const { problems, flows } = await steadyOf(galleryMachine(name, 'global'), {}, at);
  expect(problems).toEqual([]);
  const errors = Object.values(flows.heatErrors).map((error) => error ?? Number.NaN);
  const most = Math.max(...Object.values(flows.heat).map(Math.abs));
  expect(Math.abs(flows.balance)).toBeLessThan(errors.reduce((a, b) => a + b));
  expect(Math.max(...errors)).toBeLessThan(1e-9 * most);
});

test('where float64 leaves populations few digits, they are solved for with more', async () => {
  // A qubit that is driven far from its resonance, and hardly loses to what a bath cools.
  const driven = describedMachine(
    'driven.yaml',
    `
name: driven
subsystems: {q: 2, r: 3}
parameters:
  wq: 939.9244639743644
  wr: 1.4251031741970603
  g0: 7.39183223077805e-05
  V: 5.823436709419124
  Tr: 2.366707709718207
hamiltonian:
  eq: wq*P(q,1)
  er: wr*num(r)
  x1: {energy: g0*(raise(q)*lower(r) + hc), counts: work}
  pot: V*sy(q)
baths:
  br: {temperature: Tr, coupling: (lower(r) + hc), spectrum: omega}
`,
  );
  const { problems, energies, solution } = await steadyOf(driven);
  expect(problems).toEqual([]);
  expect(solution.solver.refinement).toBe('double-double on the CPU');
  // By ball arithmetic with 96 digits.
  expect(Math.abs(energies.eq / 332.6055572211298 - 1)).toBeLessThan(1e-13);
  expect(Math.abs(energies.pot / -0.02109029103039163 - 1)).toBeLessThan(1e-12);
});

test('how far entropy production may be off by a temperature counts what heat is off by', async () => {
  const refrigerator = describedMachine(
    'cold.yaml',
    `
name: cold
subsystems: {q: 2, r: 2, s: 2}
parameters:
  wq: 2.1693142009001445
  wr: 4.4286618404623175
  ws: 3.358425808026692
  g0: 0.19928673821582785
  g1: 0.06517263070404283
  Tq: 59638.33717531399
  Tr: 4.363618345045135e-05
  kr: 0.010609176237987052
  Ts: 2.2446404429968485
  ks: 5.740427875844119
hamiltonian:
  eq: wq*P(q,1)
  er: wr*P(r,1)
  es: ws*P(s,1)
  x1: g0*(raise(q)*lower(r) + hc)
  x2: {energy: g1*(raise(r)*lower(s) + hc), counts: work}
baths:
  bq: {temperature: Tq, jumps: [sqrt(bose(wq/Tq) + 1)*lower(q), sqrt(bose(wq/Tq))*raise(q)]}
  br: {temperature: Tr, coupling: sx(r), spectrum: kr*omega}
  bs: {temperature: Ts, jumps: [sqrt(ks*(bose(ws/Ts) + 1))*lower(s), sqrt(ks*bose(ws/Ts))*raise(s)]}
`,
  );
  const window = { lmin: 0, lmax: 0, size: 1 };
  const { observables } = await machineSensitivity(
    refrigerator,
    defaultValues(refrigerator),
    window,
    ['entropyProduction'],
  );
  const slope = observables.entropyProduction.by.Tr;
  // By a difference in ball arithmetic with 96 digits.
  expect(Math.abs((slope?.value ?? 0) + 728627.0681286452)).toBeLessThan(slope?.error ?? 0);
  expect(slope?.error).toBeLessThan(1e-5);
});

test('energies that overflow are refused by their place in the file', async () => {
  const huge = describedMachine(
    'huge.yaml',
    `
name: huge
model: global
subsystems: {q: 2}
parameters: {w: 1.0e+308, k: 0.1, T: 1}
hamiltonian: {e: "w*P(q,1) + w*sx(q)"}
baths: {b: {temperature: T, coupling: sx(q), spectrum: k*omega}}
`,
  );
  await expect(steadyOf(huge)).rejects.toThrow(
    /^huge\.yaml:6:14: hamiltonian: it is not finite with w = 1e\+308/,
  );
});
