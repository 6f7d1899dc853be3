/** A point of a sweep of a described machine: its steady state's numbers, or why there are none. */
import type { Backend } from '../backend/backend.js';
import type { OpenChains } from '../backend/batches.js';
import type { SectorState } from '../lindblad/solvedSector.js';
import { MachineError } from '../machine/description/error.js';
import { askedNumbers } from '../simulate/machineAsked.js';
import { eliminatedOnDevice } from '../simulate/machineChains.js';
import { columnsOf } from '../simulate/machineColumns.js';
import { type MachineReading, machineReadingOf, machineSteady } from '../simulate/machineSteady.js';
import type { MachineSystem } from '../simulate/machineSystem.js';
import { UNASKED } from '../simulate/route.js';
import { NonUniqueSteadyStateError } from '../solve/conservingElimination.js';
import { RESIDUAL_TOLERANCE } from '../solve/verdict.js';
import type { Status } from './layout.js';
import { type MachinePlan, pointValues } from './machinePlan.js';

export interface MachinePoint {
  readonly status: Status;
  /** Why it has no numbers, not all of them, or not those of the machine; null where it has. */
  readonly message: string | null;
  /** By name; null where there is no number. */
  readonly columns: Readonly<Record<string, number | null>>;
  readonly relativeResidual: number | null;
  readonly edges: MachineReading['edges'];
}

const failed = (status: Status, { message }: Error): MachinePoint => ({
  status,
  message,
  columns: {},
  relativeResidual: null,
  edges: { below: null, above: null },
});

/** Solves points of the grid by elimination on a GPU, many at once, and where that is no way one by one. */
export async function machinePoints<V>(
  plan: MachinePlan,
  system: MachineSystem,
  points: readonly number[],
  backend: Backend<V>,
  chains: OpenChains | null,
): Promise<MachinePoint[]> {
  const values = points.map((point) => pointValues(plan, point));
  const states = chains && (await eliminatedOnDevice(system, plan.window, values, chains));
  const solved: MachinePoint[] = [];
  for (let k = 0; k < points.length; k++) {
    solved.push(await machinePoint(plan, system, points[k], backend, states?.[k] ?? null));
  }
  return solved;
}

/**
 * Solves a point of the grid. What concerns the whole sweep rejects.
 * @param state where it has been found already
 */
export async function machinePoint<V>(
  plan: MachinePlan,
  system: MachineSystem,
  point: number,
  backend: Backend<V>,
  state: SectorState | null = null,
): Promise<MachinePoint> {
  try {
    const values = pointValues(plan, point);
    const reading =
      (state && machineReadingOf(system, values, state, plan.edgeTolerance)) ??
      (await machineSteady(system, values, plan.window, UNASKED, plan.edgeTolerance, backend));
    const { problems, relativeResidual, edges } = reading;
    const isResidual = !(relativeResidual <= RESIDUAL_TOLERANCE.f64);
    const status =
      problems.length === 0
        ? 'solved'
        : isResidual || !reading.solution.solver.converged
          ? 'residual_above_tolerance'
          : 'window_not_converged';
    const lines = problems.slice(0, 1);
    const asked = await askedNumbers(plan.described, plan.columns, reading, {}, ({ message }) => {
      lines.push(message);
    });
    return {
      status,
      message: lines.length === 0 ? null : lines.join('; '),
      columns: { ...columnsOf(reading), ...asked },
      relativeResidual,
      edges,
    };
  } catch (error) {
    if (error instanceof NonUniqueSteadyStateError) return failed('failed_not_unique', error);
    if (error instanceof MachineError) return failed('failed_not_finite', error);
    throw error;
  }
}
