/** What `rectify` prints. */
import { z } from 'zod';
import {
  backend,
  complete,
  device,
  machine,
  machineNumbers,
  seconds,
  validity,
  windowEdges,
} from './common.js';
import { flag, number, rows, two, whole } from './fields.js';
import { observable } from './observableFields.js';

const rectification = z.object({
  R: number('rectification, Eqs. (39), (42)'),
  J: number('size of what is rectified, Eqs. (40), (43)'),
});

const searched = {
  parameters: z.record(z.string(), z.number()).meta({ description: 'of those varied' }),
  heat: rectification,
  angular: rectification,
};

const direction = z.object({
  Q1: observable('heat.Q1'),
  Q2: observable('heat.Q2'),
  Lz: observable('rotor.Lz'),
  lmin: windowEdges.lmin,
  lmax: windowEdges.lmax,
  edge: number('larger population of the two edges'),
  converged: flag('whether window and steady state are'),
  problems: z.array(z.string()),
  residual: number('norm of the derivative', 'energy'),
  cutoff: number('Ω of the global model', 'energy'),
  validity,
});

export const rectify = z.object({
  ...device,
  cutoff: number('Ω of the global model; null in the local one', 'energy'),
  backend,
  solver: z.object({
    space: z.enum(['sector']),
    method: z.enum(['direct']),
    seconds,
    evaluations: whole('devices looked at'),
  }),
  definition: z.enum(['signed', 'magnitude']),
  forward: direction,
  swapped: direction,
  heat: rectification,
  angular: z.object({
    ...rectification.shape,
    signed: rectification,
    magnitude: rectification,
  }),
  over: z.record(z.string(), z.object({ from: z.number(), to: z.number() })),
  best: rows(
    z.object({
      ...searched,
      alpha: number('weight of R against J'),
      quantity: z.enum(['heat', 'angular']),
      Gamma: number('figure of merit, Eqs. (41), (44)'),
    }),
    'best',
  ),
  pareto: z.object({
    heat: rows(z.object(searched), 'pareto_heat'),
    angular: rows(z.object(searched), 'pareto_angular'),
  }),
  complete,
});

const machineDirection = z.object({
  heat: machineNumbers.heat,
  work: machineNumbers.work,
  ladderMean: number('mean of the quantity that counts the levels; null without a ladder'),
  residual: number('norm of ρ̇', '1/time'),
  converged: direction.shape.converged,
  problems: direction.shape.problems,
});

export const machineRectify = z.object({
  ...machine,
  baths: two('that change places'),
  exchanged: two('parameters whose values do'),
  hot: two('the hot bath before and after'),
  truncation: z.object({ lmin: windowEdges.lmin, lmax: windowEdges.lmax }),
  backend,
  solver: z.object({ seconds }),
  forward: machineDirection,
  swapped: machineDirection,
  heat: rectification,
  angular: z
    .object({ signed: rectification, magnitude: rectification })
    .nullable()
    .meta({ description: 'of the mean of what counts the levels' }),
  converged: flag('whether both states are the machine’s'),
});
