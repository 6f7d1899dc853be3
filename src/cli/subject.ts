/** What `modes` and `correlate` are asked about, with what their reports begin with. */
import { z } from 'zod';
import { ParameterError } from '../model/parameters.js';
import {
  type MachineSubject,
  machineSubject,
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
  command: string,
  own: z.ZodObject = z.strictObject({}),
): Promise<Subject> =>
  flags.machine === undefined ? mill(flags, command, own) : machine(flags, own);

async function mill(
  { machine: _, ...flags }: Flags,
  command: string,
  own: z.ZodObject,
): Promise<Subject> {
  refuseFlags(flags, ['set'], SET_WITHOUT_MACHINE);
  const options = readOptions(flags, {}, own);
  const { parameters, truncation, solver } = options;
  await checkBackend(solver);
  checkSteady(truncation);
  const subject = millSubject(parameters, truncation, command);
  const { model, cutoff: _cutoff, ...numbers } = parameters;
  const { cutoff } = subject;
  return {
    ...subject,
    head: { model, parameters: numbers, ...(cutoff === null ? {} : { cutoff }) },
    options,
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
  };
}

/** An error of a command about a subject, as its user shall read it. */
export function subjectError(error: unknown, { name }: Subject): unknown {
  if (!(error instanceof WideSectorError)) return error;
  return new ParameterError('lmax', name, `a smaller window: ${error.message}`);
}
