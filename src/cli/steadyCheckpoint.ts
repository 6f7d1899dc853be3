/** A steady state on its way, in a file: from it the solution goes on. */
import { z } from 'zod';
import { spaceOf } from '../generator/classes.js';
import { type DeviceParameters, ParameterError } from '../model/parameters.js';
import { QUBIT_STATES } from '../operators/operator.js';
import { rotorWindow } from '../operators/window.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import {
  type CheckpointKind,
  float64,
  readCheckpoint as read,
  windowFields,
  writeCheckpoint as write,
} from '../storage/checkpoint.js';

const qubitState = z
  .int()
  .min(0)
  .max(QUBIT_STATES - 1);

const stateSchema = z
  .strictObject({
    ...windowFields,
    iterations: z.int().nonnegative(),
    /** ket, bra and delta of each class, in order. */
    classes: z.array(z.tuple([qubitState, qubitState, z.int()])).min(1),
    elements: float64,
  })
  .refine(({ lmin, lmax }) => lmin < lmax, { error: 'a window of one level', abort: true })
  .refine(
    ({ classes }) => new Set(classes.map((name) => name.join())).size === classes.length,
    'a class that is there twice',
  )
  .refine(
    ({ lmin, lmax, classes, elements }) =>
      elements.length ===
      classes.reduce((sum, [, , delta]) => sum + 2 * (lmax - lmin + 1 - Math.abs(delta)), 0),
    'another number of elements than the classes have',
  );

const kind: CheckpointKind<z.output<typeof stateSchema>> = {
  command: 'steady',
  field: 'resume',
  state: stateSchema,
};

export interface Checkpoint {
  readonly rho: DensityMatrix;
  readonly iterations: number;
}

/** @throws {StoreError} where the operating system refuses */
export const writeCheckpoint = (
  file: string,
  parameters: DeviceParameters,
  { space, elements }: DensityMatrix,
  iterations: number,
): Promise<void> =>
  write(file, kind, parameters, {
    lmin: space.window.lmin,
    lmax: space.window.lmax,
    iterations,
    classes: space.classes.map(({ ket, bra, delta }): [number, number, number] => [
      ket,
      bra,
      delta,
    ]),
    elements,
  });

/**
 * @throws {ParameterError} for a file that is no checkpoint, or one of another device
 * @throws {StoreError} where the operating system refuses
 */
export async function readCheckpoint(
  file: string,
  parameters: DeviceParameters,
): Promise<Checkpoint> {
  const state = await read(file, kind, parameters);
  if (state === undefined) {
    throw new ParameterError('resume', file, 'a checkpoint of this device (there is no such file)');
  }
  const { lmin, lmax, classes, elements, iterations } = state;
  const space = spaceOf(
    { states: QUBIT_STATES, window: rotorWindow(lmin, lmax) },
    classes.map(([ket, bra, delta]) => ({ ket, bra, delta })),
  );
  return { rho: { space, elements }, iterations };
}
