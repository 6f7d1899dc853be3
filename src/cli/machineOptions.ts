/** The flags `--machine` and `--set`, and which commands take them; without what reads machines. */
import { existsSync } from 'node:fs';
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
  'optimise',
  'levels',
];

/** Whether a command takes a machine, or is about machines. */
export const takesMachine = (command: string): boolean =>
  command === 'machines' || COMMANDS.includes(command);

/** The values of an option that may be given several times. */
export const collected = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  text,
];

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
      ).argParser(collected),
    );

/** The paper's own machine, which no file describes, by a name like those of the others. */
const PAPERS_MACHINE = 'mill';

/** Lets a command take --machine mill, with --set for its flags: the same as without either. */
export function addPapersMachine(command: Command): void {
  // Its energies come from no description.
  if (command.name() === 'levels') return;
  command.hook('preAction', () => {
    const { machine, set = [] } = command.opts<{
      readonly machine?: string;
      readonly set?: readonly string[];
    }>();
    if (machine !== PAPERS_MACHINE || existsSync(PAPERS_MACHINE)) return;
    const flags = set.flatMap((text) => {
      const [, name, value] = /^\s*([^=\s]+)\s*=\s*(.+?)\s*$/.exec(text) ?? [];
      const option = command.options.find(({ long }) => long === `--${name}`);
      if (option === undefined) {
        throw new ParameterError('set', text, "name=value of one of the paper's parameters");
      }
      return [[option.attributeName(), value]] as const;
    });
    for (const [name, value] of [['machine', undefined], ['set', undefined], ...flags] as const) {
      command.setOptionValue(name, value);
    }
  });
}

/** Why there is no --set without --machine. */
export const SET_WITHOUT_MACHINE = "given with machine: the paper's parameters have flags";

/** @throws {ParameterError} for the first of these flags that is given */
export function refuseFlags(
  flags: Readonly<Record<string, unknown>>,
  names: readonly string[],
  instead = 'absent with machine',
): void {
  for (const name of names) {
    if (flags[name] !== undefined) throw new ParameterError(name, flags[name], instead);
  }
}

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
