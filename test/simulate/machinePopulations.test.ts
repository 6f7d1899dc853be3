/** Populations and flows of machines whose coherences cost them digits, against some 90 digits of a dense superoperator. */
import { expect, test } from 'vitest';
import { describedMachine } from '../../src/machine/description/described.js';
import { steadyOf } from '../support/machines.js';

// Two qubits that exchange quanta far faster than anything else are known apart by a difference alone.
const stronglyCoupled = `
name: three qubits, two of which are coupled far more strongly than all else
subsystems: {q: 2, r: 2, s: 2}
parameters:
  {wq: 1.5532413092084825, wr: 5.009342981795989, ws: 0.07944299610121354, g0: 0.5238170729268457, g1: 44730.83037516305,
  Tq: 0.15006684066965384, kq: 0.0006931135824707034, kd: 0.6027219988766139, Tr: 0.008423602661382555,
  kr: 0.27874934259223966, Ts: 0.22563771635255253, ks: 1.506576999637946}
hamiltonian:
  q: wq*sz(q)/2
  r: wr*P(r, 1)
  s: ws*P(s, 1)
  weak: {energy: g0*(sp(q)*sm(r) + hc), counts: work}
  strong: g1*(sp(r)*sm(s) + hc)
baths:
  bq:
    temperature: Tq
    jumps: [sqrt(kq*(bose(wq/Tq) + 1))*sm(q), sqrt(kq*bose(wq/Tq))*sp(q), 'sqrt(kd)*P(q, 1)']
  br:
    temperature: Tr
    counts: work
    jumps: [sqrt(kr*(bose(wr/Tr) + 1))*sm(r), sqrt(kr*bose(wr/Tr))*sp(r)]
  bs:
    temperature: Ts
    jumps: [sqrt(ks*(bose(ws/Ts) + 1))*sm(s), sqrt(ks*bose(ws/Ts))*sp(s)]
`;

test('a coupling far stronger than all else takes no digits from populations and heat', async () => {
  const { populations, flows } = await steadyOf(describedMachine('strong.yaml', stronglyCoupled));
  const near = (found: number, wanted: number) =>
    expect(Math.abs(found / wanted - 1)).toBeLessThan(1e-12);
  near(populations.q[1], 3.277045466194044e-5);
  near(populations.r[1], 0.3999825546816597);
  near(populations.s[1], 0.3999825549028896);
  near(flows.heat.bq, -8.497292550381026e-10);
});
