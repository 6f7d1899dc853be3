/** The flags `--machine` and `--set`, and which commands take them; without what reads machines. */
import { type Command, Option } from 'commander';
import { ParameterError } from '../model/parameters.js';

/** The commands that take a machine. */
const COMMANDS = [
  'steady',
  'fluctuations',
  'sensitivity',
  'modes',
  'correlate',
  'evolve',
  'collide',
  'trajectories',
  'rectify',
  'levels',
];

/** Whether a command takes a machine, or is about machines. */
export const takesMachine = (command: string): boolean =>
  command === 'machines' || COMMANDS.includes(command);

/** Adds --machine and --set to a command. */
export const addMachineOptions = (command: Command): Command =>
  command
    .option(
      '--machine <file>',
      'another machine: a YAML file that describes it, or a name that qmill machines lists',
    )
    .addOption(
      new Option(
        '--set <name=value>',
        "a parameter of --machine, once for each (default: the file's)",
      ).argParser((text: string, before: readonly string[] = []) => [...before, text]),
    );

/** Lets a command that takes no machine say so. */
export function refuseMachine(command: Command): void {
  command.addOption(new Option('--machine <file>').hideHelp()).hook('preAction', () => {
    const { machine } = command.opts<{ readonly machine?: string }>();
    if (machine === undefined) return;
    throw new ParameterError(
      'machine',
      machine,
      `absent with qmill ${command.name()}, which knows the paper's machine alone: ${COMMANDS.join(', ')} take one, and so does a plan of sweep`,
    );
  });
}
