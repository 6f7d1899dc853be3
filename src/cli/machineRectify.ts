/** `qmill rectify --machine`: a machine that a file describes, before and after two of its baths change places. */

import type { Backend } from '../backend/backend.js';
import { type MachineDirection, machineDirection } from '../library/ofMachines/rectify.js';
import type { Values } from '../machine/tape.js';
import { backendOfMachine } from '../simulate/chosenBackend.js';
import { bathPair, machineRectification, swapped } from '../simulate/machineRectify.js';
import { machineSteady } from '../simulate/machineSteady.js';
import { MachineSystem } from '../simulate/machineSystem.js';
import { solverChoice } from '../simulate/route.js';
import { machineOf, refuseDeviceFlags } from './chosenMachine.js';
import { statusOf } from './command.js';
import { withEngine } from './engine.js';
import { machineHead } from './heads.js';
import { refuseFlags } from './machineOptions.js';
import { readOptions } from './options.js';
import { ResultFile } from './resultFile.js';
import { inColumns, namesIn } from './words.js';

/** @param flags of `qmill rectify`, of which --machine is given */
export async function runMachineRectify(flags: Record<string, unknown>): Promise<number> {
  refuseDeviceFlags(flags);
  const instead = 'absent with machine: a plan of sweep varies its parameters';
  refuseFlags(flags, ['over', 'alpha', 'definition', 'config'], instead);
  const { truncation, solver } = readOptions(flags);
  const { described, values, window, edgeTolerance } = machineOf(flags, truncation);
  const pair = bathPair(described, namesIn(flags.baths), namesIn(flags.swap));
  const exchanged = swapped(described, pair, values);
  const begin = performance.now();
  const { precision } = solver;
  const system = new MachineSystem(described);
  const written = await ResultFile.open('rectify', flags);
  const solveBoth = async <V>(backend: Backend<V>) => {
    const solve = (of: Values) =>
      machineSteady(system, of, window, solverChoice(solver), edgeTolerance, backend, {
        precision,
      });
    const [forward, after] = [await solve(values), await solve(exchanged)];
    const { name, adapter } = backend;
    return { forward, after, on: { name, adapter, precision } };
  };
  const { forward, after, on } = await withEngine(
    { backend: backendOfMachine(solver.backend) },
    async (engine) => {
      const solved = await engine.on(precision, 'f32', solveBoth);
      await written.computedBy(engine);
      return solved;
    },
  );
  const { hot, heat, angular } = machineRectification(pair, forward, after);
  const report = {
    ...machineHead(described, values),
    baths: pair.baths,
    exchanged: pair.parameters,
    hot,
    truncation: { lmin: window.lmin, lmax: window.lmax },
    backend: on,
    solver: { seconds: (performance.now() - begin) / 1000 },
    forward: machineDirection(forward),
    swapped: machineDirection(after),
    heat,
    angular,
    converged: forward.problems.length + after.problems.length === 0,
  };
  await written.print(report, () => describe(report, forward.ladder?.symbol ?? ''));
  return statusOf({
    converged: report.converged,
    problems: [...forward.problems, ...after.problems],
  });
}

interface Report extends ReturnType<typeof machineRectification> {
  readonly machine: { readonly name: string };
  readonly exchanged: readonly string[];
  readonly forward: MachineDirection;
  readonly swapped: MachineDirection;
}

function describe(r: Report, symbol: string): string {
  // Of flows that are 0 throughout there is no ratio.
  const show = (x: number) => (Number.isNaN(x) ? 'undefined' : x.toPrecision(10));
  const direction = (title: string, hot: string, d: Report['forward']) => [
    [`${title}, ${hot} hot`, ''],
    ...Object.entries(d.heat).map(([bath, q]) => [`  heat from ${bath}`, show(q)]),
    ...(d.ladderMean === null ? [] : [[`  ⟨${symbol}⟩`, show(d.ladderMean)]]),
  ];
  const lines = [
    ['machine', r.machine.name],
    ...direction('as it is', r.hot[0], r.forward),
    ...direction(`${r.exchanged.join(' and ')} exchanged`, r.hot[1], r.swapped),
    ['R of heat', `${show(r.heat.R)}   J ${show(r.heat.J)} energy/time`],
    ...Object.entries(r.angular ?? {}).map(([definition, { R, J }]) => [
      `R of ⟨${symbol}⟩ (${definition})`,
      `${show(R)}   J ${show(J)}`,
    ]),
  ];
  return inColumns(lines, 28);
}
