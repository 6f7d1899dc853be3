/** A point of a sweep of a described machine: its steady state's numbers, or why there are none. */
import type { Backend } from '../backend/backend.js';
import type { OpenChains } from '../backend/batches.js';
import type { FluctuatingState } from '../fluctuations/fluctuatingState.js';
import { MachineError } from '../machine/description/error.js';
import type { Values } from '../machine/tape.js';
import type { ParameterError } from '../model/parameters.js';
import { askedNumbers } from '../simulate/machineAsked.js';
import { countedOnDevice, eliminatedOnDevice } from '../simulate/machineChains.js';
import { askedBy, columnsOf } from '../simulate/machineColumns.js';
import { type MachineReading, machineReadingOf, machineSteady } from '../simulate/machineSteady.js';
import type { MachineSystem } from '../simulate/machineSystem.js';
import { UNASKED } from '../simulate/route.js';
import { NonUniqueSteadyStateError } from '../solve/conservingElimination.js';
import { RESIDUAL_TOLERANCE } from '../solve/verdict.js';
import type { Status } from './layout.js';
import { type MachinePlan, pointValues } from './machinePlan.js';

export interface MachinePoint {
  readonly status: Status;
  /** Why it has no numbers, not all of them, or not those of the machine, or was not counted on a GPU; null where it has. */
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

/** What a GPU has found at a point. */
interface FoundOnDevice {
  readonly reading: MachineReading;
  /** Null where it has counted nothing, or not enough. */
  readonly counted: FluctuatingState | null;
  /** Why what fluctuates is left to the CPU; null where it is not. */
  readonly left: string | null;
}

/** By elimination of many points at once; null where a GPU is no way to one. */
async function foundOnDevice(
  { columns, described, window, edgeTolerance }: MachinePlan,
  system: MachineSystem,
  points: readonly Values[],
  chains: OpenChains,
): Promise<(FoundOnDevice | null)[]> {
  const found: (FoundOnDevice | null)[] = points.map(() => null);
  const states = await eliminatedOnDevice(system, window, points, chains);
  const readings = states.flatMap((state, p) => {
    if (state === null) return [];
    try {
      const reading = machineReadingOf(system, points[p], state, edgeTolerance);
      return reading === null ? [] : [{ p, reading, state }];
    } catch (error) {
      // The CPU finds the same of that point, and says so.
      if (error instanceof MachineError) return [];
      throw error;
    }
  });
  const asked = askedBy(described, columns);
  const solved = readings.map(({ reading: { numbers }, state }) => ({ numbers, state }));
  const counted = asked.size === 0 ? [] : await countedOnDevice(solved, asked, chains);
  readings.forEach(({ p, reading }, k) => {
    const one = counted[k] ?? null;
    const isLeft = typeof one === 'string';
    found[p] = { reading, counted: isLeft ? null : one, left: isLeft ? one : null };
  });
  return found;
}

/** Solves points of the grid on a GPU, many at once, and where that is no way one by one. */
export async function machinePoints<V>(
  plan: MachinePlan,
  system: MachineSystem,
  points: readonly number[],
  backend: Backend<V>,
  chains: OpenChains | null,
): Promise<MachinePoint[]> {
  const values = points.map((point) => pointValues(plan, point));
  const found = chains && (await foundOnDevice(plan, system, values, chains));
  const solved: MachinePoint[] = [];
  for (let k = 0; k < points.length; k++) {
    solved.push(await machinePoint(plan, system, points[k], backend, found?.[k] ?? null));
  }
  return solved;
}

/**
 * Solves a point of the grid. What concerns the whole sweep rejects.
 * @param found what is known of it already
 */
export async function machinePoint<V>(
  plan: MachinePlan,
  system: MachineSystem,
  point: number,
  backend: Backend<V>,
  found: FoundOnDevice | null = null,
): Promise<MachinePoint> {
  try {
    const reading =
      found?.reading ??
      (await machineSteady(
        system,
        pointValues(plan, point),
        plan.window,
        UNASKED,
        plan.edgeTolerance,
        backend,
      ));
    const { problems, relativeResidual, edges } = reading;
    const isResidual = !(relativeResidual <= RESIDUAL_TOLERANCE.f64);
    const status =
      problems.length === 0
        ? 'solved'
        : isResidual || !reading.solution.solver.converged
          ? 'residual_above_tolerance'
          : 'window_not_converged';
    const lines = problems.slice(0, 1);
    const { counted = null, left = null } = found ?? {};
    if (left !== null) lines.push(`fluctuations on the CPU: ${left}`);
    const refused = (error: ParameterError | NonUniqueSteadyStateError) => {
      const isSlow = error instanceof NonUniqueSteadyStateError;
      // It is solved for: what decays as slowly takes no digits of that.
      lines.push(isSlow ? `nothing but the state is known: ${error.message}` : error.message);
    };
    const { described, columns } = plan;
    const asked = await askedNumbers(described, columns, reading, { counted }, refused);
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
