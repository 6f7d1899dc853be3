/** `qmill steady --machine`: the steady state of a machine that a file describes. */

import { totalmem } from 'node:os';
import type { Backend } from '../backend/backend.js';
import { checkedSystem } from '../generator/checkedSystem.js';
import { symmetryOf } from '../generator/symmetry.js';
import { ParameterError } from '../model/parameters.js';
import { askedNumbers, readAsked } from '../simulate/machineAsked.js';
import { informationNames } from '../simulate/machineInformation.js';
import { machineSteady } from '../simulate/machineSteady.js';
import { MachineSystem } from '../simulate/machineSystem.js';
import { solverChoice, systemRoute } from '../simulate/route.js';
import { ASKED_ORDER } from '../state/affordableOrder.js';
import { machineOf, refuseDeviceFlags } from './chosenMachine.js';
import { INTERRUPTED, statusOf } from './command.js';
import { printRoute } from './dryRun.js';
import { withEngine } from './engine.js';
import { refuseFlags } from './machineOptions.js';
import { describeMachine, machineReport } from './machineReport.js';
import { readOptions } from './options.js';
import { ResultFile } from './resultFile.js';
import { tellSpectrum } from './spectrumTime.js';
import { unsolvedMachine } from './steadyReport.js';
import { told, watched } from './watch.js';

/** Flags of `steady` that only the paper's machine has a meaning for. */
const OTHERS = ['config', 'spectrum', 'resume', 'states', 'angles'] as const;

/** @param flags of `qmill steady`, of which --machine is given */
export async function runMachineSteady(flags: Record<string, unknown>): Promise<number> {
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
  if (flags.dryRun === true) return printRoute(route, flags);
  const written = await ResultFile.open('steady', flags);
  const memory = totalmem();
  const solve = async <V>(backend: Backend<V>) => {
    const reading = await watched(0, (watching) =>
      machineSteady(system, values, window, solverChoice(solver), edgeTolerance, backend, {
        ...watching,
        memory,
        precision,
      }),
    );
    if (informationNames(described).some((name) => also.includes(name))) {
      tellSpectrum(reading.solution.rho);
    }
    const asked = await told((watching) =>
      askedNumbers(described, also, reading, { ...watching, memory, largestOrder: ASKED_ORDER }),
    );
    const { name, adapter } = backend;
    return machineReport(reading, {
      backend: { name, adapter, precision },
      backendReason: route.backendReason,
      begin,
      also: also.length === 0 ? null : asked,
    });
  };
  const report = await written.orUnsolved(
    (error) => unsolvedMachine(described, values, error, begin),
    () =>
      withEngine(route, async (engine) => {
        const solved = await engine.on(precision, 'f32', solve);
        await written.computedBy(engine);
        return solved;
      }),
  );
  await written.print(report, () => describeMachine(report));
  return report.complete ? statusOf(report.solver) : INTERRUPTED;
}
