/** What a command that solves on the CPU is about: the paper's device, or the machine of --machine. */
import { z } from 'zod';
import type { OpenEnds } from '../machine/description/ladder.js';
import { WITHOUT_END } from '../simulate/edgeProblems.js';
import { steadyRoute } from '../simulate/route.js';
import type { NoSteadyStateError } from '../solve/verdict.js';
import { checkBackend } from './backend.js';
import { type ChosenMachine, machineOf, refuseDeviceFlags } from './chosenMachine.js';
import { deviceHead, machineHead } from './heads.js';
import { refuseFlags, SET_WITHOUT_MACHINE } from './machineOptions.js';
import { type RunOptions, readOptions } from './options.js';
import { unsolvedMachine, unsolvedReport } from './steadyReport.js';

export interface About {
  readonly options: RunOptions;
  /** Null of the paper's device. */
  readonly machine: ChosenMachine | null;
  readonly edgeTolerance: number;
  /** Whether levels beyond the window are cut off. */
  readonly open: OpenEnds;
}

/**
 * @param own further keys that the command takes
 * @throws {ParameterError | UnknownKeyError | MachineError}
 */
export async function aboutOf(
  flags: Record<string, unknown>,
  own: z.ZodObject = z.strictObject({}),
): Promise<About> {
  const isMachine = flags.machine !== undefined;
  if (isMachine) {
    refuseDeviceFlags(flags);
    refuseFlags(flags, ['config']);
  } else refuseFlags(flags, ['set'], SET_WITHOUT_MACHINE);
  const options = readOptions(flags, {}, own);
  await checkBackend(options.solver);
  if (!isMachine) {
    const { edgeTolerance } = options.truncation;
    return { options, machine: null, edgeTolerance, open: WITHOUT_END };
  }
  const machine = machineOf(flags, options.truncation);
  const { described, edgeTolerance } = machine;
  return { options, machine, edgeTolerance, open: described.ladder.open };
}

/** What a report of it begins with. @param omega Ω of the paper's device; null where there is none */
export const headOf = ({ options, machine }: About, omega: number | null) =>
  machine === null
    ? deviceHead(options.parameters, omega)
    : machineHead(machine.described, machine.values);

/** What was solved on the CPU, and whether it is to be trusted. @param begin as for `unsolvedOf` */
export const solverOf = (problems: readonly string[], begin: number) => ({
  converged: problems.length === 0,
  problems,
  seconds: (performance.now() - begin) / 1000,
});

/** The result where it has no steady state. @param begin when the work began, in milliseconds of `performance.now` */
export function unsolvedOf({ options, machine }: About, error: NoSteadyStateError, begin: number) {
  const { parameters, truncation, solver } = options;
  return machine === null
    ? unsolvedReport(parameters, steadyRoute(parameters, truncation, solver), error, begin)
    : unsolvedMachine(machine.described, machine.values, error, begin);
}
