/** `qmill sensitivity`: how a machine's steady state changes with every parameter. */
import { steadyRoute } from '../simulate/route.js';
import {
  machineSensitivity,
  millSensitivity,
  type Sensitivities,
} from '../simulate/sensitivity.js';
import { NoSteadyStateError } from '../solve/verdict.js';
import { checkBackend } from './backend.js';
import { machineOf, refuseDeviceFlags, refuseFlags, SET_WITHOUT_MACHINE } from './chosenMachine.js';
import { type AddCommand, statusOf } from './command.js';
import { printJson } from './json.js';
import { checkSteady } from './limits.js';
import { addMachineOptions } from './machineOptions.js';
import { unsolvedMachine } from './machineReport.js';
import { addParameterOptions, readOptions } from './options.js';
import { printText } from './printText.js';
import { addOutOption, ResultFile } from './resultFile.js';
import {
  describeSensitivity,
  machineSensitivityReport,
  sensitivityReport,
} from './sensitivityReport.js';
import { unsolvedReport } from './steadyReport.js';
import { toldSolution } from './watch.js';

type Flags = Record<string, unknown>;

const namesIn = (given: unknown): string[] | null =>
  given === undefined
    ? null
    : String(given)
        .split(',')
        .map((name) => name.trim());

async function runMill({ json, out, of, ...flags }: Flags): Promise<number> {
  const { parameters, truncation, solver } = readOptions(flags);
  await checkBackend(solver);
  checkSteady(truncation);
  const written = await ResultFile.open('sensitivity', out);
  const begin = performance.now();
  try {
    const found = await toldSolution((hooks) =>
      millSensitivity(parameters, truncation, namesIn(of), hooks),
    );
    const report = sensitivityReport(parameters, found, truncation.edgeTolerance, begin);
    return printed(report, found, json === true, written);
  } catch (error) {
    if (error instanceof NoSteadyStateError) {
      const route = steadyRoute(parameters, truncation, solver);
      const unsolved = unsolvedReport(parameters, route, error, begin);
      if (json === true) printJson(unsolved);
      await written.write(unsolved);
    }
    throw error;
  }
}

async function runMachine({ json, out, of, ...flags }: Flags): Promise<number> {
  refuseDeviceFlags(flags);
  refuseFlags(flags, ['config']);
  const { truncation, solver } = readOptions(flags);
  await checkBackend(solver);
  const written = await ResultFile.open('sensitivity', out);
  const begin = performance.now();
  const { described, values, window, edgeTolerance } = machineOf(flags, truncation);
  try {
    const found = await toldSolution((hooks) =>
      machineSensitivity(described, values, window, namesIn(of), hooks),
    );
    const report = machineSensitivityReport(described, values, found, edgeTolerance, begin);
    return printed(report, found, json === true, written);
  } catch (error) {
    if (error instanceof NoSteadyStateError) {
      const unsolved = unsolvedMachine(described, values, error, begin);
      if (json === true) printJson(unsolved);
      await written.write(unsolved);
    }
    throw error;
  }
}

async function printed(
  report: ReturnType<typeof sensitivityReport> | ReturnType<typeof machineSensitivityReport>,
  found: Sensitivities,
  json: boolean,
  written: ResultFile,
): Promise<number> {
  if (json) printJson(report);
  else printText(describeSensitivity(found, report.truncation));
  await written.write(report);
  return statusOf(report.solver);
}

export const runSensitivity = (flags: Flags): Promise<number> => {
  if (flags.machine !== undefined) return runMachine(flags);
  refuseFlags(flags, ['set'], SET_WITHOUT_MACHINE);
  return runMill(flags);
};

export const addSensitivity: AddCommand = (command, running) => {
  addParameterOptions(
    addOutOption(command)
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
  qmill sensitivity --V 1 --of heat.Q1,work.V          with a potential, by V as well
  qmill sensitivity --machine exchange-qubits --json   another machine, for programs`,
    )
    .action(running(runSensitivity));
};
