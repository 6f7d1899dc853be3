/** `qmill steady --backend webgpu`: what ran is said, and the answer is the CPU's. */
import { describe, expect, test } from 'vitest';
import { qmill, qmillProcess } from '../support/commandLine.js';

const device = ['steady', '--V', '1', '--lmin', '-12', '--lmax', '18', '--edge-tolerance', '1e-2'];
const solved = (...args: string[]) => {
  const { status, stdout } = qmillProcess([...device, ...args, '--json']);
  expect(status).toBe(0);
  return JSON.parse(stdout);
};
const wanted = JSON.parse(qmill([...device, '--backend', 'cpu', '--json']).stdout);

describe('qmill steady --backend webgpu', () => {
  test('refines float32 to float64, and says what computed in which', () => {
    const found = solved('--backend', 'webgpu');
    expect(found.backend).toMatchObject({ name: 'webgpu', precision: 'f64' });
    expect(found.backend.adapter).toBeTruthy();
    expect(found.solver.precision).toContain(`float32 on ${found.backend.adapter}`);
    expect(found.solver.passes).toBeGreaterThan(1);
    expect(found.solver.residual).toBeLessThan(1e-14);
    for (const name of ['Q1', 'Q2', 'Qr']) {
      expect(Math.abs(found.heat[name] / wanted.heat[name] - 1), name).toBeLessThan(1e-9);
    }
  });

  test('in f32 is one pass, marked, and less exact', () => {
    const found = solved('--backend', 'webgpu', '--precision', 'f32', '--space', 'full');
    expect(found.backend.precision).toBe('f32');
    expect(found.solver.precision).toContain('unrefined');
    expect(found.solver.passes).toBe(1);
    expect(found.solver.residual).toBeGreaterThan(1e-12);
    expect(Math.abs(found.rotor.Lz / wanted.rotor.Lz - 1)).toBeLessThan(1e-2);
  });

  test.each([
    ['propagation', 'must be another on a backend of float32'],
    ['direct', 'must be another with backend = webgpu'],
  ])('refuses the method %s', (method, allowed) => {
    const { status, stderr } = qmillProcess([
      ...device,
      ...['--backend', 'webgpu', '--method', method],
    ]);
    expect(status).toBe(2);
    expect(stderr).toContain(`method = "${method}": ${allowed}`);
  });
});
