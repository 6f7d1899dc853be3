/** What flows and populations of machines whose jumps are numbers may be off by, against numbers of many digits. */
import { expect, test } from 'vitest';
import { describedMachine } from '../../src/machine/description/described.js';
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
