/** What may stand beside a master equation: how it is asked for, and what it tells. */
import type { InitialInput } from '../../model/initial.js';
import type { DeviceParameters, Truncation } from '../../model/parameters.js';
import type { Estimate } from '../../simulate/moments.js';

export type Road =
  | { readonly kind: 'trajectories'; readonly count: number; readonly seed: number }
  | { readonly kind: 'collisions'; readonly tau: number };

export interface BesideRequest {
  readonly parameters: DeviceParameters;
  readonly truncation: Truncation;
  readonly initial: InitialInput;
  /** In increasing order. */
  readonly times: readonly number[];
  readonly road: Road;
}

/** What both roads, or one of them, tell at a time. */
export const BESIDE_NAMES = ['rotor.Lz', 'heat.Q1', 'heat.Q2', 'heat.Qr', 'work.WQ'] as const;
export type BesideName = (typeof BESIDE_NAMES)[number];

/** A number, and of a mean how far it may be off; null of what no chance is in. */
export type Told = Pick<Estimate, 'mean' | 'error'>;

export interface BesideMoment {
  readonly t: number;
  readonly told: Readonly<Partial<Record<BesideName, Told>>>;
}

export interface BesideResult {
  readonly road: Road;
  readonly lmin: number;
  readonly lmax: number;
  readonly moments: readonly BesideMoment[];
  /** Trajectories, or collisions. */
  readonly count: number;
  readonly workers: number;
  readonly converged: boolean;
  readonly seconds: number;
}

/** How many collisions reach the last time. */
export const collisionsUntil = (until: number, tau: number): number => Math.round(until / tau);
