/** `qmill sweep` over the parameters of a described machine: a table of steady states as CSV. */
import { open } from 'node:fs/promises';
import { csvFormatRow } from 'd3-dsv';
import type { Backend } from '../backend/backend.js';
import { withEngine } from '../library/backends.js';
import { ParameterError } from '../model/parameters.js';
import { checkedValue, machineWindow } from '../simulate/machineInputs.js';
import {
  columnNames,
  machinePoints,
  type PointStatus,
  readMachinePlan,
} from '../sweep/machinePlan.js';
import { INTERRUPTED, NOT_CONVERGED } from './command.js';
import { readMachine } from './gallery.js';
import { progressBar } from './progress.js';

const BACKENDS = ['auto', 'cpu', 'webgpu'] as const;

/** Flags of `sweep` that belong to its stores. */
const OTHERS = ['shard', 'wait', 'dryRun', 'workers'] as const;

/**
 * @param content of the plan
 * @param stop ends the sweep after the point that it is at
 */
export async function runMachineSweep(
  content: Readonly<Record<string, unknown>>,
  flags: Readonly<Record<string, unknown>>,
  stop: () => AbortSignal,
): Promise<number> {
  for (const name of OTHERS) {
    if (flags[name] === undefined) continue;
    throw new ParameterError(name, flags[name], 'absent with a machine in the plan');
  }
  const plan = readMachinePlan(content, readMachine, checkedValue);
  const { described, axes, count } = plan;
  const { out } = flags;
  if (typeof out !== 'string' || !out.endsWith('.csv')) {
    throw new ParameterError('out', out, 'a file that ends in .csv, with a machine in the plan');
  }
  const backend = BACKENDS.find((one) => one === flags.backend);
  if (backend === undefined) {
    throw new ParameterError('backend', flags.backend, `one of ${BACKENDS.join(', ')}`);
  }
  const columns = plan.observables ?? columnNames(described);
  const window = machineWindow(described);
  const signal = stop();
  const tally = new Map<PointStatus, number>();
  const solve = async <V>(engine: Backend<V>) => {
    const file = await open(out, 'w');
    const progress = progressBar('points', count);
    let done = 0;
    try {
      const names = [...axes.map(({ name }) => name), 'status', ...columns];
      await file.write(`${csvFormatRow(names)}\n`);
      for await (const { place, status, columns: found } of machinePoints(plan, window, engine)) {
        const cells = columns.map((name) => `${found[name] ?? ''}`);
        await file.write(`${csvFormatRow([...place.map(String), status, ...cells])}\n`);
        tally.set(status, (tally.get(status) ?? 0) + 1);
        progress.count(++done, '');
        // Signals have their turn.
        await new Promise(setImmediate);
        if (signal.aborted) break;
      }
    } finally {
      progress.stop();
      await file.close();
    }
    return done;
  };
  const chosen = backend === 'auto' ? 'cpu' : backend;
  const done = await withEngine({ backend: chosen }, (engine) => engine.on('f64', 'f32', solve));
  const said = [...tally].map(([status, n]) => `${n} ${status}`).join(', ');
  process.stdout.write(`${out}: ${said}\n`);
  if (done < count) return INTERRUPTED;
  return [...tally.keys()].every((status) => status === 'solved') ? 0 : NOT_CONVERGED;
}
