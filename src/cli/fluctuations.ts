/** `qmill fluctuations`: what each bath of a machine brings in the steady state, and how much that fluctuates. */
import { MOST_CUMULANTS } from '../fluctuations/counting.js';
import type { Fluctuations } from '../fluctuations/fluctuations.js';
import { checkedOrder } from '../simulate/cumulantOrder.js';
import { dynamicsError, readDynamics } from '../simulate/dynamicRequest.js';
import { machineFluctuationsOf } from '../simulate/machineFluctuations.js';
import { MachineSystem } from '../simulate/machineSystem.js';
import { steadyRoute } from '../simulate/route.js';
import { millFluctuationsOf } from '../simulate/steadyFluctuations.js';
import { NoSteadyStateError } from '../solve/verdict.js';
import { checkBackend } from './backend.js';
import { machineOf, refuseDeviceFlags, refuseFlags, SET_WITHOUT_MACHINE } from './chosenMachine.js';
import { type AddCommand, statusOf } from './command.js';
import { addDynamicsOptions } from './dynamicsOptions.js';
import {
  describeFluctuations,
  fluctuationReport,
  machineFluctuationReport,
} from './fluctuationReport.js';
import { printJson } from './json.js';
import { checkSteady } from './limits.js';
import { addMachineOptions } from './machineOptions.js';
import { unsolvedMachine } from './machineReport.js';
import { addParameterOptions, readOptions } from './options.js';
import { printText } from './printText.js';
import { addOutOption, ResultFile } from './resultFile.js';
import { unsolvedReport } from './steadyReport.js';
import { toldSolution } from './watch.js';

function readOrder(given: unknown): number {
  const text = String(given);
  const order = text.trim() === '' ? Number.NaN : Number(text);
  return checkedOrder(Number.isNaN(order) ? given : order);
}

type Flags = Record<string, unknown>;

async function runMill({ json, out, order: given, ...flags }: Flags): Promise<number> {
  const order = readOrder(given);
  const asked = readDynamics(flags);
  const { parameters, truncation, solver } = readOptions(flags);
  await checkBackend(solver);
  checkSteady(truncation);
  const written = await ResultFile.open('fluctuations', out);
  const begin = performance.now();
  try {
    const found = await toldSolution((hooks) =>
      millFluctuationsOf(parameters, truncation, order, asked, hooks),
    );
    const { edgeTolerance } = truncation;
    return printed(
      fluctuationReport(parameters, found.cutoff, found, edgeTolerance, begin),
      found,
      json === true,
      written,
    );
  } catch (error) {
    if (error instanceof NoSteadyStateError) {
      const route = steadyRoute(parameters, truncation, solver);
      const unsolved = unsolvedReport(parameters, route, error, begin);
      if (json === true) printJson(unsolved);
      await written.write(unsolved);
    }
    throw dynamicsError(error, flags);
  }
}

async function runMachine({ json, out, order: given, ...flags }: Flags): Promise<number> {
  const order = readOrder(given);
  const asked = readDynamics(flags);
  refuseDeviceFlags(flags);
  refuseFlags(flags, ['config']);
  const { truncation, solver } = readOptions(flags);
  await checkBackend(solver);
  const written = await ResultFile.open('fluctuations', out);
  const begin = performance.now();
  const { described, values, window, edgeTolerance } = machineOf(flags, truncation);
  // Where a formula has no number is told with its place in the file.
  const { betas } = new MachineSystem(described).on(window, values);
  try {
    const request = { order, asked };
    const found = await toldSolution((hooks) =>
      machineFluctuationsOf(described, values, window, betas, request, hooks),
    );
    return printed(
      machineFluctuationReport(described, values, found, edgeTolerance, begin),
      found,
      json === true,
      written,
    );
  } catch (error) {
    if (error instanceof NoSteadyStateError) {
      const unsolved = unsolvedMachine(described, values, error, begin);
      if (json === true) printJson(unsolved);
      await written.write(unsolved);
    }
    throw dynamicsError(error, flags);
  }
}

type Report = ReturnType<typeof fluctuationReport> | ReturnType<typeof machineFluctuationReport>;

async function printed(
  report: Report,
  found: Fluctuations,
  json: boolean,
  written: ResultFile,
): Promise<number> {
  if (json) printJson(report);
  else printText(describeFluctuations(report, found));
  await written.write(report);
  return statusOf(report.solver);
}

export const runFluctuations = (flags: Flags): Promise<number> => {
  if (flags.machine !== undefined) return runMachine(flags);
  refuseFlags(flags, ['set'], SET_WITHOUT_MACHINE);
  return runMill(flags);
};

export const addFluctuations: AddCommand = (command, running) => {
  addParameterOptions(
    addDynamicsOptions(
      addOutOption(command)
        .option('--json', 'print one JSON object')
        .option('--order <n>', `cumulants of each current, 1 to ${MOST_CUMULANTS}`, '2'),
    ),
  );
  addMachineOptions(command)
    .addHelpText(
      'after',
      `
Currents are positive into the machine. Noise is the zero-frequency one, which grows with time as a variance, and with
--frequency also that at others. Large deviations are of the quanta counted: the mean of e^(χN) grows as e^(θ(χ)t).

Examples:
  qmill fluctuations                                   Fig. 2's device at beta2/beta1 = 0.3
  qmill fluctuations --beta2 0.08 --order 4 --json     skewness and kurtosis, too, for programs
  qmill fluctuations --frequency log:1e-6:1:13         noise of each current at finite frequency
  qmill fluctuations --counting lin:-1:1:21            its large deviations
  qmill fluctuations --waiting load:in,load:out --tau lin:0:1e4:11
  qmill fluctuations --machine exchange-qubits         another machine, which a file describes`,
    )
    .action(running(runFluctuations));
};
