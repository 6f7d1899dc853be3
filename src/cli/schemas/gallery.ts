/** What `machines` and `levels` print. */
import { z } from 'zod';
import { machine, windowEdges } from './common.js';
import { number, rows, text, whole } from './fields.js';

export const galleryMachine = z.object({
  machine: text('name in the gallery, or file'),
  name: z.string(),
  source: z.string(),
  text: z.string(),
  subsystems: z.record(z.string(), z.array(z.string())).meta({ description: 'their levels' }),
  ladder: text('kind of the ladder'),
  parameters: z.array(
    z.object({
      name: z.string(),
      default: z.number(),
      unit: z.string(),
      range: z.array(z.number().nullable()).length(2).meta({
        description: 'least and most; null where there is no such bound',
      }),
      text: z.string(),
    }),
  ),
});

export const levels = z.object({
  ...machine,
  truncation: z.object({
    lmin: windowEdges.lmin,
    lmax: windowEdges.lmax,
    converged: z.boolean(),
  }),
  levels: rows(
    z.object({
      level: whole('0 for the lowest'),
      energy: number('eigenvalue of the Hamiltonian'),
      above: number('of the lowest'),
      change: number('where the window is an eighth smaller').nullable(),
    }),
    'level',
  ),
});
