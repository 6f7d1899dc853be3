/** `qmill levels`: the energies of a machine, without its baths. */
import { ParameterError } from '../model/parameters.js';
import { machineWindow } from '../simulate/machineInputs.js';
import { machineLevels } from '../simulate/machineLevels.js';
import { MachineSystem } from '../simulate/machineSystem.js';
import { chosenMachine, machineValues } from './chosenMachine.js';
import { type AddCommand, NOT_CONVERGED } from './command.js';
import { machineHead } from './heads.js';
import { addMachineOptions } from './machineOptions.js';
import { readOptions } from './options.js';
import { addOutOption, ResultFile } from './resultFile.js';
import { wholeIn } from './words.js';

/** An energy that moves by less, beside the largest of those that are printed, is the machine's. */
const SETTLED = 1e-9;
const DEFAULT_COUNT = 10;

export async function runLevels(flags: Record<string, unknown>): Promise<number> {
  if (flags.machine === undefined) {
    throw new ParameterError('machine', undefined, 'a file, or a name that qmill machines lists');
  }
  const { truncation } = readOptions({ lmin: flags.lmin, lmax: flags.lmax });
  const asked = flags.count ?? DEFAULT_COUNT;
  const count = wholeIn('count', asked, [1, Number.POSITIVE_INFINITY], 'an integer ≥ 1');
  const written = await ResultFile.open('levels', flags);
  const described = chosenMachine(flags);
  const values = machineValues(described, flags.set as readonly string[] | undefined);
  const window = machineWindow(described, truncation);
  const found = machineLevels(new MachineSystem(described), values, window);
  const energies = found.energies.slice(0, count);
  const changes = found.changes.slice(0, count);
  const largest = Math.max(...energies.map(Math.abs));
  const moved = Math.max(...changes);
  const converged = moved <= SETTLED * largest;
  const report = {
    ...machineHead(described, values),
    truncation: { lmin: window.lmin, lmax: window.lmax, converged },
    levels: energies.map((energy, k) => ({
      level: k,
      energy,
      above: energy - energies[0],
      change: Number.isFinite(changes[k]) ? changes[k] : null,
    })),
  };
  await written.print(report, () => {
    const rows = energies.map((energy, k) => [
      energy.toPrecision(15),
      (energy - energies[0]).toPrecision(15),
      changes[k].toExponential(1),
    ]);
    return [['energy', 'above the lowest', 'change with the window'], ...rows]
      .map(
        (row) =>
          `${row
            .map((cell) => cell.padEnd(22))
            .join('')
            .trimEnd()}\n`,
      )
      .join('');
  });
  if (converged) return 0;
  process.stderr.write(
    `not converged: a level moves by ${moved.toExponential(1)} where the window is an eighth smaller: ` +
      'one that reaches farther is needed\n',
  );
  return NOT_CONVERGED;
}

export const addLevels: AddCommand = (command, running) => {
  addOutOption(addMachineOptions(command))
    .option('--lmin <level>', "lowest level of the ladder (default: the machine's)")
    .option('--lmax <level>', "highest level of the ladder (default: the machine's)")
    .option('--count <n>', `how many, from the lowest on (default: ${DEFAULT_COUNT})`)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  qmill levels --machine transmon                      where its energies are
  qmill levels --machine transmon --set ng=0.5 --json`,
    )
    .action(running(runLevels));
};
