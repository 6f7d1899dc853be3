/** `--machine` and `--set`: another machine than the paper's, and its parameters. */
import { type Command, Option } from 'commander';
import type { DescribedMachine, DescribedParameter } from '../machine/description/described.js';
import { suggestion } from '../machine/description/error.js';
import type { Values } from '../machine/tape.js';
import { deviceSchema, ParameterError, type Truncation } from '../model/parameters.js';
import type { Window } from '../operators/window.js';

/** The commands that take a machine. */
const COMMANDS = ['steady', 'fluctuations', 'evolve'];

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
      `absent with qmill ${command.name()}, which knows the paper's machine alone: ${COMMANDS.join(', ')} take one`,
    );
  });
}

/** @throws {ParameterError} for a flag that only the paper's machine has */
export function refuseDeviceFlags(flags: Readonly<Record<string, unknown>>): void {
  for (const name of Object.keys(deviceSchema.shape)) {
    if (flags[name] === undefined) continue;
    const instead = `absent with machine: its parameters are given by --set ${name}=${flags[name]}`;
    throw new ParameterError(name, flags[name], instead);
  }
}

const rangeOf = ({ range: [low, high] }: DescribedParameter): string =>
  low === -Infinity && high === Infinity
    ? 'a number'
    : low === -Infinity
      ? `a number ≤ ${high}`
      : high === Infinity
        ? `a number ≥ ${low}`
        : `a number from ${low} to ${high}`;

/** The value of a parameter, checked. @throws {ParameterError} */
export function checkedValue(parameter: DescribedParameter, value: unknown): number {
  const [low, high] = parameter.range;
  if (typeof value === 'number' && Number.isFinite(value) && value >= low && value <= high) {
    return value;
  }
  throw new ParameterError(parameter.name, value, rangeOf(parameter));
}

/** The parameter of a name. @throws {ParameterError} */
export function parameterOf(
  { parameters, name: machine }: DescribedMachine,
  name: string,
  field: string,
): DescribedParameter {
  const found = parameters.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = parameters.map((one) => one.name);
  const allowed =
    names.length === 0
      ? `absent: ${machine} has no parameters`
      : `a parameter of ${machine}, one of ${names.join(', ')}${suggestion(name, names)}`;
  throw new ParameterError(field, name, allowed);
}

/** Every parameter of a machine: from --set, or its default. @throws {ParameterError} */
export function machineValues(described: DescribedMachine, set: readonly string[] = []): Values {
  const values: Record<string, number> = {};
  for (const parameter of described.parameters) values[parameter.name] = parameter.default;
  for (const text of set) {
    const [, name, given] = /^\s*([^=\s]+)\s*=\s*(.+?)\s*$/.exec(text) ?? [];
    if (name === undefined) throw new ParameterError('set', text, 'name=value');
    const parameter = parameterOf(described, name, 'set');
    const number = Number(given);
    values[name] = checkedValue(parameter, Number.isNaN(number) ? given : number);
  }
  return values;
}

/** The window of a machine's ladder: the file's, or the one asked for. @throws {ParameterError} */
export function machineWindow({ ladder }: DescribedMachine, { lmin, lmax }: Truncation): Window {
  const windowOf = (low: number, high: number): Window => ({
    lmin: low,
    lmax: high,
    size: high - low + 1,
  });
  if (lmin === undefined || lmax === undefined) return windowOf(ladder.lmin, ladder.lmax);
  if (!ladder.open.above) {
    throw new ParameterError('lmax', lmax, `absent: the ladder of kind ${ladder.kind} is whole`);
  }
  if (!ladder.open.below && lmin !== ladder.lmin) {
    throw new ParameterError('lmin', lmin, `${ladder.lmin}: there is no lower level`);
  }
  return windowOf(lmin, lmax);
}
