import { describe, expect, test } from 'vitest';
import { type DeviceInput, deviceParameters, truncation } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { steadyObservables, steadyStateOn } from '../../src/simulate/steady.js';
import entries from '../reference/steady_states.json' with { type: 'json' };

describe('independent values of the steady states, to 1e-9 relative', () => {
  test('there are both models', () => {
    expect(new Set(entries.map(({ model }) => model))).toEqual(new Set(['local', 'global']));
  });

  test.each(
    entries.map((entry) => ({ entry, name: `${entry.model} ${JSON.stringify(entry.parameters)}` })),
  )('$name', ({ entry }) => {
    const { model, parameters, lmin, lmax } = entry;
    // The last entry was computed with Ω = max 2B, the others with the largest Bohr frequency.
    const Omega = 'cutoff' in entry ? entry.cutoff : null;
    const cutoff = Omega === 2 * Math.max(parameters.B1, parameters.B2) ? 'max-qubit' : 'max-bohr';
    const values = deviceParameters({
      ...parameters,
      model,
      ...(model === 'global' ? { cutoff } : {}),
    } as DeviceInput);
    const o = steadyObservables(
      steadyStateOn(values, rotorWindow(lmin, lmax)),
      truncation({ lmin, lmax }),
    );
    const near = (found: number, wanted: number, what: string, scale = Math.abs(wanted)) =>
      expect(Math.abs(found - wanted), what).toBeLessThanOrEqual(1e-9 * scale);
    const flow = Math.max(...Object.values(entry.heat).map(Math.abs));

    for (const name of ['Q1', 'Q2', 'Qr'] as const) near(o.heat[name], entry.heat[name], name);
    near(o.work.interaction, entry.work.WQ, 'WQ', model === 'local' ? undefined : flow);
    expect(o.work.WQ).toBe(model === 'local' ? o.work.interaction : 0);
    near(o.work.Wr, entry.work.Wr, 'Wr', flow);
    near(o.rotor.Lz, entry.Lz, 'Lz');
    near(Number(o.rotor.Lz2), entry.Lz2, 'Lz2');
    for (const [l, population] of Object.entries(entry.populations_l)) {
      // What the reference's own solution leaves, residual times condition, is about 1e-11 of the whole.
      near(
        o.rotor.populations[Number(l) - lmin],
        population,
        `population of ${l}`,
        Math.max(population, 1e-2),
      );
    }
    entry.qubits.forEach((population, s) => {
      near(o.qubits.populations[s], population, `qubits ${s}`);
    });
    near(o.power.intrinsic, entry.intrinsic_power, 'intrinsic power', flow);
    near(o.ergotropy.total, entry.ergotropy.total, 'total ergotropy');
    // The ergotropy of the parts may vanish: then it is rounding of their energies.
    near(o.ergotropy.qubits, entry.ergotropy.qubits, 'qubit ergotropy', values.B1 + values.B2);
    near(o.ergotropy.rotor, entry.ergotropy.rotor, 'rotor ergotropy', Math.max(1, entry.Lz2));
    if (Omega === null) expect(o.cutoff).toBeNull();
    else near(o.cutoff ?? 0, Omega, 'cutoff');
    expect(o.residual).toBeLessThan(1e-14);
  });
});
