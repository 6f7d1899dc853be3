/** The same few wild devices on WebGPU; `npm run test:wild` takes a thousand. */
import { expect, test } from 'vitest';
import { wildDevices } from './devices.js';
import { wrongWithoutMark } from './table.js';
import { compareOnDevice } from './webgpu.js';

test.each(['local', 'global'] as const)(
  'wild devices of the %s model on WebGPU are right or marked',
  async (model) => {
    expect(wrongWithoutMark(await compareOnDevice(wildDevices(model, 24, 20240214)))).toEqual([]);
  },
);
