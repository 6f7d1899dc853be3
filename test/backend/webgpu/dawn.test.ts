import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { dawn } from '../../../src/backend/webgpu/dawn.js';
import { openDevice } from '../../support/device.js';

test('there is one instance for each set of options', () => {
  expect(dawn(['backend=null'])).toBe(dawn(['backend=null']));
  expect(dawn(['backend=null'])).not.toBe(dawn([]));
});

test('a device outlives the collection of everything else it came from', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const device = await openDevice(dawn(['backend=null']));
  // Finalizers run between turns of the event loop. Failure here is the end of the process.
  for (let round = 0; round < 5; round++) {
    collectGarbage();
    await wait(10);
  }
  const module = device.createShaderModule({ code: '@compute @workgroup_size(1) fn main() {}' });
  expect((await module.getCompilationInfo()).messages).toEqual([]);
  device.destroy();
  expect((await device.lost).reason).toBe('destroyed');
});
