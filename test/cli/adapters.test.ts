import { describe, expect, test } from 'vitest';
import { noAdapter, qmillProcess } from '../support/commandLine.js';

describe('qmill adapters', () => {
  test('lists adapters, limits, and what the double-float probe found', () => {
    const { status, stdout } = qmillProcess(['adapters']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/largest buffer \d+ MiB, binding \d+ MiB/);
    expect(stdout).toMatch(/double-float arithmetic on .*: '\w+' is right/);
  });

  test('says so where there is none', () => {
    const { status, stdout, stderr } = qmillProcess(['adapters'], noAdapter);
    expect(status).toBe(0);
    // Nor does a driver's library add words of its own.
    expect(stderr).toBe('');
    expect(stdout).toBe('no WebGPU adapter: everything runs on the CPU in float64\n');
  });

  test.each([{ args: ['adapters'] }, { args: ['steady', '--backend', 'webgpu'] }])(
    'one line where Dawn does not load: $args',
    ({ args }) => {
      const preload = new URL('../support/withoutDawn.mjs', import.meta.url);
      const { status, stderr } = qmillProcess(args, { NODE_OPTIONS: `--import=${preload}` });
      expect(status).toBe(2);
      expect(stderr).toBe(
        'error: no WebGPU on this system: the package webgpu does not load ' +
          "(libc.so.6: version `GLIBC_2.34' not found (required by dawn.node)); use --backend cpu\n",
      );
    },
  );
});
