/** Double-float by whole numbers: exact sums and products of f32, and backends that are forced to use them. */
import { afterAll, expect, test } from 'vitest';
import type { OpenChains } from '../../../src/backend/batches.js';
import { webgpuBackend } from '../../../src/backend/webgpu/backend.js';
import { openDevice } from '../../../src/backend/webgpu/device.js';
import { webgpuChains } from '../../../src/backend/webgpu/eliminations.js';
import { DF64_VARIANTS, probeDf64 } from '../../../src/backend/webgpu/probe.js';
import { apply } from '../../../src/generator/apply.js';
import { lindbladian } from '../../../src/generator/lindbladian.js';
import { device as quantumDevice } from '../../../src/model/device.js';
import { deviceParameters } from '../../../src/model/parameters.js';
import { rotorWindow } from '../../../src/operators/window.js';
import { steadyStateOn } from '../../../src/simulate/steady.js';
import { SteadyReading } from '../../../src/simulate/steadyReading.js';
import { solvedOn } from '../../support/deviceChains.js';
import { distance, norm, operatorNorm, randomElements } from '../../support/vectors.js';

const opened = openDevice();
const integer = DF64_VARIANTS.filter(({ name }) => name === 'integer');
const probe = opened.then((device) => probeDf64(device, integer));
afterAll(async () => {
  await probe;
  (await opened).close();
});

const KERNEL = `
import package::df64;
@group(0) @binding(0) var<storage, read> operands: array<vec2f>;
@group(0) @binding(1) var<storage, read_write> results: array<vec4f>;
@compute @workgroup_size(64)
fn operations(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= arrayLength(&operands)) { return; }
  let pair = operands[id.x];
  results[id.x] = vec4f(df64::two_sum(pair.x, pair.y), df64::two_product(pair.x, pair.y));
}
`;

/** Sums and products with their errors, of numbers that lie two by two. */
async function operations(operands: Float32Array<ArrayBuffer>): Promise<Float32Array> {
  const device = await opened;
  const kernel = await device.kernel('generated', 'operations', ['input', 'output'], {
    conditions: { ...integer[0].conditions, df64: true },
    generated: KERNEL,
  });
  const [from, to] = [operands.byteLength, 2 * operands.byteLength];
  const source = await device.storage('operands', from);
  const target = await device.storage('results', to);
  device.write(source, operands);
  const slices = [
    { buffer: source, size: from },
    { buffer: target, size: to },
  ];
  device.dispatch(kernel, slices, [Math.ceil(operands.length / 128), 1, 1], from + to);
  const results = new Float32Array(await device.read(target, to));
  device.pool.release(source);
  device.pool.release(target);
  return results;
}

/** Float32 numbers whose bits are random, from 2^-45 to 2^62 in size, and neighbours of powers of two. */
function randomOperands(count: number): Float32Array<ArrayBuffer> {
  let state = 0x2545f491;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state;
  };
  const bits = Uint32Array.from({ length: 2 * count }, () => {
    const exponent = 110 + (random() >>> 8) * 2 ** -24 * 80;
    const fraction = random() >>> 9;
    const few = fraction & ((1 << (random() >>> 28)) - 1);
    const kinds = [fraction, fraction, few, few << 8, 0x7fffff - few];
    const kind = kinds[(random() >>> 16) % kinds.length] & 0x7fffff;
    return (((random() >>> 31) << 31) | (Math.floor(exponent) << 23) | kind) >>> 0;
  });
  // Every third pair is of nearly the same size, so that much cancels.
  for (let i = 0; i < bits.length; i += 6) {
    const distance = (random() >>> 16) % 28;
    const exponent = ((bits[i] >>> 23) & 255) - distance;
    bits[i + 1] = ((bits[i + 1] & 0x807fffff) | (exponent << 23)) >>> 0;
  }
  return new Float32Array(bits.buffer);
}

