/** `qmill sensitivity`: how a machine's steady state changes with every parameter. */
import { machineSensitivity } from '../simulate/describedSensitivity.js';
import { millSensitivity } from '../simulate/millSensitivity.js';
import { aboutOf, unsolvedOf } from './about.js';
import { type AddCommand, statusOf } from './command.js';
import { checkSteady } from './limits.js';
import { addMachineOptions } from './machineOptions.js';
import { addParameterOptions } from './options.js';
import { addOutOption, ResultFile } from './resultFile.js';
import { describeSensitivity, sensitivityReport } from './sensitivityReport.js';
import { toldSolution } from './watch.js';
import { namesIn } from './words.js';

export async function runSensitivity(flags: Record<string, unknown>): Promise<number> {
  const about = await aboutOf(flags);
  const { machine, options } = about;
  const { parameters, truncation } = options;
  if (machine === null) checkSteady(truncation);
  const written = await ResultFile.open('sensitivity', flags);
  const begin = performance.now();
  const names = namesIn(flags.of) ?? null;
  const found = await written.orUnsolved(
    (error) => unsolvedOf(about, error, begin),
    () =>
      toldSolution((hooks) => {
        if (machine === null) return millSensitivity(parameters, truncation, names, hooks);
        const { described, values, window } = machine;
        return machineSensitivity(described, values, window, names, hooks);
      }),
  );
  const report = sensitivityReport(about, found, begin);
  await written.print(report, () => describeSensitivity(found, report.truncation));
  return statusOf(report.solver);
}

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
the spectral densities are held. A parameter that is 0 and so leaves out terms has none (–); notes say why.

Examples:
  qmill sensitivity                                    Fig. 2's device at beta2/beta1 = 0.3
  qmill sensitivity --model global --of heat.Q1,rotor.Lz
  qmill sensitivity --V 1 --of heat.Q1,work.V          with a potential, by V as well
  qmill sensitivity --machine exchange-qubits --json   another machine, for programs`,
    )
    .action(running(runSensitivity));
};
