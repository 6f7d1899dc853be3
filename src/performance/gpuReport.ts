/** What one file tells of a GPU that its owner measured: its adapters, its tests, its times; and what it lacks. */
import type { AdapterDescription } from '../backend/webgpu/adapters.js';
import type { ProbeRecord } from '../backend/webgpu/probe.js';
import type { Group } from './row.js';
import type { Machine, Study } from './study.js';

/** Groups of the study that measure a WebGPU device. */
export const DEVICE_GROUPS = ['apply', 'sweep', 'precision'] as const satisfies readonly Group[];
export type DeviceGroup = (typeof DEVICE_GROUPS)[number];

/** Commands as a user gives them, each in processes of its own, by what they answer. */
export const FIRST_ANSWERS = {
  'local model': ['steady', '--backend', 'webgpu'],
  'global model': ['steady', '--backend', 'webgpu', '--model', 'global'],
  'potential, N = 61': [
    ...['steady', '--backend', 'webgpu', '--V', '1'],
    ...['--lmin', '-30', '--lmax', '30'],
  ],
  'evolution with a potential': [
    ...['evolve', '--backend', 'webgpu', '--V', '1', '--times', '1'],
    ...['--lmin', '-10', '--lmax', '10'],
  ],
} as const satisfies Record<string, readonly string[]>;
export type FirstAnswer = keyof typeof FIRST_ANSWERS;

/** A file of the WebGPU tests. */
export interface TestedFile {
  /** Its path in the repository. */
  readonly file: string;
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly { readonly name: string; readonly message: string }[];
}

export interface Answered {
  readonly command: string;
  /** What it said where it gave no answer; else null. */
  readonly failure: string | null;
  /**
   * The largest relative difference of its numbers to those of the CPU, of small ones relative to a thousandth
   * of the largest; null without an answer.
   */
  readonly difference: number | null;
  /** Wall time of each process from its start to its end, one after the other (s). */
  readonly seconds: readonly number[];
}

/** Parts are null, or absent, until they have been measured. */
export interface GpuReport {
  readonly program: 'quantum-mill';
  readonly version: string;
  readonly commit: string | null;
  readonly machine: Machine;
  readonly adapters: readonly AdapterDescription[];
  readonly arithmetic: {
    readonly adapter: string;
    readonly variant: string | null;
    readonly candidates: ProbeRecord['candidates'];
  } | null;
  readonly tests: readonly TestedFile[] | null;
  readonly answers: Partial<Record<FirstAnswer, Answered>>;
  readonly studies: Partial<Record<DeviceGroup, Study>>;
}

/**
 * What a report lacks, a line each; none where it is complete. A failure, or a wrong number, is a finding: it
 * is not something that lacks.
 * @param testFiles paths of the files of WebGPU tests that there are
 */
export function missingIn(report: GpuReport, testFiles: readonly string[]): string[] {
  const { adapters, arithmetic, tests, answers, studies } = report;
  const missing: string[] = [];
  if (adapters.length === 0) missing.push('adapters: none was found');
  if (arithmetic === null) missing.push('arithmetic: the probe of double-float was not run');
  const run = new Set(
    tests?.filter(({ passed, failures }) => passed + failures.length > 0).map(({ file }) => file),
  );
  for (const file of testFiles) if (!run.has(file)) missing.push(`tests: ${file} was not run`);
  for (const name of Object.keys(FIRST_ANSWERS) as FirstAnswer[]) {
    if (answers[name] === undefined) missing.push(`answers: ${name} was not measured`);
  }
  for (const group of DEVICE_GROUPS) {
    const study = studies[group];
    if (study === undefined) missing.push(`studies: ${group} was not measured`);
    else if (study.quick) missing.push(`studies: ${group} was measured with --quick`);
    else if (!study.rows.some(({ adapter }) => adapter !== null)) {
      missing.push(`studies: ${group} measured no WebGPU device (${study.skipped.join('; ')})`);
    }
  }
  return missing;
}
