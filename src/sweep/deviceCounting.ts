/** What fluctuates at the points of a batch that a GPU has solved: counted there, or, with the reason, on the CPU. */
import type { Precision } from '../backend/backend.js';
import type { OpenChains } from '../backend/batches.js';
import { OutOfDeviceMemoryError } from '../backend/webgpu/errors.js';
import type { FluctuatingState } from '../fluctuations/fluctuatingState.js';
import { fluctuationsOnDevice } from '../simulate/deviceFluctuations.js';
import type { DevicePoint } from '../simulate/deviceStates.js';
import { fluctuatingDevice, millFluctuations } from '../simulate/millFluctuations.js';
import { type ObservableName, observableRecord } from '../simulate/observableRecords.js';
import { asNumber } from '../simulate/observe.js';

export const isFluctuation = (name: ObservableName): boolean =>
  observableRecord(name).is.kind === 'fluctuation';

/** A point whose window is kept. */
export interface CountedPoint extends DevicePoint {
  /** How far each number of its equations may be off on the GPU, relative to itself. */
  readonly unit: number;
}

export interface CountedThere {
  readonly state: FluctuatingState;
  readonly isOnDevice: boolean;
  /** Why the GPU has left it to the CPU; null where it has not, or was not asked. */
  readonly left: string | null;
}

/** What is asked of a state that fluctuates. */
function takenBy(names: readonly ObservableName[]) {
  const taken = names.flatMap((name) => {
    const { is } = observableRecord(name);
    return is.kind === 'fluctuation' ? is.takes : [];
  });
  return new Set(taken);
}

export async function countedOn(
  chains: OpenChains,
  precision: Precision,
  names: readonly ObservableName[],
  points: readonly CountedPoint[],
): Promise<CountedThere[]> {
  const taken = takenBy(names);
  const onHost = ({ parameters, window }: DevicePoint, left: string | null): CountedThere => ({
    state: millFluctuations(parameters, window),
    isOnDevice: false,
    left,
  });
  // With the state's factors on the host noise is two solutions more: the GPU would add to that.
  if (taken.has('state')) return points.map((point) => onHost(point, null));
  const devices = points.map(({ parameters, window }) => fluctuatingDevice(parameters, window));
  const options = { heat: taken.has('heat'), means: taken.has('means') };
  try {
    const found = await fluctuationsOnDevice(
      chains,
      precision,
      devices,
      options,
      (p) => points[p].unit,
    );
    return found.map((one, p) =>
      typeof one === 'string'
        ? onHost(points[p], one)
        : { state: one, isOnDevice: true, left: null },
    );
  } catch (error) {
    if (!(error instanceof OutOfDeviceMemoryError)) throw error;
    return points.map((point) => onHost(point, error.message));
  }
}

/** One of the names of a state. */
export function fluctuationOf(name: ObservableName, state: FluctuatingState): number {
  const { is } = observableRecord(name);
  return is.kind === 'fluctuation' ? asNumber(name, is.read(state)) : Number.NaN;
}
