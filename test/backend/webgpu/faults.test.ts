/** What goes wrong on a device is a clear error, and never a wrong answer. */
import { describe, expect, test, vi } from 'vitest';
import { elementsOf } from '../../../src/backend/cpu/bandFactors.js';
import { webgpuBackend } from '../../../src/backend/webgpu/backend.js';
import { type Device, openDevice } from '../../../src/backend/webgpu/device.js';
import {
  DeviceLostError,
  DeviceValidationError,
  OutOfDeviceMemoryError,
  PrecisionError,
} from '../../../src/backend/webgpu/errors.js';
import { DF64_VARIANTS, probeDf64 } from '../../../src/backend/webgpu/probe.js';
import { apply } from '../../../src/generator/apply.js';
import { lindbladian } from '../../../src/generator/lindbladian.js';
import { device as quantumDevice } from '../../../src/model/device.js';
import { deviceParameters } from '../../../src/model/parameters.js';
import { rotorWindow } from '../../../src/operators/window.js';
import { solveSteadyOn } from '../../../src/simulate/solveSteady.js';
import { bandResidual, randomBand } from '../../support/bands.js';
import { distance, norm, randomElements } from '../../support/vectors.js';

const { system } = quantumDevice(deviceParameters({ V: 1 }), rotorWindow(-4, 4));
const generator = lindbladian(system, 'full').total;
const elements = randomElements(generator.space.size, 1);

/** L(Lρ) on a device. `between` happens when the first product was asked for. */
async function twice(device: Device, between: () => void = () => {}): Promise<Float64Array> {
  const backend = await webgpuBackend(device, 'f32');
  const map = await backend.prepare(generator);
  const x = await backend.upload(elements);
  const y = await backend.allocate(generator.space.size);
  await map.apply(x, y);
  between();
  await map.apply(y, x);
  return backend.download(x);
}

async function expectRight(device: Device) {
  const exact = apply(generator, apply(generator, elements));
  expect(distance(await twice(device), exact)).toBeLessThanOrEqual(1e-6 * norm(exact));
}

describe('a device that is lost', () => {
  test('between two operations: an error that says so, and a new device does the work', async () => {
    const device = await openDevice();
    await expect(twice(device, () => device.gpu.destroy())).rejects.toThrow(DeviceLostError);
    await expect(twice(device)).rejects.toThrow(DeviceLostError);
    const fresh = await openDevice();
    await expectRight(fresh);
    fresh.close();
  });

  test('while a band is solved', async () => {
    const device = await openDevice();
    await expect(bandError(device, () => device.gpu.destroy())).rejects.toThrow(DeviceLostError);
    const fresh = await openDevice();
    expect(await bandError(fresh)).toBeLessThan(1e-6);
    fresh.close();
  });

  test('while a result is on its way', async () => {
    const device = await openDevice();
    const backend = await webgpuBackend(device, 'f32');
    const x = await backend.upload(elements);
    const reading = backend.dot(x, x);
    device.gpu.destroy();
    await expect(reading).rejects.toThrow(DeviceLostError);
    await expect(backend.allocate(10)).rejects.toThrow(DeviceLostError);
  });
});

/** ‖M y − x‖ / ‖x‖ for a band M on a device. `between` happens when the solution was asked for. */
async function bandError(device: Device, between: () => void = () => {}): Promise<number> {
  const backend = await webgpuBackend(device, 'f32');
  const band = randomBand([20, 41, 30, 9], 1);
  const map = await backend.factoriseBand(band);
  expect(map.onHost).toBeUndefined();
  const right = randomElements(elementsOf(band), 2);
  const x = await backend.upload(right);
  const y = await backend.allocate(elementsOf(band));
  await map.apply(x, y);
  between();
  await map.apply(x, y);
  const error = norm(bandResidual(band, await backend.download(y), right)) / norm(right);
  map.release();
  return error;
}

