#!/usr/bin/env node
/** `qmill`: the command line. Results go to stdout, diagnostics to stderr. */
import { Command, CommanderError } from 'commander';
import { ParameterError, UnknownKeyError } from '../model/parameters.js';
import { NoSteadyStateError } from '../solve/verdict.js';
import { StoreError } from '../storage/errors.js';
import { SlurmError } from '../sweep/jobArray.js';
import { version } from '../version.js';
import { addAdapters } from './adapters.js';
import { addBench } from './bench.js';
import { addCollide } from './collide.js';
import {
  type AddCommand,
  BAD_INPUT,
  NOT_CONVERGED,
  type Running,
  STORE_FAILED,
} from './command.js';
import { addEvolve } from './evolve.js';
import { addExport } from './export.js';
import { addFigure } from './figure.js';
import { addPlot } from './plot.js';
import { addRectify } from './rectify.js';
import { addServe } from './serve.js';
import { addSlurm } from './slurm.js';
import { addSteady } from './steady.js';
import { addSweep } from './sweep.js';
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

const program = new Command('qmill')
  .description('Steady states, evolutions and sweeps of hybrid quantum rotor devices')
  .version(version)
  .exitOverride()
  .showSuggestionAfterError()
  .configureOutput({ outputError: (text, write) => write(`${text.trim().replace(/\n/g, ' ')}\n`) });

let status = 0;
const running: Running =
  (run) =>
  async (...args) => {
    status = await run(...args);
  };
for (const add of commands) add(program, running);

/** By name: the module of a class would be loaded with it. */
const DEVICE_ERRORS = ['NoAdapterError', 'PrecisionError', 'OutOfDeviceMemoryError'];

async function main(): Promise<number> {
  try {
    await program.parseAsync();
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_INPUT;
    if (error instanceof ParameterError || error instanceof UnknownKeyError) {
      process.stderr.write(`error: ${error.message}\n`);
      return BAD_INPUT;
    }
    if (error instanceof NoSteadyStateError) {
      process.stderr.write(`error: ${error.message}\n`);
      return NOT_CONVERGED;
    }
    if (error instanceof StoreError || error instanceof SlurmError) {
      process.stderr.write(`error: ${error.message}\n`);
      return STORE_FAILED;
    }
    if (error instanceof Error && DEVICE_ERRORS.includes(error.name)) {
      process.stderr.write(`error: ${error.message}\n`);
      return BAD_INPUT;
    }
    throw error;
  }
}

// Dawn keeps the event loop alive, so the end is explicit; streams are flushed first.
const code = await main();
await new Promise((flushed) => process.stdout.write('', flushed));
process.exit(code);
