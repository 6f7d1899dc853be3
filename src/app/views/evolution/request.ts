/** What the view asks to be computed, as the page's settings say it. */

import { page } from '../../state/store.js';
import type { BesideRequest, Road } from '../../studies/beside.js';
import type { EvolutionStudyRequest } from '../../studies/evolutionStudy.js';
import { initialOf } from './initial.js';

export const FRAMES = 100;
/** Logarithmic times begin at this share of the end. */
const EARLIEST = 1e-4;
/** Of so many frames one has points beside it, lest their bars lie on one another. */
const FRAMES_A_POINT = 5;

export function evolutionAsked(): EvolutionStudyRequest {
  const { parameters, truncation, settings } = page.value;
  const { until, times } = settings;
  const at = (share: number) =>
    times === 'linear' ? until * share : share === 0 ? 0 : until * EARLIEST ** (1 - share);
  return {
    parameters,
    truncation,
    initial: initialOf(settings),
    times: Array.from({ length: FRAMES + 1 }, (_, i) => at(i / FRAMES)),
  };
}

function roadOf(): Road | null {
  const { beside, trajectories, seed, tau } = page.value.settings;
  switch (beside) {
    case 'nothing':
      return null;
    case 'trajectories':
      return { kind: beside, count: trajectories, seed };
    case 'collisions':
      return { kind: beside, tau };
  }
}

/** Null where nothing is to stand beside the master equation. */
export function besideAsked(): BesideRequest | null {
  const road = roadOf();
  if (road === null) return null;
  const { times, ...rest } = evolutionAsked();
  return { ...rest, times: times.filter((_, i) => i % FRAMES_A_POINT === 0), road };
}
