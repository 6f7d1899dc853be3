/** What `modes` and `correlate` print. */
import { z } from 'zod';
import { complete, edges, seconds } from './common.js';
import { byName, complex, flag, knownComplex, number, rows, text, whole } from './fields.js';

const spectrumSolver = z.object({
  converged: flag('whether the window and every number are as good as they are printed'),
  problems: z.array(z.string()).meta({ description: 'what is not, each in words' }),
  seconds,
});

const mode = z.object({
  rate: number('−Re λ', '1/time'),
  frequency: number('Im λ', '1/time'),
  residual: number('‖LR − λR‖/‖R‖, elements of R by (p_ket p_bra)^¼'),
  condition: number('how far λ moves for a disturbance of the generator of norm 1; at least 1'),
  error: number('what may have been lost of λ', '1/time'),
  coalesced: whole('eigenvalues that are one to rounding, of which the mean is given; else 1'),
  overlaps: byName('|cos| of the angle between each observable, less its mean, and the mode'),
});

export const modesOf = z.object({
  solver: spectrumSolver,
  truncation: edges,
  complete,
  charges: z
    .array(z.object({ offsets: z.array(z.int()), perLevel: z.int() }))
    .meta({ description: 'conserved charges: offsets[state] + perLevel · l' }),
  gapZeroSector: number('the slowest rate at charge 0; null where another one may be', '1/time'),
  gapError: number('its error', '1/time'),
  relaxationTime: number('1 by the gap', 'time'),
  slowest: z.array(z.array(z.number())).meta({ description: 'Re λ and Im λ at charge 0' }),
  metastability: z
    .object({
      slow: whole('modes on the slow side of the widest ratio of rates'),
      ratio: number('that ratio'),
      from: number('when the fast modes are gone', 'time'),
      to: number('until when the slow ones stay', 'time'),
    })
    .nullable(),
  sectors: z.array(
    z.object({
      charge: z.array(z.int()),
      elements: whole('of the state that have this charge'),
      method: z.enum(['dense', 'arnoldi']),
      search: z
        .object({
          shift: z.array(z.number()).meta({ description: 'Re and Im' }),
          radius: number('all eigenvalues nearer than this to the shift were looked for', '1/time'),
          slowBeyond: whole('elements beyond that decay more slowly by themselves'),
          slowest: whole('how many of the first modes are the slowest of all, at any frequency'),
        })
        .nullable(),
      modes: z.array(mode),
    }),
  ),
});

export const modesAlong = z.object({
  solver: spectrumSolver,
  complete,
  along: z.object({
    parameter: text('that varies'),
    from: z.number(),
    to: z.number(),
    samples: whole('values of it that were looked at'),
    modes: whole('slowest modes of charge 0 that were'),
  }),
  exceptionalPoints: rows(
    z.object({
      at: number('the parameter'),
      error: number('how far that may be off'),
      rate: number('of the mode that is left', '1/time'),
      order: whole('modes that have become one'),
    }),
    'point',
  ),
});

/** The same as a table, with a row for each mode. */
export const modeRows = modesOf.omit({ sectors: true }).extend({
  modes: rows(
    z.object({
      mode: whole('number of the mode'),
      charge: z
        .array(z.int())
        .meta({ description: 'ket less bra in each conserved charge', along: 'conserved' }),
      ...mode.shape,
    }),
    'mode',
  ),
});

export const correlations = z.object({
  solver: spectrumSolver,
  truncation: edges,
  complete,
  from: number('time of B after the initial state; null in the steady state', 'time'),
  a: text('A'),
  b: text('B'),
  means: z.object({ a: complex('⟨A⟩'), b: complex('⟨B⟩') }),
  times: rows(
    z.object({
      tau: number('time from B to A', 'time'),
      correlation: knownComplex('⟨A(t + τ)B(t)⟩'),
      covariance: complex('⟨A(t + τ)B(t)⟩ − ⟨A(t + τ)⟩⟨B(t)⟩, with the same error'),
    }),
    'tau',
  ),
  frequencies: rows(
    z.object({
      omega: number('angular frequency', '1/time'),
      spectrum: knownComplex('∫ e^(−iωτ) ⟨δA(τ)δB⟩ dτ'),
    }),
    'omega',
  ),
});
