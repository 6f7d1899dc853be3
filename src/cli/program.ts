/** The commands of `qmill` together. */
import { Command } from 'commander';
import { version } from '../version.js';
import { addAdapters } from './adapters.js';
import { addBench } from './bench.js';
import { addCollide } from './collide.js';
import type { AddCommand, Running } from './command.js';
import { addEvolve } from './evolve.js';
import { addExport } from './export.js';
import { addFigure } from './figure.js';
import { addPlot } from './plot.js';
import { addRectify } from './rectify.js';
import { addServe } from './serve.js';
import { addSlurm } from './slurm.js';
import { addSteady } from './steady.js';
import { addSweep } from './sweep.js';
import { oneLine } from './terminal.js';
import { addTrajectories } from './trajectories.js';

/** In the order of the help text. */
const commands: readonly AddCommand[] = [
  addSteady,
  addEvolve,
  addCollide,
  addTrajectories,
  addSweep,
  addSlurm,
  addExport,
  addPlot,
  addRectify,
  addFigure,
  addBench,
  addAdapters,
  addServe,
];

/**
 * Runs a command line.
 * @param argv as Node has it: the interpreter, the program, its arguments
 * @returns the exit status
 */
export async function run(argv: readonly string[]): Promise<number> {
  const program = new Command('qmill')
    .description('Steady states, evolutions and sweeps of hybrid quantum rotor devices')
    .version(version)
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ outputError: (text, write) => write(`${oneLine(text)}\n`) });
  let status = 0;
  const running: Running =
    (action) =>
    async (...args) => {
      status = await action(...args);
    };
  for (const add of commands) add(program, running);
  await program.parseAsync(argv);
  return status;
}
