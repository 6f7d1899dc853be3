/** How records say what they are read from, and the unit that many share. */
import type { KnownFlows } from '../knownFlows.js';
import type { Value } from '../observable.js';
import type { SteadyReading } from '../steadyReading.js';

export const ofFlows = (read: (flows: KnownFlows) => Value) => ({ kind: 'flows', read }) as const;
export const ofSolution = (read: (reading: SteadyReading) => Value) =>
  ({ kind: 'solution', read }) as const;

export const energyFlow = 'energy/time';
