/** `qmill bench --against REF`: an earlier version and this one in turn on the same machine. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Change, changeLine, changes, VERDICTS } from '../performance/against.js';
import { buildEarlier } from '../performance/earlierVersion.js';
import type { Study } from '../performance/study.js';

/** Each version twice, and neither always first: a machine that gets busier harms both. */
const TURNS = ['before', 'now', 'now', 'before'] as const;

const main = fileURLToPath(new URL('main.js', import.meta.url));

export interface Comparison {
  readonly before: { readonly ref: string; readonly commit: string };
  readonly now: { readonly version: string };
  readonly machine: Study['machine'];
  readonly date: string;
  readonly quick: boolean;
  readonly changes: readonly Change[];
}

/** @throws Error with the last words of a study that fails */
async function study(program: string, args: readonly string[]): Promise<Study> {
  const folder = mkdtempSync(join(tmpdir(), 'quantum-mill-study-'));
  try {
    const child = spawn(
      process.execPath,
      [program, 'bench', ...args, '--no-peers', '--out', folder],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let words = '';
    child.stderr.on('data', (text: Buffer) => {
      words += text.toString();
    });
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0)
      throw new Error(`a study ended with ${code}: ${words.trim().split('\n').pop()}`);
    return JSON.parse(readFileSync(join(folder, 'study.json'), 'utf8')) as Study;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param args groups and options that both versions are given
 * @throws {ParameterError} where the earlier version cannot be had
 */
export async function compareWith(ref: string, args: readonly string[]): Promise<Comparison> {
  const earlier = await buildEarlier(ref);
  process.once('exit', earlier.remove);
  const studies: Record<(typeof TURNS)[number], Study[]> = { before: [], now: [] };
  for (const [turn, which] of TURNS.entries()) {
    process.stderr.write(
      `study ${turn + 1} of ${TURNS.length}: ${which === 'now' ? 'this version' : ref}\n`,
    );
    studies[which].push(await study(which === 'now' ? main : earlier.main, args));
  }
  const [{ version, machine, date, quick }] = studies.now;
  return {
    before: { ref, commit: earlier.commit },
    now: { version },
    ...{ machine, date, quick },
    changes: changes(studies.before, studies.now),
  };
}

/** A line for each row, the slower first, and a count. */
export function comparisonText({ before, changes: rows }: Comparison): string {
  const weight = ({ verdict }: Change) => VERDICTS.indexOf(verdict);
  const sorted = [...rows].sort((a, b) => weight(a) - weight(b));
  const slower = rows.filter(({ verdict }) => verdict === 'slower').length;
  return [
    ...sorted.map(changeLine),
    `${slower} of ${rows.length} rows slower than ${before.ref} (${before.commit.slice(0, 10)})`,
  ].join('\n');
}
