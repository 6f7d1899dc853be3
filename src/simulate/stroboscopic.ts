/** The state that collisions lead to: the one that a collision, and the load after it, leave as it is. */
import { device } from '../model/device.js';
import type { Truncation } from '../model/parameters.js';
import { fixedPoint } from '../solve/fixedPoint.js';
import {
  type DensityMatrix,
  norm,
  rotorEdges,
  rotorPopulations,
  trace,
} from '../state/densityMatrix.js';
import { type Building, type CollisionRecord, collideOnce, minus } from './collide.js';
import { type SectorCollision, sectorCollision } from './collisionMaps.js';
import { widerWindow } from './windowSearch.js';

/** The most levels that the window of a steady state grows to: its equations are solved as a dense matrix. */
const LARGEST_STEADY_WINDOW = 1024;

/** The state that a collision and the load after it leave as it is. */
export interface StroboscopicState {
  readonly rho: DensityMatrix;
  readonly maps: SectorCollision;
  /** What the collision after it does: the flows of the steady state. */
  readonly record: CollisionRecord;
  /** ‖Mρ − ρ‖ (Frobenius norm), M the map of one collision and the load. */
  readonly residual: number;
  readonly traceError: number;
  readonly edgeLow: number;
  readonly edgeHigh: number;
}

/**
 * The stroboscopic steady state on the window of the given maps.
 * @throws {NonUniqueSteadyStateError}
 */
export function stroboscopicStateOn(maps: SectorCollision): StroboscopicState {
  const { collision, load, device: built } = maps;
  const all = load === null ? [collision] : [collision, load];
  const { window } = built.system;
  const solve = (centre: number): DensityMatrix => ({
    space: collision.space,
    elements: fixedPoint(all, centre),
  });
  // Once more around the level that turned out to be the most populated.
  const populations = rotorPopulations(solve(-window.lmin));
  const rho = solve(populations.indexOf(Math.max(...populations)));
  const { rho: image, record } = collideOnce(maps, rho, 0);
  const [edgeLow, edgeHigh] = rotorEdges(rho);
  return {
    rho,
    maps,
    record,
    residual: norm(minus(image, rho)),
    traceError: Math.abs(trace(rho) - 1),
    edgeLow,
    edgeHigh,
  };
}

/**
 * The stroboscopic steady state on the window of the given maps or, where none is asked for, on one that
 * grows from it until both edges are below the tolerance or it is at its largest. Without load the rotor
 * runs away from every window, and none is grown.
 * @throws {NonUniqueSteadyStateError}
 */
export function stroboscopicState(
  start: SectorCollision,
  truncation: Truncation,
  building: Building = () => {},
): StroboscopicState {
  let maps = start;
  for (;;) {
    const state = stroboscopicStateOn(maps);
    const { device: at, baths, tau } = maps;
    if (at.parameters.gamma === 0) return state;
    const edges = [state.edgeLow, state.edgeHigh] as const;
    const window = widerWindow(truncation, at.system.window, edges, null);
    if (window === null || window.size > LARGEST_STEADY_WINDOW) return state;
    maps = sectorCollision(device(at.parameters, window), baths, tau, (share) =>
      building(share, window),
    );
  }
}
