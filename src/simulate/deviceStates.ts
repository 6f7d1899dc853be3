/** Steady states of the paper's devices by elimination on a GPU, many at once. */
import type { Precision } from '../backend/backend.js';
import type { OpenChains } from '../backend/batches.js';
import type { SectorState } from '../lindblad/solvedSector.js';
import { device, valuesOf } from '../model/device.js';
import type { DeviceParameters } from '../model/parameters.js';
import type { Window } from '../operators/window.js';
import { type DeviceRounding, deviceRounding, faintestOf, lostOnDevice } from './deviceRounding.js';
import { compiledFor, cutoffOn } from './millSector.js';
import { statesOnChains, type Unsolved } from './sectorChains.js';
import { SolvedInSector } from './steady.js';
import type { SteadyState } from './steadyState.js';

export interface DevicePoint {
  readonly parameters: DeviceParameters;
  readonly window: Window;
}

/** A state, and what the GPU's arithmetic may have lost of it. */
export interface DeviceState {
  readonly state: SteadyState;
  /** The same in its sector. */
  readonly inSector: SectorState;
  readonly lost: DeviceRounding;
}

/** What becomes of the points, by their places. */
export interface DeviceStates {
  /** Called for each state as soon as it is there. @param state makes it, and is to be called at once */
  solved(point: number, state: () => DeviceState): void;
  unsolved(point: number, why: Unsolved): void;
}

/**
 * @param points each of which has a sector to solve in
 * @throws {NoSectorError | EigenbasisError} where one has none
 * @throws {OutOfDeviceMemoryError} where a few do not fit
 * @throws {PrecisionError} for f64 where no double-float variant is right on the device
 */
export async function statesOnDevice(
  open: OpenChains,
  precision: Precision,
  points: readonly DevicePoint[],
  { solved, unsolved }: DeviceStates,
): Promise<void> {
  const chains = points.map(({ parameters, window }) => {
    const values = valuesOf(parameters, cutoffOn(parameters, window));
    return { compiled: compiledFor(parameters, values), values, window };
  });
  await statesOnChains(open, precision, chains, {
    solved: (p, _, stateOf) => {
      const { parameters, window } = points[p];
      solved(p, () => {
        const lost = deviceRounding(parameters, window, precision);
        const found = stateOf(lostOnDevice(lost));
        const state = new SolvedInSector(device(parameters, window), found, faintestOf(lost));
        return { state, inSector: found, lost };
      });
    },
    unsolved,
  });
}
