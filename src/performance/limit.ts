/**
 * The limit of one core: the zero-charge sector in plain C (bench/limit/sector.c), compiled on the spot. What is
 * ours is held against it where it solves the same points on one core.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DeviceParameters } from '../model/parameters.js';
import type { Window } from '../operators/window.js';
import { each, type Timing, timingOf } from './measure.js';

const SOURCE = fileURLToPath(new URL('../../bench/limit/sector.c', import.meta.url));
const FLAGS = ['-O3', '-march=native', '-ffast-math'];
const COMPILERS = ['gcc', 'clang', 'cc'];
const PARAMETERS = ['beta1', 'betaR', 'B1', 'B2', 'g', 'chi', 'lambda', 'gamma', 'I'] as const;

/** ⟨L_z⟩, ⟨L_z²⟩, Q̇1, Q̇2 and Q̇r. */
const LIMIT_NUMBERS = ['Lz', 'Lz2', 'Q1', 'Q2', 'Qr'] as const;

export interface LimitQuestion {
  readonly parameters: DeviceParameters;
  readonly window: Window;
  /** The hot bath's inverse temperature at the first point and between two. */
  readonly beta2: { readonly first: number; readonly step: number };
  readonly points: number;
  readonly runs: number;
}

export interface LimitAnswer {
  /** Of one point. */
  readonly timing: Timing;
  /** The numbers of the first point and of the last. */
  readonly first: readonly number[];
  readonly last: readonly number[];
}

export interface Limit {
  /** The compiler, its version and the flags. */
  readonly name: string;
  ask(question: LimitQuestion): LimitAnswer;
  /** Removes the program. */
  close(): void;
}

const firstLine = (text: string): string => text.trim().split('\n')[0];

/** The limit, or why this machine has none. */
export function compileLimit(): Limit | { readonly missing: string } {
  const folder = mkdtempSync(join(tmpdir(), 'quantum-mill-limit-'));
  const program = join(folder, 'sector');
  const close = () => rmSync(folder, { recursive: true, force: true });
  let why = `no C compiler (${COMPILERS.join(', ')})`;
  for (const compiler of COMPILERS) {
    const version = spawnSync(compiler, ['--version'], { encoding: 'utf8' });
    if (version.status !== 0) continue;
    const { status, stderr } = spawnSync(compiler, [...FLAGS, SOURCE, '-o', program, '-lm'], {
      encoding: 'utf8',
    });
    if (status === 0) {
      const name = `${firstLine(version.stdout)} ${FLAGS.join(' ')}`;
      return { name, close, ask: (question) => ask(program, question) };
    }
    why = firstLine(stderr);
  }
  close();
  return { missing: `the limit of one core in C skipped: ${why}` };
}

function ask(program: string, question: LimitQuestion): LimitAnswer {
  const { parameters, window, beta2, points, runs } = question;
  const { size, lmin } = window;
  const numbers = [size, lmin, points, runs, beta2.first, beta2.step];
  const device = PARAMETERS.map((name) => parameters[name]);
  const { status, stdout, stderr } = spawnSync(program, [...numbers, ...device].map(String), {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`bench/limit/sector.c: ${firstLine(stderr)}`);
  const { seconds, values } = JSON.parse(stdout) as { seconds: number[]; values: number[] };
  return {
    timing: each(timingOf(seconds), points),
    first: values.slice(0, LIMIT_NUMBERS.length),
    last: values.slice(LIMIT_NUMBERS.length),
  };
}
