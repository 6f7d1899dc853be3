/** What a command's file gives to the program: its own options, help and action. */
import type { Command } from 'commander';
import type { Window } from '../operators/window.js';
import type { WindowEdges } from '../simulate/edgeProblems.js';

/** Exit status of bad input: one line on stderr names the field, the value and what is allowed. */
export const BAD_INPUT = 2;
/** Exit status where there is no answer, or one that is printed but not converged. */
export const NOT_CONVERGED = 3;
/** Exit status after Ctrl-C, as shells have it. */
export const INTERRUPTED = 130;

/** Exit status where results could not be written or read: the disk is full, or read-only, or damaged. */
export const STORE_FAILED = 1;

/** Says what is wrong with an answer. @returns the exit status */
export function statusOf({
  converged,
  problems,
}: {
  readonly converged: boolean;
  readonly problems: readonly string[];
}): number {
  for (const problem of problems) process.stderr.write(`not converged: ${problem}\n`);
  return converged ? 0 : NOT_CONVERGED;
}

/**
 * Says how far a run came that was interrupted. @returns the exit status
 * @param file of a checkpoint, where it has one
 */
export function interruptedAt(what: string, file?: string): number {
  const goOn = file === undefined ? '' : '; the same command goes on from there';
  process.stderr.write(`interrupted${what}${goOn}\n`);
  return INTERRUPTED;
}

/** Says how far a window is too small. @returns the exit status */
export function statusOfEdges(
  { lmin, lmax }: Pick<Window, 'lmin' | 'lmax'>,
  largestEdge: number,
  edgeTolerance: number,
): number {
  process.stderr.write(
    `not converged: a population at the edges of [${lmin}, ${lmax}] came to ` +
      `${largestEdge.toExponential(1)}, above the tolerance ${edgeTolerance}\n`,
  );
  return NOT_CONVERGED;
}

/**
 * Says which populations a window cuts off. @returns the exit status
 * @param what populations they are
 * @param why that may be so, in words
 */
export function statusOfCut(
  what: string,
  { lmin, lmax, edgeLow, edgeHigh }: WindowEdges,
  edgeTolerance: number,
  why = '',
): number {
  const [low, high] = [edgeLow, edgeHigh].map((edge) => (edge ?? 0).toExponential(1));
  process.stderr.write(
    `not converged: ${what} at the edges of [${lmin}, ${lmax}] reach ${low} and ${high}, ` +
      `above the tolerance ${edgeTolerance}${why}\n`,
  );
  return NOT_CONVERGED;
}

/** Wraps an action, whose number is the exit status of the process. */
export type Running = <A extends unknown[]>(
  run: (...args: A) => Promise<number>,
) => (...args: A) => Promise<void>;

/**
 * Adds options, help and action to the command, which has its name and description already.
 * @param all every command with its options, for what is about commands
 */
export type AddCommand = (command: Command, running: Running, all: () => Promise<Command>) => void;
