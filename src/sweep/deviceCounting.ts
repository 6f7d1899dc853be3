/** What fluctuates at the points of a batch that a GPU has solved: counted there, or, with the reason, on the CPU. */
import type { Precision } from '../backend/backend.js';
import type { OpenChains } from '../backend/batches.js';
import type { Asked, FluctuatingState } from '../fluctuations/fluctuatingState.js';
import { loadKernels } from '../lindblad/kernels.js';
import type { SectorState } from '../lindblad/solvedSector.js';
import { rotorWindow } from '../operators/window.js';
import { asksStates, fluctuationsOnDevice } from '../simulate/deviceFluctuations.js';
import { fluctuatingDevice, millFluctuations } from '../simulate/millFluctuations.js';
import { type ObservableName, observableRecord } from '../simulate/observableRecords.js';
import { asNumber } from '../simulate/observe.js';
import type { SectorPoint } from '../simulate/sectorPoints.js';

export const isFluctuation = (name: ObservableName): boolean =>
  observableRecord(name).is.kind === 'fluctuation';

/** A point whose window is kept. */
export interface CountedPoint extends SectorPoint {
  /** How far each number of its equations may be off on the GPU, relative to itself. */
  readonly unit: number;
  /** Its steady state, where that has come back. */
  readonly state?: SectorState;
}

export interface CountedThere {
  readonly state: FluctuatingState;
  readonly isOnDevice: boolean;
  /** Why the GPU has left it to the CPU; null where it has not, or was not asked. */
  readonly left: string | null;
}

/** What has to be known of a state that fluctuates. */
function askedBy(names: readonly ObservableName[]): Set<Asked> {
  const asked = names.flatMap((name) => {
    const { is } = observableRecord(name);
    return is.kind === 'fluctuation' ? is.takes : [];
  });
  return new Set(asked);
}

/**
 * @param chains null where the GPU has no kernel for them
 * @param levels of each point's window
 */
export async function countedOn(
  chains: OpenChains | null,
  precision: Precision,
  names: readonly ObservableName[],
  points: readonly CountedPoint[],
  levels: number,
): Promise<CountedThere[]> {
  const asked = askedBy(names);
  const windowOf = ({ lmin }: SectorPoint) => rotorWindow(lmin, lmin + levels - 1);
  const onHost = (point: SectorPoint, left: string | null): CountedThere => ({
    state: millFluctuations(point.parameters, windowOf(point)),
    isOnDevice: false,
    left,
  });
  // Without its state a device is eliminated here, and noise is two solutions more: the GPU would add to that.
  const isStateless = asksStates(asked) && points.some(({ state }) => state === undefined);
  if (chains === null || isStateless) return points.map((point) => onHost(point, null));
  await loadKernels();
  const devices = points.map((point) => {
    const { parameters, unit, state = null } = point;
    return { ...fluctuatingDevice(parameters, windowOf(point)), unit, state };
  });
  const found = await fluctuationsOnDevice(chains, precision, devices, asked);
  return found.map((one, p) =>
    typeof one === 'string' ? onHost(points[p], one) : { state: one, isOnDevice: true, left: null },
  );
}

/** One of the names of a state. */
export function fluctuationOf(name: ObservableName, state: FluctuatingState): number {
  const { is } = observableRecord(name);
  return is.kind === 'fluctuation' ? asNumber(name, is.read(state)) : Number.NaN;
}
