#!/usr/bin/env node
/** `qmill`: the command line. Results go to stdout, diagnostics to stderr. */
import { Command, CommanderError } from 'commander';
import { ParameterError, UnknownKeyError } from '../model/parameters.js';
import { NonUniqueSteadyStateError } from '../solve/conservingElimination.js';
import { version } from '../version.js';
import { runAdapters } from './adapters.js';
import { runFigure } from './figure.js';
import { addParameterOptions } from './options.js';
import { rectifyDefaults, runRectify } from './rectify.js';
import { runSteady } from './steady.js';

/** Exit status of bad input: one line on stderr names the field, the value and what is allowed. */
const BAD_INPUT = 2;
const NO_ANSWER = 3;

const program = new Command('qmill')
  .description('Steady states of hybrid quantum rotor devices')
  .version(version)
  .exitOverride()
  .showSuggestionAfterError()
  .configureOutput({ outputError: (text, write) => write(`${text.trim().replace(/\n/g, ' ')}\n`) });

let status = 0;
const running =
  <A extends unknown[]>(run: (...args: A) => Promise<number>) =>
  async (...args: A) => {
    status = await run(...args);
  };

addParameterOptions(
  program
    .command('steady')
    .description('steady state: heat, work, power, ergotropy, operation')
    .option('--json', 'print one JSON object'),
)
  .addHelpText(
    'after',
    `
Examples:
  qmill steady                                   Fig. 2's device at beta2/beta1 = 0.3
  qmill steady --beta2 0.08 --json               the same as a refrigerator, for programs
  qmill steady --config device.yaml --chi 0.5    parameters from a file, one of them changed
  qmill steady --lmin -20 --lmax 40              a given window of rotor levels`,
  )
  .action(running(runSteady));

addParameterOptions(
  program
    .command('rectify')
    .description('rectification of heat and angular momentum, and the devices that rectify best')
    .option('--over <list>', 'parameters to vary, each with a range if wanted: chi,B1=1:20', 'chi')
    .option('--alpha <list>', 'weights α of R against J in Γ_α', '0,0.5,1')
    .option(
      '--definition <name>',
      'R_angular as printed (signed), or of the magnitudes of ⟨L_z⟩ (magnitude)',
      'signed',
    )
    .option('--json', 'print one JSON object'),
  rectifyDefaults,
)
  .addHelpText(
    'after',
    `
Examples:
  qmill rectify                                     Fig. 4's device, the best chi
  qmill rectify --beta2 0.05 --chi 0.3 --json       another device, for programs
  qmill rectify --over chi,B1=1:20 --alpha 0.25     the best chi and B1 together
  qmill rectify --definition magnitude              R_angular that stays within [0, 1]`,
  )
  .action(running(runRectify));

program
  .command('figure')
  .description("the paper's figures as SVG, PNG and CSV, and the table of its claims")
  .argument('<which>', '2, 3, 4, 5 or all')
  .option('--out <dir>', 'folder for the files', 'figures')
  .addHelpText(
    'after',
    `
Examples:
  qmill figure 2              Fig. 2 into ./figures
  qmill figure all --out out  every figure into ./out`,
  )
  .action(running(runFigure));

program
  .command('adapters')
  .description(
    'GPU adapters that WebGPU finds, their limits, and whether float64 answers are possible',
  )
  .action(running(runAdapters));

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
    if (error instanceof NonUniqueSteadyStateError) {
      process.stderr.write(`error: ${error.message}\n`);
      return NO_ANSWER;
    }
    if (error instanceof Error && error.name === 'NoAdapterError') {
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
