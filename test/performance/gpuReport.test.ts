/** Reports of GPUs: what a file lacks is named, and nothing else. */
import { describe, expect, test } from 'vitest';
import {
  DEVICE_GROUPS,
  FIRST_ANSWERS,
  type GpuReport,
  missingIn,
} from '../../src/performance/gpuReport.js';
import { noPeers } from '../../src/performance/peers.js';
import { admitted } from '../../src/performance/row.js';
import { runStudy, type Study } from '../../src/performance/study.js';

const FILES = ['test/backend/webgpu/one.test.ts', 'test/simulate/another.test.ts'];

/** Of one row, which took a millisecond on that adapter. */
const study = (adapter: string | null, isQuick = false): Promise<Study> =>
  runStudy({
    quick: isQuick,
    peers: noPeers('no peers'),
    groups: {
      apply: async ({ onRow }) =>
        onRow(
          admitted({
            ...{ group: 'apply', task: 'L·ρ', solver: 'webgpu', peer: false, N: 61, adapter },
            ...{ precision: 'f32', error: 0, oracle: 'another', tolerance: 1e-6 },
            seconds: { median: 1e-3, fastest: 1e-3, upperQuartile: 1e-3, repetitions: 1 },
          }),
        ),
    },
  });

const measured = await study('a GPU');
const quick = await study('a GPU', true);
const ofCpu = await study(null);
const complete: GpuReport = {
  program: 'quantum-mill',
  version: '1.2.3',
  commit: null,
  machine: measured.machine,
  adapters: [
    {
      ...{ name: 'a GPU', vendor: 'a vendor', architecture: '', features: [] },
      ...{ maxBufferSize: 1, maxStorageBufferBindingSize: 1, maxComputeWorkgroupStorageSize: 1 },
    },
  ],
  arithmetic: { adapter: 'a GPU', variant: 'fma', candidates: [] },
  tests: FILES.map((file) => ({ file, passed: 3, skipped: 0, failures: [] })),
  answers: Object.fromEntries(
    Object.entries(FIRST_ANSWERS).map(([name, args]) => [
      name,
      { command: args.join(' '), failure: null, difference: 1e-12, seconds: [1] },
    ]),
  ),
  studies: Object.fromEntries(DEVICE_GROUPS.map((group) => [group, measured])),
};

/** All of some parts but one. */
const without = <T extends object>(parts: T, name: keyof T): T =>
  Object.fromEntries(Object.entries(parts).filter(([key]) => key !== name)) as T;

test('a complete report lacks nothing', () => {
  expect(missingIn(complete, FILES)).toEqual([]);
});

test('what failed is a finding, and not missing', () => {
  const failures = [{ name: 'a test', message: 'expected 1 to be 2' }];
  const [first, second] = complete.tests ?? [];
  const report: GpuReport = {
    ...complete,
    tests: [{ ...first, passed: 0, failures }, second],
    answers: {
      ...complete.answers,
      'local model': { command: 'qmill', failure: 'error: none', difference: null, seconds: [] },
    },
  };
  expect(missingIn(report, FILES)).toEqual([]);
});

describe('what is missing is named', () => {
  test.each<[string, Partial<GpuReport>, string[]]>([
    ['an adapter', { adapters: [] }, ['adapters: none was found']],
    ['the probe', { arithmetic: null }, ['arithmetic: the probe of double-float was not run']],
    ['tests', { tests: null }, FILES.map((file) => `tests: ${file} was not run`)],
    [
      'a file whose tests were all skipped',
      { tests: FILES.map((file, i) => ({ file, passed: i, skipped: 1, failures: [] })) },
      [`tests: ${FILES[0]} was not run`],
    ],
    [
      'an answer',
      { answers: without(complete.answers, 'global model') },
      ['answers: global model was not measured'],
    ],
    [
      'a study',
      { studies: without(complete.studies, 'sweep') },
      ['studies: sweep was not measured'],
    ],
    [
      'a thorough study',
      { studies: { ...complete.studies, apply: quick } },
      ['studies: apply was measured with --quick'],
    ],
    [
      'a device in a study',
      { studies: { ...complete.studies, precision: ofCpu } },
      ['studies: precision measured no WebGPU device (no peers)'],
    ],
  ])('%s', (_, part, lines) => {
    expect(missingIn({ ...complete, ...part }, FILES)).toEqual(lines);
  });
});
