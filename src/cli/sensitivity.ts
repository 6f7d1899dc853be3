/** `qmill sensitivity`: how a machine's steady state changes with every parameter. */
import { EigenbasisError } from '../lindblad/eigenbasis.js';
import { NoSectorError } from '../lindblad/sectorSolution.js';
import { machineModel } from '../machine/description/models.js';
import { EDGE_TOLERANCE, ParameterError } from '../model/parameters.js';
import { machineWindow } from '../simulate/machineInputs.js';
import { MachineSystem } from '../simulate/machineSystem.js';
import { steadyRoute } from '../simulate/route.js';
import {
  machineSensitivity,
  millSensitivity,
  type Sensitivities,
} from '../simulate/sensitivity.js';
import { NoSteadyStateError } from '../solve/verdict.js';
import { checkBackend } from './backend.js';
import { chosenMachine, machineValues, refuseDeviceFlags } from './chosenMachine.js';
import { type AddCommand, NOT_CONVERGED } from './command.js';
import { printJson } from './json.js';
import { checkSteady } from './limits.js';
import { addMachineOptions } from './machineOptions.js';
import { unsolvedMachine } from './machineReport.js';
import { addParameterOptions, readOptions } from './options.js';
import {
  describeSensitivity,
  machineSensitivityReport,
  sensitivityReport,
} from './sensitivityReport.js';
import { unsolvedReport } from './steadyReport.js';

type Flags = Record<string, unknown>;

const namesIn = (given: unknown): string[] | null =>
  given === undefined
    ? null
    : String(given)
        .split(',')
        .map((name) => name.trim());

async function runMill({ json, of, ...flags }: Flags): Promise<number> {
  const { parameters, truncation, solver } = readOptions(flags);
  await checkBackend(solver);
  checkSteady(truncation);
  const begin = performance.now();
  try {
    const found = millSensitivity(parameters, truncation, namesIn(of));
    const report = sensitivityReport(parameters, found, truncation.edgeTolerance, begin);
    return printed(report, found, json === true);
  } catch (error) {
    if (json === true && error instanceof NoSteadyStateError) {
      printJson(
        unsolvedReport(parameters, steadyRoute(parameters, truncation, solver), error, begin),
      );
    }
    throw error;
  }
}

async function runMachine({ json, of, ...flags }: Flags): Promise<number> {
  refuseDeviceFlags(flags);
  if (flags.config !== undefined) {
    throw new ParameterError('config', flags.config, 'absent with machine');
  }
  const { truncation, solver } = readOptions(flags);
  await checkBackend(solver);
  const begin = performance.now();
  const described = chosenMachine(flags);
  if (!machineModel(described.model).hasFormulas) {
    throw new ParameterError(
      'model',
      described.model,
      'local for derivatives of a described machine: its global jumps are known as numbers alone',
    );
  }
  const values = machineValues(described, flags.set as readonly string[] | undefined);
  const window = machineWindow(described, truncation);
  // Where a formula has no number is told with its place in the file.
  new MachineSystem(described).on(window, values);
  const edgeTolerance =
    flags.edgeTolerance === undefined ? EDGE_TOLERANCE.given : truncation.edgeTolerance;
  try {
    const found = machineSensitivity(described, values, window, namesIn(of));
    const report = machineSensitivityReport(described, values, found, edgeTolerance, begin);
    return printed(report, found, json === true);
  } catch (error) {
    if (error instanceof NoSectorError || error instanceof EigenbasisError) {
      throw new ParameterError(
        'machine',
        described.name,
        `one with a sector for its derivatives: ${error.message}`,
      );
    }
    if (json === true && error instanceof NoSteadyStateError) {
      printJson(unsolvedMachine(described, values, error, begin));
    }
    throw error;
  }
}

function printed(
  report: ReturnType<typeof sensitivityReport> | ReturnType<typeof machineSensitivityReport>,
  found: Sensitivities,
  json: boolean,
): number {
  if (json) printJson(report);
  else process.stdout.write(describeSensitivity(found));
  for (const problem of report.solver.problems) process.stderr.write(`not converged: ${problem}\n`);
  return report.solver.converged ? 0 : NOT_CONVERGED;
}

export const runSensitivity = (flags: Flags): Promise<number> => {
  if (flags.machine !== undefined) return runMachine(flags);
  if (flags.set !== undefined) {
    throw new ParameterError(
      'set',
      flags.set,
      "given with machine: the paper's parameters have flags",
    );
  }
  return runMill(flags);
};

export const addSensitivity: AddCommand = (command, running) => {
  addParameterOptions(
    command
      .option('--json', 'print one JSON object')
      .option('--of <names>', 'observables, with commas between them (default: all)'),
  );
  addMachineOptions(command)
    .addHelpText(
      'after',
      `
Derivatives by every parameter at once, each with an error, and elasticities (θ/O) dO/dθ. The window and the cutoff of
the spectral densities are held. A parameter that is 0 and so leaves out terms has none (–).

Examples:
  qmill sensitivity                                    Fig. 2's device at beta2/beta1 = 0.3
  qmill sensitivity --model global --of heat.Q1,rotor.Lz
  qmill sensitivity --machine exchange-qubits --json   another machine, for programs`,
    )
    .action(running(runSensitivity));
};
