/** Which process something belongs to, and whether that one still runs. */
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';

export const ownerSchema = z.strictObject({
  /** The host's name, for messages. */
  host: z.string(),
  /**
   * What stays the same as long as a process number means the same process: the machine, since when it has
   * been up, and the container.
   */
  machine: z.string(),
  pid: z.int().positive(),
  /** When the process started, as the operating system counts; null where it does not say. */
  started: z.string().nullable(),
  /** No two owners have the same. */
  token: z.string().regex(/^[0-9a-z-]+$/),
});

export type Owner = z.output<typeof ownerSchema>;

const quietly = (read: () => string): string => {
  try {
    return read().trim();
  } catch {
    return '';
  }
};

const machine = createHash('sha256')
  .update(
    JSON.stringify([
      hostname(),
      quietly(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
      quietly(() => readlinkSync('/proc/self/ns/pid')),
    ]),
  )
  .digest('hex')
  .slice(0, 12);

/** The state and the start of a process on Linux, from /proc/PID/stat; null where it cannot be read. */
function statOf(pid: number): { state: string; started: string } | null {
  const stat = quietly(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The name in parentheses may hold anything; what follows does not.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.length < 20 ? null : { state: fields[0], started: fields[19] };
}

function startOf(pid: number): string | null {
  if (process.platform === 'linux') return statOf(pid)?.started ?? null;
  if (process.platform === 'win32') return null;
  const started = quietly(() =>
    execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }),
  );
  return started === '' ? null : started;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Not permitted: it is another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  // A killed process whose parent has not asked after it keeps its number, and does nothing any more.
  const state = process.platform === 'linux' ? statOf(pid)?.state : undefined;
  return state !== 'Z' && state !== 'X';
}

/** A name for what this process is about to write, which no other process and no other call has. */
export const processToken = (): string =>
  `${machine}-${process.pid}-${randomBytes(5).toString('hex')}`;

let started: string | null | undefined;

/** This process, as the owner of one thing. */
export function thisProcess(): Owner {
  started ??= startOf(process.pid);
  return { host: hostname(), machine, pid: process.pid, started, token: processToken() };
}

/** Whether an owner's process still runs; null where that cannot be told from here. */
export function isRunning(owner: Owner): boolean | null {
  if (owner.machine !== machine) return null;
  if (!exists(owner.pid)) return false;
  const now = startOf(owner.pid);
  return now === null || owner.started === null ? null : now === owner.started;
}

/** Whether a token is of a process of this machine that runs no more. */
export function isAbandoned(token: string): boolean {
  const [of, pid] = token.split('-');
  return of === machine && /^\d+$/.test(pid ?? '') && !exists(Number(pid));
}
