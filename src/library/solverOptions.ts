/** How a device is to be solved: what may be chosen, and what is when nothing is. */

import { z } from 'zod';
import { BACKENDS } from '../backend/registry.js';
import { METHODS } from '../simulate/methods.js';

const choice = (description: string, values: readonly string[]) => ({
  description,
  unit: '',
  allowed: `one of ${values.join(', ')}`,
});

const backends = ['auto', ...BACKENDS] as const;

const spaces = ['auto', 'sector', 'band', 'full'] as const;
const methods = ['auto', ...METHODS] as const;
const precisions = ['f32', 'f64'] as const;

export const solverSchema = z.strictObject({
  backend: z
    .enum(backends)
    .default('auto')
    .meta(choice('what computes; auto is the cpu, in float64, and says by what model', backends)),
  space: z
    .enum(spaces)
    .default('auto')
    .meta(
      choice(
        'part of the density matrix that is kept; auto is the sector where V = 0, else a band',
        spaces,
      ),
    ),
  dmax: z
    .union([z.enum(['auto']), z.int().nonnegative()])
    .default('auto')
    .meta({
      description: 'largest |l_ket − l_bra| of a band; auto widens it until no element changes',
      unit: '',
      allowed: 'auto or an integer ≥ 0',
    }),
  method: z.enum(methods).default('auto').meta(choice('how the steady state is solved', methods)),
  precision: z.enum(precisions).default('f64').meta(choice('precision of the answer', precisions)),
});

/** What else may be chosen where the backend is an engine that is open. */
export const solving = solverSchema.omit({ backend: true });

export type SolverOptions = z.output<typeof solverSchema>;
