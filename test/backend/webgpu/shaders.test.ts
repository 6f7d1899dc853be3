/** Every variant of every kernel compiles, held against WebGPU's validation: in Node without an adapter. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describe as describeAdapter } from '../../../src/backend/webgpu/adapters.js';
import { Choices } from '../../../src/backend/webgpu/choices.js';
import { dawn } from '../../../src/backend/webgpu/dawn.js';
import { Device, DeviceValidationError } from '../../../src/backend/webgpu/device.js';
import { DF64_VARIANTS, NO_DF64 } from '../../../src/backend/webgpu/probe.js';
import { linkShader, type ShaderVariant } from '../../../src/backend/webgpu/shaders.js';
import { stencilOf } from '../../../src/backend/webgpu/stencil.js';
import { stencilParts } from '../../../src/backend/webgpu/stencilParts.js';
import { stencilVariant, THREAD_SHAPES } from '../../../src/backend/webgpu/stencilProduct.js';
import { lindbladian } from '../../../src/generator/lindbladian.js';
import { device as quantumDevice } from '../../../src/model/device.js';
import { deviceParameters } from '../../../src/model/parameters.js';
import { rotorWindow } from '../../../src/operators/window.js';

const opened = (async () => {
  const gpu = 'deno' in process.versions ? navigator.gpu : dawn(['backend=null']);
  const adapter = await gpu.requestAdapter();
  if (adapter === null) throw new Error('neither the null backend nor Deno is without an adapter');
  const choices = new Choices(adapter.info, async () => null);
  return new Device(await adapter.requestDevice(), describeAdapter(adapter), choices);
})();

const f32 = { name: 'f32', conditions: { df64: false, ...NO_DF64 } };
const everyF64 = DF64_VARIANTS.map(({ name, conditions }) => ({
  name: `df64 ${name}`,
  conditions: { ...conditions, df64: true },
}));
/** The variant of whole numbers differs in what probe and elimination have: the others call the same. */
const f64 = everyF64.filter(({ name }) => name !== 'df64 integer');

/** What a tape may be compiled with. */
const EVERY_FUNCTION = {
  exponentials: true,
  trigonometry: true,
  mixing: true,
  ohmic: true,
  powers: true,
  products: true,
};

const cases = [
  ...['apply', 'vectors'].flatMap((module) => [f32, ...f64].map((v) => ({ module, ...v }))),
  ...everyF64.map((v) => ({ module: 'probe', ...v })),
  ...f64.map((v) => ({ module: 'wider', ...v })),
  { module: 'chains', ...f32 },
  { module: 'chains_cyclic', ...f32 },
  { module: 'band', ...f32 },
  { module: 'multiply_add', ...f32 },
  ...[1, 2, 4].map((width) => ({
    module: 'copy',
    name: `${width} numbers at once`,
    conditions: { width2: width === 2, width4: width === 4 },
  })),
  ...[f32, ...f64].map((v) => ({ module: 'counting', ...v })),
  ...[f32, ...everyF64].flatMap(({ name, conditions }) =>
    [true, false].map((kept) => ({
      module: 'elimination',
      name: `${name}${kept ? ', kept' : ''}`,
      conditions: { ...conditions, kept },
    })),
  ),
  ...[f32, ...f64].map(({ name, conditions }) => ({
    module: 'tape',
    name,
    conditions: { ...conditions, ...EVERY_FUNCTION },
  })),
] as {
  module: Parameters<typeof linkShader>[0];
  name: string;
  conditions: Readonly<Record<string, boolean>>;
}[];

/** Its command line, where it is installed (`cargo install naga-cli`). */
const naga = spawnSync('naga', ['--version']).status === 0;

const ENTRY_POINTS = /@compute\s+@workgroup_size\([^)]*\)\s*fn\s+(\w+)/g;

const constants = {
  chain_length: '8u',
  width: '6u',
  paired: '2u',
  rounds: '8u',
  most_unknowns: '256u',
  threads: '64u',
};

/** The kernels of the product that are written out for a model, of every part and thread shape. */
function stencilVariants(model: 'local' | 'global'): ShaderVariant[] {
  const { system } = quantumDevice(deviceParameters({ model }), rotorWindow(-3, 4));
  const stencil = stencilOf(lindbladian(system, 'full').total);
  if (stencil === null) throw new Error('this generator is a stencil');
  const { offsets, parts } = stencilParts(stencil);
  const layout = { elements: 512, bases: 512, pieces: 64 };
  return parts.flatMap((part) =>
    THREAD_SHAPES.map((shape) => stencilVariant(stencil, part, offsets, shape, layout)),
  );
}

const MODELS = ['local', 'global'] as const;

describe('kernels', () => {
  test.each(cases)('$module, $name', async ({ module, conditions }) => {
    const variant = { conditions, constants };
    const code = await linkShader(module, variant);
    const names = [...code.matchAll(ENTRY_POINTS)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) await (await opened).pipeline(module, name, variant);
    await (await opened).settle();
  });

  test.each(MODELS)('stencil, written out for the %s model', async (model) => {
    for (const variant of stencilVariants(model)) {
      await (await opened).pipeline('stencil', 'apply', variant);
    }
    await (await opened).settle();
  });

  test('a kernel that does not exist is an error that names it', async () => {
    const missing = (await opened).pipeline('apply', 'absent', { conditions: f32.conditions });
    await expect(missing).rejects.toThrow(DeviceValidationError);
    await expect(missing).rejects.toThrow('absent');
  });
});

test.runIf(naga)('naga, the compiler of Firefox and wgpu, accepts every one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quantum-mill-shaders-'));
  const codes = await Promise.all([
    ...cases.map(({ module, conditions }) => linkShader(module, { conditions, constants })),
    ...MODELS.flatMap(stencilVariants).map((variant) => linkShader('stencil', variant)),
  ]);
  const files = codes.map((code, k) => {
    const file = join(folder, `${k}.wgsl`);
    writeFileSync(file, code);
    return file;
  });
  const { status, stderr } = spawnSync('naga', ['--bulk-validate', ...files], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  rmSync(folder, { recursive: true });
});
