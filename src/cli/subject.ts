/** What `modes` and `correlate` are asked about, with what their reports begin with. */
import { z } from 'zod';
import { deviceParameters, ParameterError } from '../model/parameters.js';
import type { OpenSystem } from '../operators/openSystem.js';
import { checkedValue, parameterOf } from '../simulate/machineInputs.js';
import { MachineSystem } from '../simulate/machineSystem.js';
import { millParameters } from '../simulate/sensitivity.js';
import {
  type MachineSubject,
  machineSubject,
  millOn,
  millSubject,
  type SpectralSubject,
} from '../simulate/spectralSubject.js';
import { WideSectorError } from '../spectrum/weightedSector.js';
import { checkBackend } from './backend.js';
import { machineOf, refuseDeviceFlags, refuseFlags, SET_WITHOUT_MACHINE } from './chosenMachine.js';
import { checkSteady } from './limits.js';
import { type RunOptions, readOptions } from './options.js';

export interface Subject extends SpectralSubject {
  /** What its report begins with: model and parameters, or machine and parameters. */
  readonly head: Readonly<Record<string, unknown>>;
  readonly options: RunOptions;
  /** The system with one parameter changed. @throws {ParameterError} */
  changed(name: string, value: number): OpenSystem;
  /** Where a machine's file has evolutions begin; null where the user says it. */
  readonly initial: MachineSubject['initial'] | null;
}

type Flags = Readonly<Record<string, unknown>>;

/**
 * @param own further keys that the command takes
 * @throws {ParameterError | MachineError | NoSteadyStateError}
 */
export const openSubject = (
  flags: Flags,
  own: z.ZodObject = z.strictObject({}),
): Promise<Subject> => (flags.machine === undefined ? mill(flags, own) : machine(flags, own));

async function mill({ machine: _, ...flags }: Flags, own: z.ZodObject): Promise<Subject> {
  refuseFlags(flags, ['set'], SET_WITHOUT_MACHINE);
  const options = readOptions(flags, {}, own);
  const { parameters, truncation, solver } = options;
  await checkBackend(solver);
  checkSteady(truncation);
  const subject = millSubject(parameters, truncation);
  const { model, cutoff: _cutoff, ...numbers } = parameters;
  const { cutoff } = subject;
  return {
    ...subject,
    head: { model, parameters: numbers, ...(cutoff === null ? {} : { cutoff }) },
    options,
    changed: (name, value) => {
      const known = millParameters(parameters);
      if (!known.includes(name)) {
        throw new ParameterError('along', name, `a parameter among ${known.join(', ')}`);
      }
      const changed = deviceParameters({ ...parameters, [name]: value });
      return millOn(changed, truncation).system;
    },
    initial: null,
  };
}

async function machine(flags: Flags, own: z.ZodObject): Promise<Subject> {
  refuseDeviceFlags(flags);
  refuseFlags(flags, ['config']);
  const options = readOptions(flags, {}, own);
  const { truncation, solver } = options;
  await checkBackend(solver);
  const { described, values, window, edgeTolerance } = machineOf(flags, truncation);
  const { name, file, source } = described;
  return {
    ...machineSubject(described, values, window, edgeTolerance),
    head: { machine: { name, file, source }, parameters: values },
    options,
    changed: (name, value) => {
      const parameter = parameterOf(described, name, 'along');
      const all = { ...values, [name]: checkedValue(parameter, value) };
      return new MachineSystem(described).on(window, all).system;
    },
  };
}

/** An error of a command about a subject, as its user shall read it. */
export function subjectError(error: unknown, { system }: Subject): unknown {
  if (!(error instanceof WideSectorError)) return error;
  return new ParameterError('lmax', system.window.lmax, `nearer to lmin: ${error.message}`);
}
