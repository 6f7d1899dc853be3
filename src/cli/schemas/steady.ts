/** What `steady` prints, of the device and of a machine. */

import { z } from 'zod';
import { ASKED_NAMES, OBSERVABLE_NAMES } from '../../simulate/observableRecords.js';
import {
  angleDensity,
  backend,
  backendReason,
  complete,
  device,
  edges,
  machine,
  machineNumbers,
  qubitPopulations,
  rotorPopulations,
  seconds,
  solverFields,
  validity,
  windowEdges,
} from './common.js';
import { byName, flag, number, text } from './fields.js';
import { members, named, observable, observables } from './observableFields.js';

const flowErrors = z
  .object({
    ...observables([...members('heat'), ...members('work')]),
    intrinsic: observable('power.intrinsic'),
    Lz: observable('rotor.Lz'),
  })
  .nullable()
  .meta({ description: 'what may have been lost of each flow, absolutely' });

export const steady = z.object({
  ...device,
  backend,
  solver: z.object({
    ...solverFields.shape,
    backendReason,
    precision: text('what computed in which precision'),
    smallestEigenvalue: z.object({
      value: number('of ρ'),
      exact: flag('false where the value is a lower bound'),
    }),
  }),
  complete,
  truncation: z.object({
    ...windowEdges,
    problems: z.array(z.string()).meta({ description: 'what is cut off, each in words' }),
  }),
  validity,
  flowErrors,
  ...observables(OBSERVABLE_NAMES, {
    rotor: { ...rotorPopulations, ...angleDensity },
    qubits: qubitPopulations,
  }),
  ...named(ASKED_NAMES),
});

const unsolvedSolver = z.object({
  converged: z.literal(false),
  unique: z.literal(false).nullable().meta({ description: 'false where it is not unique' }),
  problems: z.array(z.string()).min(1),
  seconds,
});

export const unsolved = z.object({ ...device, backend, solver: unsolvedSolver, complete });

/** What --machine prints. */
export const machineSteady = z.object({
  ...machine,
  truncation: edges,
  backend,
  solver: solverFields.extend({
    backendReason,
    populationError: number('how far a population may be off; null where it is not known'),
  }),
  complete,
  populations: z
    .record(z.string(), byName('of its levels'))
    .meta({ description: 'of each subsystem' }),
  ...machineNumbers,
  flowErrors: z
    .object({
      heat: byName('of the heat flows', 'energy/time'),
      work: byName('of the work flows', 'energy/time'),
    })
    .meta({ description: 'what may have been lost of each flow; null where it is not known' }),
  totalHeat: number('of all baths', 'energy/time'),
  totalWork: number('of all baths', 'energy/time'),
  firstLaw: number('heat and work together: rounding, where everything is right', 'energy/time'),
  entropyProduction: number(
    '−Σ βQ; null where a bath that gives heat has no temperature',
    '1/time',
  ),
  also: byName('of --also, each by its whole name').optional(),
});

export const machineUnsolved = z.object({ ...machine, solver: unsolvedSolver, complete });
