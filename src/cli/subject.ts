/** What `modes` and `correlate` are asked about, with what their reports begin with. */
import { z } from 'zod';
import { deviceParameters, ParameterError } from '../model/parameters.js';
import type { OpenSystem } from '../operators/openSystem.js';
import { checkedValue, parameterOf } from '../simulate/machineInputs.js';
import { MachineSystem } from '../simulate/machineSystem.js';
import { millParameters } from '../simulate/millSensitivity.js';
import {
  type MachineSubject,
  machineSubject,
  millOn,
  millSubject,
  type SpectralSubject,
} from '../simulate/spectralSubject.js';
import { WideSectorError } from '../spectrum/weightedSector.js';
import { aboutOf, headOf } from './about.js';
import { checkSteady } from './limits.js';
import type { RunOptions } from './options.js';

export interface Subject extends SpectralSubject {
  /** What its report begins with: model and parameters, or machine and parameters. */
  readonly head: Readonly<Record<string, unknown>>;
  readonly options: RunOptions;
  /** The system with one parameter changed. @throws {ParameterError} */
  changed(name: string, value: number): OpenSystem;
  /** Where a machine's file has evolutions begin; null where the user says it. */
  readonly initial: MachineSubject['initial'] | null;
}

/**
 * @param own further keys that the command takes
 * @throws {ParameterError | MachineError | NoSteadyStateError}
 */
export async function openSubject(
  flags: Record<string, unknown>,
  own: z.ZodObject = z.strictObject({}),
): Promise<Subject> {
  const about = await aboutOf(flags, own);
  const { options, machine } = about;
  if (machine === null) {
    const { parameters, truncation } = options;
    checkSteady(truncation);
    const subject = millSubject(parameters, truncation);
    return {
      ...subject,
      head: headOf(about, subject.cutoff),
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
  const { described, values, window, edgeTolerance } = machine;
  return {
    ...machineSubject(described, values, window, edgeTolerance),
    head: headOf(about, null),
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
