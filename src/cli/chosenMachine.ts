/** `--machine` and `--set`: another machine than the paper's, and its parameters. */
import type { DescribedMachine } from '../machine/description/describedMachine.js';
import { MODELS } from '../machine/description/models.js';
import type { Values } from '../machine/tape.js';
import {
  deviceSchema,
  EDGE_TOLERANCE,
  ParameterError,
  type Truncation,
} from '../model/parameters.js';
import type { Window } from '../operators/window.js';
import {
  checkedValue,
  defaultValues,
  machineWindow,
  parameterOf,
} from '../simulate/machineInputs.js';
import { readMachine } from './gallery.js';

/** @throws {ParameterError} for a flag that only the paper's machine has */
export function refuseDeviceFlags(flags: Readonly<Record<string, unknown>>): void {
  for (const name of Object.keys(deviceSchema.shape)) {
    // The master equation of baths that are said by what they couple to.
    if (name === 'model' || flags[name] === undefined) continue;
    const instead = `absent with machine: its parameters are given by --set ${name}=${flags[name]}`;
    throw new ParameterError(name, flags[name], instead);
  }
}

/** The machine of --machine, with the master equation of --model. @throws {ParameterError | MachineError} */
export function chosenMachine(flags: Readonly<Record<string, unknown>>): DescribedMachine {
  const { machine, model } = flags;
  const asWritten = readMachine(String(machine));
  if (model === undefined) return asWritten;
  const found = MODELS.find((one) => one === model);
  if (found === undefined) throw new ParameterError('model', model, `one of ${MODELS.join(', ')}`);
  if (asWritten.baths.some(({ thermal }) => thermal !== null)) {
    return readMachine(String(machine), found);
  }
  const why = `absent: the baths of ${asWritten.name} have jumps of their own, and no coupling`;
  throw new ParameterError('model', model, why);
}

/** Every parameter of a machine: from --set, or its default. @throws {ParameterError} */
export function machineValues(described: DescribedMachine, set: readonly string[] = []): Values {
  const values = defaultValues(described);
  for (const text of set) {
    const [, name, given] = /^\s*([^=\s]+)\s*=\s*(.+?)\s*$/.exec(text) ?? [];
    if (name === undefined) throw new ParameterError('set', text, 'name=value');
    const parameter = parameterOf(described, name, 'set');
    const number = Number(given);
    values[name] = checkedValue(parameter, Number.isNaN(number) ? given : number);
  }
  return values;
}

/** A machine with its numbers, on the window of its file or of the flags. */
export interface ChosenMachine {
  readonly described: DescribedMachine;
  readonly values: Values;
  readonly window: Window;
  /** The window is the file's own: what is judged is whether it misleads. */
  readonly edgeTolerance: number;
}

/** What a command with --machine is about. @throws {ParameterError | MachineError} */
export function machineOf(
  flags: Readonly<Record<string, unknown>>,
  truncation: Truncation,
): ChosenMachine {
  const described = chosenMachine(flags);
  return {
    described,
    values: machineValues(described, flags.set as readonly string[] | undefined),
    window: machineWindow(described, truncation),
    edgeTolerance:
      flags.edgeTolerance === undefined ? EDGE_TOLERANCE.given : truncation.edgeTolerance,
  };
}
