/** Studies: what may have a time, and what a picture of it shows. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Device, openDevice } from '../../src/backend/webgpu/device.js';
import { renderSvg } from '../../src/figures/render.js';
import { copyKernelBandwidth } from '../../src/performance/copies.js';
import { noPeers } from '../../src/performance/peers.js';
import { rooflinePlot } from '../../src/performance/roofline.js';
import { admitted, type Candidate } from '../../src/performance/row.js';
import { runStudy } from '../../src/performance/study.js';

const timing = { median: 1e-3, fastest: 9e-4, upperQuartile: 2e-3, repetitions: 5 };
const candidate: Candidate = {
  group: 'apply',
  task: 'L·ρ',
  solver: 'a device',
  peer: false,
  N: 61,
  adapter: null,
  precision: 'f32',
  error: 1e-8,
  oracle: 'another',
  tolerance: 1e-6,
  seconds: timing,
  bytes: 1e6,
  operations: 4e6,
  shares: [{ of: 'copy kernel', value: 0.5 }],
};

test('a wrong answer has neither a time nor a share', () => {
  expect(admitted(candidate).seconds).toEqual(timing);
  for (const error of [1e-5, Number.NaN]) {
    const { seconds, shares } = admitted({ ...candidate, error });
    expect(seconds).toBeNull();
    expect(shares).toEqual([]);
  }
});

test('a study keeps the best of each ceiling, and says once what is missing', async () => {
  const study = await runStudy({
    quick: true,
    peers: noPeers('no peers'),
    groups: {
      apply: async ({ onRow, onCeiling, onSkip }) => {
        const of = { device: 'a device', precision: 'f32' } as const;
        onCeiling({ ...of, of: 'copy kernel', perSecond: 1e9 });
        onCeiling({ ...of, of: 'copy kernel', perSecond: 2e9 });
        onCeiling({ ...of, of: 'copy command', perSecond: 8e9 });
        onCeiling({ ...of, of: 'arithmetic', perSecond: 16e9 });
        onSkip('another device');
        onSkip('another device');
        onRow(admitted(candidate));
      },
    },
  });
  expect(study.skipped).toEqual(['no peers', 'another device']);
  const found = study.ceilings.filter(({ device }) => device === 'a device');
  expect(found.map(({ of, perSecond }) => [of, perSecond])).toEqual([
    ['copy kernel', 2e9],
    ['copy command', 8e9],
    ['arithmetic', 16e9],
  ]);
  const plot = rooflinePlot(study);
  if (plot === null) throw new Error('a device has every ceiling');
  const svg = await renderSvg(plot);
  for (const name of ['copy kernel', 'copy command', 'operations per byte', 'a device']) {
    expect(svg).toContain(name);
  }
  // What has no memory bandwidth has no roof.
  const others = study.ceilings.filter(({ of }) => of === 'arithmetic');
  expect(rooflinePlot({ ...study, ceilings: others })).toBeNull();
});

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => device.close());

test('the copy kernel copies, in every width', async () => {
  const bandwidth = await copyKernelBandwidth(device, { seconds: 0, repetitions: 1 });
  expect(bandwidth).toBeGreaterThan(0);
});
