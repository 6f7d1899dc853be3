/** What `modes` and `correlate` are asked about: the paper's device, or another machine, as operators on a window. */
import type { OpenSystem } from '../operators/openSystem.js';
import { MachineSystem } from '../simulate/machineSystem.js';
import { requireNoPotential } from '../simulate/millSector.js';
import { machineOperators, millOperators } from '../simulate/namedOperators.js';
import { steadyState } from '../simulate/steady.js';
import type { NamedOperator } from '../spectrum/modes.js';
import { checkBackend } from './backend.js';
import { machineOf, refuseDeviceFlags, refuseFlags, SET_WITHOUT_MACHINE } from './chosenMachine.js';
import { checkSteady } from './limits.js';
import { readOptions } from './options.js';

export interface Subject {
  readonly name: string;
  /** What its report begins with: model and parameters, or machine and parameters. */
  readonly head: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly system: OpenSystem;
  readonly operators: readonly NamedOperator[];
  readonly edgeTolerance: number;
  /** Whether levels beyond the window are cut off. */
  readonly open: { readonly below: boolean; readonly above: boolean };
}

/** @throws {ParameterError | MachineError | NoSteadyStateError} */
export const openSubject = (
  flags: Readonly<Record<string, unknown>>,
  command: string,
): Promise<Subject> => (flags.machine === undefined ? mill(flags, command) : machine(flags));

async function mill(
  { machine: _, ...flags }: Readonly<Record<string, unknown>>,
  command: string,
): Promise<Subject> {
  refuseFlags(flags, ['set'], SET_WITHOUT_MACHINE);
  const { parameters, truncation, solver } = readOptions(flags);
  requireNoPotential(parameters, command);
  await checkBackend(solver);
  checkSteady(truncation);
  const { device } = steadyState(parameters, truncation);
  const { model, cutoff: _cutoff, ...numbers } = parameters;
  return {
    name: `mill, ${model}`,
    head: {
      model,
      parameters: numbers,
      ...(device.cutoff === null ? {} : { cutoff: device.cutoff }),
    },
    parameters: numbers,
    system: device.system,
    operators: millOperators(device),
    edgeTolerance: truncation.edgeTolerance,
    open: { below: true, above: true },
  };
}

async function machine(flags: Readonly<Record<string, unknown>>): Promise<Subject> {
  refuseDeviceFlags(flags);
  refuseFlags(flags, ['config']);
  const { truncation, solver } = readOptions(flags);
  await checkBackend(solver);
  const { described, values, window, edgeTolerance } = machineOf(flags, truncation);
  const numbers = new MachineSystem(described).on(window, values);
  const { name, file, source, ladder } = described;
  return {
    name,
    head: { machine: { name, file, source }, parameters: values },
    parameters: values,
    system: numbers.system,
    operators: machineOperators(numbers),
    edgeTolerance,
    open: ladder.open,
  };
}
