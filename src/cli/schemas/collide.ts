/** What `collide` prints. */

import { z } from 'zod';
import { runRecords } from '../runRecords.js';
import {
  backend,
  complete,
  device,
  initial,
  machine,
  machineNumbers,
  rotorPopulations,
  seconds,
  validity,
  windowEdges,
} from './common.js';
import { machineEvolve } from './evolve.js';
import { byName, number, numbers, ofRun, rows, text, whole } from './fields.js';
import { observable } from './observableFields.js';

/** What a collision's record has beside its number and time. */
const collided = {
  Q1: observable('heat.Q1'),
  Q2: observable('heat.Q2'),
  Qr: observable('heat.Qr'),
  WQ: observable('work.WQ'),
  Wr: observable('work.Wr'),
  dU: ofRun('dU'),
  firstLaw: observable('firstLaw'),
  entropyProduction: ofRun('entropyProduction'),
  n1: ofRun('n1'),
  n2: ofRun('n2'),
  Lz: observable('rotor.Lz'),
  Lz2: observable('rotor.Lz2'),
  coherence: ofRun('coherence'),
  coherence_imag: ofRun('coherence_imag'),
};

export const collide = z.object({
  ...device,
  tau: number('duration of a collision', '1/energy'),
  initial,
  nmax: whole('most quanta of a bath'),
  baths: z.array(
    z.object({
      nmax: whole('most quanta'),
      weightCut: number('thermal weight that is cut off'),
    }),
  ),
  truncation: z.object(windowEdges),
  validity,
  backend,
  solver: z.object({ space: text('what was followed'), method: text('how'), seconds }),
  complete,
  collisions: rows(
    z.object({ step: whole(runRecords.step.description), t: ofRun('t'), ...collided }),
    'step',
  ),
  steady: z
    .object({
      ...collided,
      ...rotorPopulations,
      residual: number('norm of what a collision changes'),
      traceError: number('|Tr ρ − 1|'),
      truncation: z.object(windowEdges),
    })
    .optional()
    .meta({ description: 'the state that a collision leaves as it is' }),
});

export const machineCollide = z.object({
  ...machine,
  tau: collide.shape.tau,
  truncation: machineEvolve.shape.truncation,
  backend,
  solver: collide.shape.solver,
  complete,
  collisions: rows(
    z.object({
      step: whole(runRecords.step.description),
      t: ofRun('t'),
      populations: z
        .record(z.string(), numbers('of its levels', 'level'))
        .meta({ description: 'of each subsystem, units as the collision leaves them' }),
      ladder: machineNumbers.ladder,
      energies: machineNumbers.energies,
      units: byName('energy that each unit leaves behind', 'energy'),
      switching: number('energy of switching the coupling to fresh units on and off', 'energy'),
      heat: byName('heat that each bath brings in after the collision', 'energy'),
      work: byName('work that each bath does after the collision', 'energy'),
      dU: number('change of the energy of the machine', 'energy'),
      firstLaw: number('dU less all that was brought in', 'energy'),
      observables: machineNumbers.observables,
      traceError: number('|Tr ρ − 1|'),
      edgeLow: windowEdges.edgeLow,
      edgeHigh: windowEdges.edgeHigh,
    }),
    'step',
  ),
});
