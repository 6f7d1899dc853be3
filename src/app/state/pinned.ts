/** The device that is pinned, to compare with: what its address says, and its steady state. */

import { computed, effect } from '@preact/signals';
import { wrap } from 'comlink';
import { HOST } from '../../backend/registry.js';
import type { DeviceRequest, Solver, SteadyResult } from '../solver/protocol.js';
import { startWorker } from '../startWorker.js';
import { Newest } from './newest.js';
import { type Device, readDevice, writeDevice } from './page.js';
import { changeSettings, page } from './store.js';

const text = computed(() => page.value.settings.pin);

export const pinnedDevice = computed<Device | null>(() =>
  text.value === '' ? null : readDevice(text.value),
);

/** A worker of its own, so that turning the sliders never cancels it. */
const solve = async (request: DeviceRequest): Promise<SteadyResult | null> => {
  const worker = startWorker('solver');
  try {
    return await wrap<Solver>(worker).steady(request);
  } finally {
    worker.terminate();
  }
};

export const pinnedSteady = new Newest<DeviceRequest, SteadyResult>({ run: solve });

/** Has it solved while the device's view is open; returns what ends that. */
export function followPinned(): () => void {
  const stop = effect(() => {
    const device = pinnedDevice.value;
    if (device === null) pinnedSteady.leave();
    else pinnedSteady.ask({ ...device, backend: HOST });
  });
  return () => {
    stop();
    pinnedSteady.leave();
  };
}

export const pin = (): void => changeSettings({ pin: writeDevice(page.peek()) });
export const unpin = (): void => changeSettings({ pin: '' });
