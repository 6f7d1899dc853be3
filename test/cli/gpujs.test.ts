import { describe, expect, test } from 'vitest';
import { qmill } from '../support/commandLine.js';

const device = ['--V', '1', '--lmin', '-6', '--lmax', '8', '--edge-tolerance', '0.5', '--json'];
const numbersOf = (args: readonly string[]) => {
  const { status, stdout, stderr } = qmill(['steady', ...device, ...args]);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return JSON.parse(stdout);
};

describe('--backend gpujs', () => {
  test('refines to the answer of the CPU, and says what it did', () => {
    const found = numbersOf(['--backend', 'gpujs']);
    const wanted = numbersOf(['--backend', 'cpu']);
    expect(found.backend.name).toBe('gpujs');
    expect(found.backend.adapter).toBe('gpu.js webasm');
    for (const name of ['Q1', 'Q2', 'Qr']) {
      const largest = Math.abs(wanted.heat.Q2);
      expect(Math.abs(found.heat[name] - wanted.heat[name])).toBeLessThanOrEqual(1e-9 * largest);
    }
    expect(found.solver.residual).toBeLessThan(1e-12);
  });

  test.each([['rectify'], ['collide', '--tau', '0.1'], ['evolve', '--V', '1', '--times', '1']])(
    '%s, which it cannot do as asked, is refused',
    (...args) => {
      const { status, stdout, stderr } = qmill([...args, '--backend', 'gpujs']);
      expect(status).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/gpujs/);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    },
  );
});
