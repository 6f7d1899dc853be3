/** What `optimise` prints. */
import { z } from 'zod';
import { backend, complete, seconds, windowEdges } from './common.js';
import { byName, flag, number, rows, text, whole } from './fields.js';

const candidate = {
  parameters: byName('of those varied'),
  value: number('the objective'),
  error: number('what may have been lost of it; null where that is not known'),
  against: number('the second objective'),
};

const endedAs = z.enum(['converged', 'stalled', 'exhausted']).meta({
  description: 'whether its conditions hold, no step led farther, or there were too many',
});

const endsOfWindow = { lmin: windowEdges.lmin, lmax: windowEdges.lmax };

export const optimised = z.object({
  backend,
  solver: z.object({
    method: z.enum(['sequential quadratic programming']),
    gradients: z.enum(['adjoint', 'differences']),
    converged: flag('whether the best is shown to be a local optimum'),
    problems: z.array(z.string()),
    starts: whole('the device as it is given, and random ones'),
    seed: whole('of the random starts'),
    evaluations: whole('devices solved'),
    seconds,
  }),
  sense: z.enum(['minimise', 'maximise']),
  objective: text('as it was given'),
  secondObjective: z.string().nullable().meta({ description: 'of the same sense' }),
  over: z.record(
    z.string(),
    z.object({ from: z.number(), to: z.number(), scale: z.enum(['linear', 'logarithmic']) }),
  ),
  best: z.object({
    ...candidate,
    startsThere: whole('starts that ended at this value'),
    constraints: z.array(
      z.object({
        text: text('as it was given'),
        margin: number('by how much it is fulfilled'),
        isActive: flag('whether it holds the optimum back'),
        multiplier: number('what the objective would gain for each unit that it gave way'),
      }),
    ),
  }),
  certificate: z
    .object({
      isLocalOptimum: flag('whether what follows shows it'),
      gradientNorm: number('what is left of the gradient, relative to the value, across the box'),
      violation: number('of constraints, in parts of the box'),
      bounds: z.array(
        z.object({
          parameter: text('held by an end of its range'),
          at: z.enum(['from', 'to']),
          pull: number('what the value would gain beyond, relative to itself, across the box'),
        }),
      ),
      curvature: z
        .object({ smallest: number('of second differences'), largest: number('of them') })
        .nullable()
        .meta({ description: 'relative to the value, in free directions; null without any' }),
      observables: z.record(
        z.string(),
        z.object({
          value: number('of the observable'),
          error: number('of the value; null where it is not known'),
          digits: z.int().nullable().meta({ description: 'that the error leaves' }),
        }),
      ),
      relativeResidual: number('‖Lρ‖/‖|L||ρ|‖'),
      edges: z
        .array(z.number())
        .length(2)
        .meta({ description: 'populations of the window’s edges' }),
      window: z.object(endsOfWindow),
      wider: z
        .object({ ...endsOfWindow, value: number('the objective there') })
        .nullable()
        .meta({ description: 'the same device on a wider window' }),
    })
    .nullable()
    .meta({ description: 'null where the search was interrupted, or no start came to an end' }),
  ends: rows(
    z.object({ ...candidate, from: byName('where the start was'), ended: endedAs }),
    'start',
  ),
  pareto: rows(
    z.object({
      ...candidate,
      gradientNorm: number('what is left of the gradient, relative to the value'),
      ended: endedAs,
    }),
    'pareto',
  ),
  complete,
});