test('sums and products with their errors are exact', async () => {
  const edges = [
    0,
    -0,
    1,
    -1,
    1 + 2 ** -23,
    1 - 2 ** -24,
    2 ** 24,
    2 ** 25,
    -(2 ** 24) + 1,
    3,
    2 ** -24,
  ];
  const pairs = edges.flatMap((a) => edges.flatMap((b) => [a, b]));
  const operands = Float32Array.from([...pairs, ...randomOperands(20_000)]);
  const results = await operations(operands);
  let inexact = 0;
  for (let i = 0; i < operands.length / 2; i++) {
    const [a, b] = [operands[2 * i], operands[2 * i + 1]];
    // Zeros have signs, which do not matter.
    const found = results.subarray(4 * i, 4 * i + 4).map((number) => number + 0);
    const [sum, sumError, product, productError] = found;
    // In float64 the product of two f32 is exact, and their sum where they are not too far apart.
    const isFar = a !== 0 && b !== 0 && Math.abs(Math.log2(Math.abs(a / b))) > 28;
    const exact = (sum: number) => [Math.fround(sum) + 0, sum - Math.fround(sum) + 0];
    const larger = Math.abs(a) > Math.abs(b) ? [a, b] : [b, a];
    const wanted = [...(isFar ? larger : exact(a + b)), ...exact(a * b)];
    // An expectation for each of so many takes longer than the GPU does.
    if (!wanted.every((number, k) => Object.is(number, found[k]))) {
      expect([sum, sumError, product, productError], `${a} ${b}`).toEqual(wanted);
    }
    if (sumError !== 0) inexact++;
  }
  expect(inexact).toBeGreaterThan(1000);
});

test('what has no f32 is infinite, or 0; what is below its normal range may be', async () => {
  const operands = Float32Array.from([
    3e38,
    3e38,
    1e30,
    -1e30,
    1e-30,
    1e-30,
    1e-40,
    1,
    Infinity,
    1,
  ]);
  const found = await operations(operands);
  const [sumOf, productOf] = [0, 2].map((at) => (i: number) => found[4 * i + at]);
  expect(sumOf(0)).toBe(Infinity);
  expect(productOf(0)).toBe(Infinity);
  expect(sumOf(1)).toBe(0);
  expect(productOf(1)).toBe(-Infinity);
  expect(productOf(2)).toBe(0);
  expect(sumOf(3)).toBe(1);
  expect([0, Math.fround(1e-40)]).toContain(productOf(3) + 0);
  expect([sumOf(4), productOf(4)]).toEqual([Infinity, Infinity]);
});

test('the probe finds it right', async () => {
  const { variant, candidates } = await probe;
  expect(variant?.name).toBe('integer');
  expect(candidates[0].maxRelativeError).toBeGreaterThan(0);
  expect(candidates[0].maxRelativeError).toBeLessThanOrEqual(1e-13);
});

test('L·ρ by it is the CPU’s', async () => {
  const backend = await webgpuBackend(await opened, 'f64', await probe);
  const { system } = quantumDevice(deviceParameters({ V: 1.5 }), rotorWindow(-5, 6));
  const generator = lindbladian(system, { maxDelta: 5 }).total;
  const elements = randomElements(generator.space.size, 7);
  const map = await backend.prepare(generator);
  const x = await backend.upload(elements);
  const y = await backend.allocate(elements.length / 2);
  await map.apply(x, y);
  const found = await backend.download(y);
  const error = distance(found, apply(generator, elements));
  expect(error / (operatorNorm(generator) * norm(elements))).toBeLessThanOrEqual(1e-12);
  map.release();
});

test('steady states by it are the CPU’s', async () => {
  const chains: OpenChains = async (precision, form) =>
    webgpuChains(await opened, precision, form, await probe);
  const window = rotorWindow(-10, 16);
  const devices = [{}, { chi: 0.4, lambda: 2, gamma: 0.3 }].map((input) => deviceParameters(input));
  const points = devices.map((parameters) => ({ parameters, window }));
  (await solvedOn(chains, 'f64', points)).forEach(({ state }, p) => {
    const found = new SteadyReading(state);
    const exact = new SteadyReading(steadyStateOn(devices[p], window));
    for (const name of ['Q1', 'Q2', 'Qr'] as const) {
      const error = Math.abs(found.heat[name] - exact.heat[name]);
      expect(error, name).toBeLessThanOrEqual(1e-9 * Math.abs(exact.heat.Q1));
    }
    expect(Math.abs(found.Lz - exact.Lz)).toBeLessThanOrEqual(1e-9 * Math.abs(exact.Lz));
  });
});
