/** What several commands print alike: the device, what computed, the window, the solver. */

import { z } from 'zod';
import { initialSchema } from '../../model/initial.js';
import { PARAMETER_NAMES, parameterRecords } from '../../model/parameterRecords.js';
import { deviceSchema } from '../../model/parameters.js';
import { METHODS } from '../../simulate/methods.js';
import { CONDITIONS, type Condition, VALIDITY_VERDICTS } from '../../thermo/validity.js';
import { byName, flag, number, numbers, text, whole } from './fields.js';

const model = deviceSchema.shape.model.unwrap();

const parameters = z.object(
  Object.fromEntries(
    PARAMETER_NAMES.map((name) => {
      const { description, unit } = parameterRecords[name];
      return [name, z.number().meta({ description, ...(unit === '' ? {} : { unit }) })];
    }),
  ),
);

export const device = {
  model,
  parameters,
  cutoff: number('cutoff Ω of the spectral densities, of the global model', 'energy').optional(),
};

export const backend = z.object({
  name: text('what computed'),
  adapter: z.string().nullable().meta({ description: 'the GPU; null on the CPU' }),
  precision: z.enum(['f32', 'f64']).meta({ description: 'of the answer' }),
});

export const backendReason = text('why this backend: as asked for, or by what auto goes');

export const complete = flag('false where it was interrupted');

export const seconds = number('time it took', 's');

export const windowEdges = {
  lmin: whole('lowest rotor level'),
  lmax: whole('highest rotor level'),
  edgeLow: number('population of the lowest level; null where the ladder itself ends there'),
  edgeHigh: number('population of the highest level; null where the ladder itself ends there'),
  converged: flag('whether what lies beyond the window is below the tolerance'),
};

const conditionNames = Object.keys(CONDITIONS) as readonly Condition[];

export const validity = z
  .object({
    ...Object.fromEntries(
      conditionNames.map((name) => {
        const { symbol, description } = CONDITIONS[name];
        return [name, number(`${symbol}: ${description}; null where the model does not need it`)];
      }),
    ),
    verdict: z.enum(VALIDITY_VERDICTS),
    because: z.array(z.enum(conditionNames)).meta({ description: 'what makes the verdict' }),
  })
  .meta({ description: 'where the model holds: what has to be small' });

export const rotorPopulations = {
  populations: numbers('of each level of the window, from lmin on', 'l'),
};

export const qubitPopulations = { populations: numbers('of 00, 01, 10, 11', 'qubits') };

export const angleDensity = {
  angle: numbers('density of the angle at 2πk/n, where asked for', 'angle').optional(),
};

/** Of the user's own form: kept as it was given. */
export const initial = z.object(initialSchema.shape).meta({ verbatim: true });

export const solverFields = z.object({
  space: z.enum(['sector', 'band', 'full']),
  dmax: z.int().nullable().meta({ description: 'largest |l_ket − l_bra| of a band' }),
  bandError: number(
    'largest change of an element from this band to the next wider one; where layers are solved, the largest element of the outermost',
  ),
  method: z.enum([...METHODS, 'elimination']),
  iterations: whole('applications of the generator by the inner solver'),
  passes: whole('refinements around it'),
  refinement: text('where and in which arithmetic solution and residual were kept'),
  residualFloor: number('norm of the derivative that rounding alone leaves', 'energy'),
  errorEstimate: number('about how far ρ is from the exact steady state'),
  converged: flag('whether the residual is within the tolerance'),
  unique: z.literal(true).nullable().meta({
    description: 'true where no other state is a solution; null where that was not looked at',
  }),
  problems: z.array(z.string()).meta({ description: 'what is wrong, each in words' }),
  reason: text('why this space and method'),
  residual: number('norm of the derivative', 'energy'),
  relativeResidual: number('the same in units of the sum of what it is a difference of'),
  traceError: number('|Tr ρ − 1|'),
  hermiticityError: number('largest |ρ − ρ†|'),
  seconds,
});

export const machine = {
  machine: z.object({ name: z.string(), file: z.string(), source: z.string() }),
  parameters: z.record(z.string(), z.number()).meta({ description: 'of the machine, by name' }),
};

/** What is read of its state, at rest or at a time. */
export const machineNumbers = {
  ladder: z
    .object({
      symbol: z.string(),
      mean: number('mean of the quantity that counts the levels'),
      meanSquare: number('of its square'),
      variance: number('of it'),
      ...rotorPopulations,
    })
    .nullable(),
  energies: byName('mean of each energy', 'energy'),
  heat: byName('heat flow from each bath', 'energy/time'),
  work: byName('work flow by each bath', 'energy/time'),
  observables: z
    .record(
      z.string(),
      z.union([z.number().nullable(), z.object({ re: number('real'), im: number('imaginary') })]),
    )
    .meta({ description: 'means of the operators that the file names' }),
};

export const fluctuationSolver = solverFields.pick({
  space: true,
  method: true,
  converged: true,
  problems: true,
  residual: true,
  relativeResidual: true,
  seconds: true,
});

export const edges = z.object(windowEdges).omit({ converged: true });
