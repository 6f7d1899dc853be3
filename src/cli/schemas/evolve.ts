/** What `evolve` prints. */

import { z } from 'zod';
import { OBSERVABLE_NAMES } from '../../simulate/observableRecords.js';
import { isOfAnyState } from '../../simulate/observe.js';
import {
  angleDensity,
  backend,
  backendReason,
  complete,
  device,
  initial,
  machine,
  machineNumbers,
  qubitPopulations,
  rotorPopulations,
  seconds,
  validity,
  windowEdges,
} from './common.js';
import { number, numbers, ofRun, rows, text, whole } from './fields.js';
import { observables } from './observableFields.js';

export const evolve = z.object({
  ...device,
  initial,
  truncation: z.object({
    ...windowEdges,
    largestEdge: number('largest population of an edge at any time'),
  }),
  validity,
  backend,
  solver: z.object({
    space: z.enum(['sector', 'band', 'full']).optional(),
    dmax: z.int().nullable().optional(),
    bandEdge: number('largest element at the edge of a band').optional(),
    method: z.enum(['rational', 'chebyshev']).optional(),
    reason: text('why this space and method').optional(),
    backendReason,
    rtol: number('error of a step relative to the largest element of the initial state'),
    atol: number('error of a step in absolute terms'),
    steps: z
      .object({ accepted: whole('steps taken'), rejected: whole('steps taken again, shorter') })
      .optional(),
    seconds,
  }),
  complete,
  version: text('of quantum-mill'),
  snapshots: rows(
    z.object({
      t: ofRun('t'),
      dU: ofRun('dU'),
      ...observables(
        OBSERVABLE_NAMES.filter(
          (name) => isOfAnyState(name) || /^(heat|work|power|ergotropy)\.|^firstLaw/.test(name),
        ),
        {
          rotor: { ...rotorPopulations, ...angleDensity },
          qubits: qubitPopulations,
        },
      ),
      traceError: number('|Tr ρ − 1|'),
      hermiticityError: number('largest |ρ − ρ†|'),
      smallestEigenvalue: number('of ρ'),
      edgeLow: windowEdges.edgeLow,
      edgeHigh: windowEdges.edgeHigh,
    }),
    't',
  ),
});

export const machineEvolve = z.object({
  ...machine,
  truncation: z.object({
    lmin: windowEdges.lmin,
    lmax: windowEdges.lmax,
    largestEdge: number('largest population of an edge at any time'),
    converged: windowEdges.converged,
  }),
  backend,
  solver: z.object({
    method: z.enum(['rational', 'chebyshev']),
    reason: text('why this method'),
    backendReason,
    rtol: number('error of a step relative to the largest element of the initial state'),
    atol: number('error of a step in absolute terms'),
    seconds,
  }),
  complete,
  snapshots: rows(
    z.object({
      t: ofRun('t'),
      populations: z
        .record(z.string(), numbers('of its levels', 'level'))
        .meta({ description: 'of each subsystem' }),
      ...machineNumbers,
      traceError: number('|Tr ρ − 1|'),
      edgeLow: windowEdges.edgeLow,
      edgeHigh: windowEdges.edgeHigh,
    }),
    't',
  ),
});
