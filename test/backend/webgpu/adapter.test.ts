import { afterAll, describe, expect, test } from 'vitest';
import { dawn } from '../../../src/backend/webgpu/dawn.js';
import { openDevice } from '../../support/device.js';

const doubling = /* wgsl */ `
@group(0) @binding(0) var<storage, read_write> values: array<f32>;

@compute @workgroup_size(64)
fn double(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < arrayLength(&values)) { values[id.x] *= 2; }
}`;

async function doubleOnDevice(device: GPUDevice, values: Float32Array<ArrayBuffer>) {
  const storage = device.createBuffer({
    size: values.byteLength,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
  });
  const readback = device.createBuffer({
    size: values.byteLength,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  device.queue.writeBuffer(storage, 0, values);
  const pipeline = await device.createComputePipelineAsync({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code: doubling }) },
  });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer: storage } }],
    }),
  );
  pass.dispatchWorkgroups(Math.ceil(values.length / 64));
  pass.end();
  encoder.copyBufferToBuffer(storage, 0, readback, 0, values.byteLength);
  device.queue.submit([encoder.finish()]);
  await readback.mapAsync(GPUMapMode.READ);
  const result = Array.from(new Float32Array(readback.getMappedRange()));
  readback.unmap();
  storage.destroy();
  readback.destroy();
  return result;
}

describe('the test adapter', () => {
  const opened = openDevice(dawn());
  afterAll(async () => (await opened).destroy());

  test('computes', async () => {
    const values = Float32Array.from({ length: 1000 }, (_, index) => index - 500.25);
    const doubled = await doubleOnDevice(await opened, values);
    expect(doubled).toEqual(Array.from(values, (value) => 2 * value));
  });

  test.runIf(process.env.VK_DRIVER_FILES?.includes('swiftshader'))(
    'is SwiftShader, with the limits the solvers are tested against',
    async () => {
      const adapter = await dawn().requestAdapter();
      expect(adapter?.info.description).toContain('SwiftShader');
      expect(adapter?.limits.maxStorageBufferBindingSize).toBeGreaterThanOrEqual(2 ** 30);
      expect(adapter?.limits.maxComputeWorkgroupStorageSize).toBeGreaterThanOrEqual(32 * 1024);
    },
  );
});

describe('the null backend', () => {
  const opened = openDevice(dawn(['backend=null']));
  afterAll(async () => (await opened).destroy());

  test('accepts valid WGSL', async () => {
    const module = (await opened).createShaderModule({ code: doubling });
    expect((await module.getCompilationInfo()).messages).toEqual([]);
  });

  test('names the line of a WGSL error', async () => {
    const device = await opened;
    device.pushErrorScope('validation');
    const module = device.createShaderModule({ code: doubling.replace('*= 2', '*= 2u') });
    const { messages } = await module.getCompilationInfo();
    expect((await device.popErrorScope())?.message).toContain('f32');
    expect(messages.map(({ type, lineNum }) => ({ type, lineNum }))).toEqual([
      { type: 'error', lineNum: 6 },
    ]);
  });
});
