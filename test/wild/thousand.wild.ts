/**
 * A thousand devices, new ones every time, against many digits, on the CPU and on WebGPU: prints the worst error of
 * each observable. QMILL_SEED repeats a run.
 */
import { describe, expect, test } from 'vitest';
import { compare } from './comparison.js';
import { wildDevices } from './devices.js';
import { tableOf, wrongWithoutMark } from './table.js';
import { compareOnDevice } from './webgpu.js';

const DEVICES = 500;
const seed = Number(process.env.QMILL_SEED ?? Date.now() % 2 ** 31);

const ways = {
  cpu: (devices: ReturnType<typeof wildDevices>) => devices.map(compare),
  webgpu: compareOnDevice,
};

describe.each(['cpu', 'webgpu'] as const)('%s', (backend) => {
  test.each(['local', 'global'] as const)('%s', async (model) => {
    const comparisons = await ways[backend](wildDevices(model, DEVICES, seed));
    console.log(`${backend}, ${model} model, QMILL_SEED=${seed}, ${tableOf(comparisons)}`);
    expect(wrongWithoutMark(comparisons)).toEqual([]);
  });
});
