/** `qmill fluctuations`: what each bath of a machine brings in the steady state, and how much that fluctuates. */
import { MOST_CUMULANTS } from '../fluctuations/counting.js';
import { checkedOrder } from '../simulate/cumulantOrder.js';
import { dynamicsError, readDynamics } from '../simulate/dynamicRequest.js';
import { machineFluctuationsOf } from '../simulate/machineFluctuations.js';
import { MachineSystem } from '../simulate/machineSystem.js';
import { millFluctuationsOf } from '../simulate/steadyFluctuations.js';
import { aboutOf, unsolvedOf } from './about.js';
import { type AddCommand, statusOf } from './command.js';
import { describeFluctuations, fluctuationReport } from './fluctuationReport.js';
import { checkSteady } from './limits.js';
import { addMachineOptions } from './machineOptions.js';
import { addParameterOptions } from './options.js';
import { addOutOption, ResultFile } from './resultFile.js';
import { toldSolution } from './watch.js';
import { numberIn } from './words.js';

function readOrder(given: unknown): number {
  const order = numberIn(String(given));
  return checkedOrder(Number.isNaN(order) ? given : order);
}

export async function runFluctuations(flags: Record<string, unknown>): Promise<number> {
  const order = readOrder(flags.order);
  const asked = readDynamics(flags);
  const about = await aboutOf(flags);
  const { machine, options } = about;
  const { parameters, truncation } = options;
  if (machine === null) checkSteady(truncation);
  const written = await ResultFile.open('fluctuations', flags);
  const begin = performance.now();
  try {
    // Where a formula has no number is told with its place in the file.
    const betas =
      machine && new MachineSystem(machine.described).on(machine.window, machine.values).betas;
    const solve = () =>
      toldSolution((hooks) => {
        if (machine === null || betas === null) {
          return millFluctuationsOf(parameters, truncation, order, asked, hooks);
        }
        const { described, values, window } = machine;
        return machineFluctuationsOf(described, values, window, betas, { order, asked }, hooks);
      });
    const found = await written.orUnsolved((error) => unsolvedOf(about, error, begin), solve);
    const report = fluctuationReport(about, found, begin);
    await written.print(report, () => describeFluctuations(report, found));
    return statusOf(report.solver);
  } catch (error) {
    throw dynamicsError(error, flags);
  }
}

export const addFluctuations: AddCommand = (command, running) => {
  addParameterOptions(
    addOutOption(command)
      .option('--json', 'print one JSON object')
      .option('--order <n>', `cumulants of each current, 1 to ${MOST_CUMULANTS}`, '2')
      .option('--frequency <list>', 'noise at these angular frequencies, as 0,0.1 or lin:0:1:11')
      .option('--counting <list>', 'large deviations at these counting fields, as lin:-1:1:21')
      .option(
        '--counted <list>',
        'with --counting: quanta or heat, alone or two together: bath1,heat:load+bath1',
      )
      .option('--waiting <jumps>', 'times between jumps of these baths: bath1,load:in,load:out')
      .option('--tau <list>', 'with --waiting: its probability at these times, as lin:0:10:101'),
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
