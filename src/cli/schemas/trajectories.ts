/** What `trajectories` prints: means with their error bars. */

import { z } from 'zod';
import { type RunName, runRecords } from '../runRecords.js';
import {
  backend,
  backendReason,
  complete,
  device,
  initial,
  machine,
  seconds,
  validity,
  windowEdges,
} from './common.js';
import { estimate, number, ofRun, rows, text, whole } from './fields.js';
import { estimated, members, observables } from './observableFields.js';

const estimatedOfRun = (name: RunName) =>
  estimate(runRecords[name].description, runRecords[name].unit);

const estimates = (description: string, along: string) =>
  z.array(estimate(description)).meta({ description, along });

export const trajectories = z.object({
  ...device,
  initial,
  seed: whole('of the random numbers'),
  count: whole('trajectories'),
  complete,
  truncation: z.object(windowEdges),
  validity,
  errorBars: z.object({
    bars: number('how many error bars a mean may be off'),
    falseAlarms: number('in how many cases it is off by more, at most'),
    meaning: text('of an error bar'),
  }),
  backend: z.object({
    ...backend.shape,
    threads: z.int().nullable().meta({ description: 'null on a GPU' }),
  }),
  solver: z.object({
    space: text('what was followed'),
    method: text('how'),
    reason: text('why state vectors'),
    backendReason,
    seconds,
  }),
  snapshots: rows(
    z.object({
      t: ofRun('t'),
      ...observables(
        [...members('heat'), 'rotor.Lz', 'rotor.Lz2'],
        { rotor: { populations: estimates('of each level of the window, from lmin on', 'l') } },
        estimated,
      ),
      qubits: z.object({ populations: estimates('of 00, 01, 10, 11', 'qubits') }),
      exchanged: z
        .object({
          Q1: estimatedOfRun('exchanged.Q1'),
          Q2: estimatedOfRun('exchanged.Q2'),
          Qr: estimatedOfRun('exchanged.Qr'),
        })
        .meta({ description: 'heat that jumps have carried until then' }),
      jumps: z.object({
        bath1: estimatedOfRun('jumps.bath1'),
        bath2: estimatedOfRun('jumps.bath2'),
        load: estimatedOfRun('jumps.load'),
      }),
    }),
    't',
  ),
});

/** Estimates of the machine's own things, by name. */
const estimatesByName = (description: string) =>
  z.record(z.string(), estimate(description)).meta({ description });

export const machineTrajectories = z.object({
  ...machine,
  seed: trajectories.shape.seed,
  count: trajectories.shape.count,
  complete,
  truncation: z.object(windowEdges),
  errorBars: trajectories.shape.errorBars,
  backend: trajectories.shape.backend,
  solver: trajectories.shape.solver,
  snapshots: rows(
    z.object({
      t: ofRun('t'),
      populations: z
        .record(z.string(), estimates('of its levels', 'level'))
        .meta({ description: 'of each subsystem' }),
      ladder: z
        .object({
          symbol: z.string(),
          mean: estimate('of the quantity that counts the levels'),
          meanSquare: estimate('of its square'),
          populations: estimates('of each level of the window, from lmin on', 'l'),
        })
        .nullable(),
      energies: estimatesByName('mean of each energy'),
      heat: estimatesByName('heat flow from each bath'),
      work: estimatesByName('work flow by each bath'),
      exchanged: z.record(z.string(), estimate('heat of jumps until then').nullable()).meta({
        description: 'heat that the jumps of each bath have carried; null where it is not sharp',
      }),
      jumps: estimatesByName('jumps by each bath until then'),
      observables: z
        .record(
          z.string(),
          z.union([
            estimate('mean'),
            z.object({ re: estimate('real part'), im: estimate('imaginary part') }),
          ]),
        )
        .meta({ description: 'means of the operators that the file names' }),
    }),
    't',
  ),
});