describe('memory', () => {
  /** Lets the next `times` allocations of a device run out of memory. */
  const exhaust = (device: Device, times: number) => {
    const { gpu } = device;
    const createBuffer = gpu.createBuffer.bind(gpu);
    const popErrorScope = gpu.popErrorScope.bind(gpu);
    let failed: 'validation' | 'memory' | null = null;
    let left = times;
    vi.spyOn(gpu, 'createBuffer').mockImplementation((descriptor) => {
      if (left > 0 && (descriptor.usage & GPUBufferUsage.STORAGE) !== 0) {
        left--;
        failed = 'validation';
      }
      return createBuffer(descriptor);
    });
    vi.spyOn(gpu, 'popErrorScope').mockImplementation(async () => {
      const now = failed;
      if (now === 'validation') failed = 'memory';
      if (now === 'memory') failed = null;
      const error = await popErrorScope();
      return now === 'memory' ? ({ message: 'no memory left' } as GPUOutOfMemoryError) : error;
    });
  };

  test('more than a binding holds is refused before it is asked for', async () => {
    const device = await openDevice();
    const bytes = device.bindingLimit + 4;
    const wanted = device.storage('density matrix', bytes);
    await expect(wanted).rejects.toThrow(OutOfDeviceMemoryError);
    await expect(wanted).rejects.toThrow(`density matrix: ${bytes} bytes`);
    device.close();
  });

  test('that runs out: free buffers go first, and the allocation is tried again', async () => {
    const device = await openDevice();
    const backend = await webgpuBackend(device, 'f32');
    backend.release(await backend.allocate(100_000));
    const before = device.pool.bytes;
    exhaust(device, 1);
    await backend.allocate(1000);
    expect(device.pool.bytes).toBeLessThan(before);
    vi.restoreAllMocks();
    await expectRight(device);
    device.close();
  });

  test('that is really used up: an error that names what asked, and the device goes on', async () => {
    const device = await openDevice();
    const backend = await webgpuBackend(device, 'f32');
    exhaust(device, 2);
    const wanted = backend.allocate(1000);
    await expect(wanted).rejects.toThrow(OutOfDeviceMemoryError);
    await expect(wanted).rejects.toThrow('vector: no memory left');
    vi.restoreAllMocks();
    await expectRight(device);
    device.close();
  });

  test('in a solution: an error that says how much it takes, and what takes less', async () => {
    const device = await openDevice();
    const backend = await webgpuBackend(device, 'f32');
    const parameters = deviceParameters({ V: 1 });
    const window = rotorWindow(-100, 100);
    exhaust(device, Number.POSITIVE_INFINITY);
    const wanted = solveSteadyOn(
      parameters,
      window,
      { space: 'band', dmax: 4, method: 'gmres' },
      backend,
      { precision: 'f32' },
    );
    await expect(wanted).rejects.toThrow(OutOfDeviceMemoryError);
    await expect(wanted).rejects.toThrow(
      /: no memory left; a solution takes up to [\d.]+ GB on a device: --method bicgstab takes [\d.]+ GB, a smaller window takes less$/,
    );
    vi.restoreAllMocks();
    device.close();
  });

  test('for the factors of a band: an error that names them, and what they took is free', async () => {
    const device = await openDevice();
    exhaust(device, 2);
    const wanted = bandError(device);
    await expect(wanted).rejects.toThrow(OutOfDeviceMemoryError);
    await expect(wanted).rejects.toThrow('factors of a band: no memory left');
    vi.restoreAllMocks();
    expect(await bandError(device)).toBeLessThan(1e-6);
    const { bytes } = device.pool;
    expect(await bandError(device)).toBeLessThan(1e-6);
    // Of the second time only the vectors were not given back.
    expect(device.pool.bytes - bytes).toBeLessThan(10_000);
    device.close();
  });
});

test('what validation objects to is thrown where a result is read back', async () => {
  const device = await openDevice();
  const buffer = await device.storage('small', 64);
  device.copy(buffer, buffer, 64);
  await expect(device.read(buffer, 64)).rejects.toThrow(DeviceValidationError);
  await expectRight(device);
  device.close();
});

describe('double-float arithmetic that is wrong', () => {
  test('in every variant: a refusal that names each, never f32 in its place', async () => {
    const device = await openDevice();
    const read = device.read.bind(device);
    // A compiler that undoes compensation leaves low parts that are 0.
    vi.spyOn(device, 'read').mockImplementation(
      async (buffer, bytes) =>
        Float32Array.from(new Float32Array(await read(buffer, bytes)), (value, i) =>
          i % 2 === 0 ? value : 0,
        ).buffer,
    );
    const probe = await probeDf64(device);
    expect(probe.variant).toBeNull();
    expect(probe.candidates.map(({ name }) => name)).toEqual(DF64_VARIANTS.map(({ name }) => name));
    const refused = webgpuBackend(device, 'f64');
    await expect(refused).rejects.toThrow(PrecisionError);
    for (const { name } of DF64_VARIANTS) await expect(refused).rejects.toThrow(name);
    vi.restoreAllMocks();
    device.close();
  });

  test.each(DF64_VARIANTS)('in the variant $name alone: the others are tried', async (broken) => {
    const device = await openDevice();
    const rest = DF64_VARIANTS.filter((v) => v !== broken);
    const unbroken = await probeDf64(device, rest);
    const run = device.kernel.bind(device);
    const read = device.read.bind(device);
    let wrong = false;
    vi.spyOn(device, 'kernel').mockImplementation((module, entry, bindings, variant) => {
      wrong = Object.entries(broken.conditions).every(
        ([name, value]) => variant?.conditions?.[name] === value,
      );
      return run(module, entry, bindings, variant);
    });
    vi.spyOn(device, 'read').mockImplementation(async (buffer, bytes) => {
      const result = await read(buffer, bytes);
      return wrong ? new ArrayBuffer(bytes) : result;
    });
    const probe = await probeDf64(device, [broken, ...rest]);
    expect(probe.variant).toEqual(unbroken.variant);
    expect(probe.candidates[0]).toEqual({
      name: broken.name,
      maxRelativeError: Number.POSITIVE_INFINITY,
    });
    vi.restoreAllMocks();
    device.close();
  });

  test('is found without help: what passes has low parts and is right to 1e-13', async () => {
    const device = await openDevice();
    const { variant, candidates } = await probeDf64(device);
    expect(variant).not.toBeNull();
    const error = candidates.find(({ name }) => name === variant?.name)?.maxRelativeError;
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThanOrEqual(1e-13);
    device.close();
  });
});
