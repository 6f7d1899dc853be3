/** What fluctuates at the points of a batch that a GPU has solved: counted there, or, with the reason, on the CPU. */
import type { Precision } from '../backend/backend.js';
import type { OpenChains } from '../backend/batches.js';
import type { Asked, FluctuatingState } from '../fluctuations/fluctuatingState.js';
import { fluctuationsOnDevice, type OfState } from '../simulate/deviceFluctuations.js';
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
  readonly ofState: OfState;
}

export interface CountedThere {
  readonly state: FluctuatingState;
  readonly isOnDevice: boolean;
  /** Why the GPU has left it to the CPU; null where it has not, or was not asked. */
  readonly left: string | null;
}

/** What has to be known of a state that fluctuates. */
export function askedBy(names: readonly ObservableName[]): ReadonlySet<Asked> {
  const asked = names.flatMap((name) => {
    const { is } = observableRecord(name);
    return is.kind === 'fluctuation' ? is.takes : [];
  });
  return new Set(asked);
}

export async function countedOn(
  chains: OpenChains,
  precision: Precision,
  asked: ReadonlySet<Asked>,
  points: readonly CountedPoint[],
): Promise<CountedThere[]> {
  const devices = points.map(({ parameters, window, unit, ofState }) => ({
    ...fluctuatingDevice(parameters, window),
    ...{ unit, ofState },
  }));
  const found = await fluctuationsOnDevice(chains, precision, devices, asked);
  return found.map((one, p): CountedThere => {
    if (typeof one !== 'string') return { state: one, isOnDevice: true, left: null };
    const { parameters, window } = points[p];
    return { state: millFluctuations(parameters, window), isOnDevice: false, left: one };
  });
}

/** One of the names of a state. */
export function fluctuationOf(name: ObservableName, state: FluctuatingState): number {
  const { is } = observableRecord(name);
  return is.kind === 'fluctuation' ? asNumber(name, is.read(state)) : Number.NaN;
}
