/** What runs have beside the device: evolutions, collisions, trajectories. */
import { z } from 'zod';
import { collisionSchema } from '../model/collision.js';
import { initialSchema } from '../model/initial.js';
import { FREQUENCIES_ALLOWED, TIMES_ALLOWED } from './times.js';

const angles = z.int().min(0).max(100_000).default(0).meta({
  description: "number of angles at which the rotor's density P(φ) is given",
  unit: '',
  allowed: 'an integer from 0 to 100000',
});

/** What a steady state has beside the device. */
export const steadySchema = z.strictObject({ angles });

/** What an evolution has beside the device. */
export const evolutionSchema = z.strictObject({
  times: z.unknown().meta({
    description: 'times of the snapshots',
    unit: '1/energy',
    allowed: TIMES_ALLOWED,
  }),
  ...initialSchema.shape,
  rtol: z.number().min(1e-14).max(1e-2).default(1e-12).meta({
    description: 'error of a step relative to the largest element of the initial state',
    unit: '',
    allowed: 'a number from 1e-14 to 1e-2',
  }),
  atol: z.number().min(0).max(1e-2).default(1e-15).meta({
    description: 'error of a step in absolute terms, where that allows more',
    unit: '',
    allowed: 'a number from 0 to 1e-2',
  }),
  angles,
});

/** What correlations have beside the machine. */
export const correlationSchema = z.strictObject({
  tau: z.unknown().meta({
    description: 'times from B to A',
    unit: '1/energy',
    allowed: TIMES_ALLOWED,
  }),
  frequency: z.unknown().meta({
    description: 'angular frequencies of the spectrum',
    unit: 'energy',
    allowed: FREQUENCIES_ALLOWED,
  }),
  from: z.number().min(0).optional().meta({
    description: 'B at this time after the initial state, in place of the steady state',
    unit: '1/energy',
    allowed: 'a number ≥ 0',
  }),
  ...initialSchema.shape,
});

const count = (description: string, otherwise: number) =>
  z
    .int()
    .min(1)
    .default(otherwise)
    .meta({ description, unit: '', allowed: 'an integer from 1 to 2^53 − 1' });

/** What a sequence of collisions has beside the device. */
export const collisionsSchema = z.strictObject({
  ...collisionSchema.shape,
  ...initialSchema.shape,
  collisions: count('number of collisions', 100),
  every: count('collisions from one that is printed to the next', 1),
});

/** What a set of trajectories has beside the device. */
export const trajectoriesSchema = z.strictObject({
  times: z
    .unknown()
    .meta({ description: 'times of the means', unit: '1/energy', allowed: TIMES_ALLOWED }),
  ...initialSchema.shape,
  count: z
    .int()
    .min(1)
    .max(2 ** 32)
    .default(1000)
    .meta({
      description: 'number of trajectories',
      unit: '',
      allowed: 'an integer from 1 to 2^32',
    }),
  seed: z.int().min(0).default(0).meta({
    description: 'seed of the random numbers: the same seed gives the same numbers on any threads',
    unit: '',
    allowed: 'an integer from 0 to 2^53 − 1',
  }),
});
