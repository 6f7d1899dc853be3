import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { main } from './commandLine.js';

interface Interrupted {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs `qmill` and interrupts it, as Ctrl-C does, a moment after a file has appeared.
 * @param moment in milliseconds
 */
export const interruptedOnceThereIs = (file: string, args: readonly string[], moment: number) =>
  new Promise<Interrupted>((resolve) => {
    const child = spawn(process.execPath, [main, ...args]);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    const look = setInterval(() => {
      if (!existsSync(file)) return;
      clearInterval(look);
      setTimeout(() => child.kill('SIGINT'), moment);
    }, 5);
    child.on('close', (code) => {
      clearInterval(look);
      resolve({ code, stdout, stderr });
    });
  });

/** The status of a command that was interrupted, and how often a moment for that is looked for. */
const INTERRUPTED = 130;
const TRIES = 12;

/**
 * The same, in the midst of a run: where it was over before, or nothing was there yet, at another moment. No moment is
 * right on every machine.
 * @param isEarly whether an interrupted run has nothing to tell yet
 */
export async function interruptedInTheMidst(
  file: string,
  args: readonly string[],
  isEarly: (outcome: Interrupted) => boolean = () => false,
): Promise<Interrupted> {
  let [early, late, moment] = [0, Number.POSITIVE_INFINITY, 200];
  for (let tries = 1; ; tries++) {
    const outcome = await interruptedOnceThereIs(file, args, moment);
    const isLate = outcome.code !== INTERRUPTED;
    if (tries === TRIES || !(isLate || isEarly(outcome))) return outcome;
    if (isLate) late = moment;
    else early = moment;
    moment = late === Number.POSITIVE_INFINITY ? 2 * early : (early + late) / 2;
    rmSync(file, { force: true });
  }
}
