/** `qmill steady --machine`: the steady state of a machine that a file describes. */

import { totalmem } from 'node:os';
import type { Backend } from '../backend/backend.js';
import { checkedSystem } from '../generator/checkedSystem.js';
import { symmetryOf } from '../generator/symmetry.js';
import { ParameterError } from '../model/parameters.js';
import { askedNumbers, readAsked } from '../simulate/machineAsked.js';
import { machineSteady } from '../simulate/machineSteady.js';
import { MachineSystem } from '../simulate/machineSystem.js';
import { solverChoice, systemRoute } from '../simulate/route.js';
import { NoSteadyStateError } from '../solve/verdict.js';
import { machineOf, refuseDeviceFlags, refuseFlags } from './chosenMachine.js';
import { INTERRUPTED, statusOf } from './command.js';
import { printRoute } from './dryRun.js';
import { withEngine } from './engine.js';
import { describeMachine, machineReport, unsolvedMachine } from './machineReport.js';
import { readOptions } from './options.js';
import { printText } from './printText.js';
import { ResultFile } from './resultFile.js';
import { told, watched } from './watch.js';

/** Flags of `steady` that only the paper's machine has a meaning for. */
const OTHERS = ['config', 'spectrum', 'resume', 'states', 'angles'] as const;

/** @param flags of `qmill steady`, of which --machine is given */
export async function runMachineSteady(flags: Record<string, unknown>): Promise<number> {
  const { json, out } = flags;
  refuseDeviceFlags(flags);
  refuseFlags(flags, OTHERS);
  const { truncation, solver } = readOptions(flags);
  const begin = performance.now();
  const { described, values, window, edgeTolerance } = machineOf(flags, truncation);
  const also = flags.also === undefined ? [] : readAsked(described, String(flags.also).split(','));
  if (flags.as !== undefined) {
    if (flags.as !== 'qutip') throw new ParameterError('as', flags.as, 'qutip');
    const { pythonScript } = await import('../machine/description/pythonScript.js');
    process.stdout.write(pythonScript(described, values, window));
    return 0;
  }
  const { precision } = solver;
  const system = new MachineSystem(described);
  const { system: found } = system.on(window, values);
  const route = systemRoute(symmetryOf(checkedSystem(found)), window.size, solver);
  if (flags.dryRun === true) return printRoute(route, json === true);
  const printObject = (object: unknown) => {
    process.stdout.write(`${JSON.stringify(object, null, 2)}\n`);
  };
  const written = await ResultFile.open('steady', out);
  const memory = totalmem();
  const solve = async <V>(backend: Backend<V>) => {
    const reading = await watched(0, (watching) =>
      machineSteady(system, values, window, solverChoice(solver), edgeTolerance, backend, {
        ...watching,
        memory,
        precision,
      }),
    );
    const asked = await told((watching) =>
      askedNumbers(described, also, reading, { ...watching, memory }),
    );
    const { name, adapter } = backend;
    return machineReport(reading, {
      backend: { name, adapter, precision },
      backendReason: route.backendReason,
      begin,
      also: also.length === 0 ? null : asked,
    });
  };
  try {
    const report = await withEngine(route, async (engine) => {
      const solved = await engine.on(precision, 'f32', solve);
      await written.computedBy(engine);
      return solved;
    });
    if (json === true) printObject(report);
    else printText(describeMachine(report));
    await written.write(report);
    if (!report.complete) return INTERRUPTED;
    return statusOf(report.solver);
  } catch (error) {
    if (error instanceof NoSteadyStateError) {
      const unsolved = unsolvedMachine(described, values, error, begin);
      if (json === true) printObject(unsolved);
      await written.write(unsolved);
    }
    throw error;
  }
}
