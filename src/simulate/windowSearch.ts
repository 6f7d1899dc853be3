/** The window of a run: the one that is asked for, or one that grows until it holds the rotor. */
import type { DeviceParameters, Truncation } from '../model/parameters.js';
import { rotorWindow, type Window } from '../operators/window.js';
import { isHeavy, momentsBeyond } from './rotorTails.js';

/** Where a window that has to be found starts, and the most levels it may grow to. */
const FIRST_REACH = 16;
const LARGEST_WINDOW = 4096;

/** The window a search for one starts with. */
const searched = (): Window => rotorWindow(-FIRST_REACH, FIRST_REACH);

/** The window asked for, or that with which the search for one begins. */
export const firstWindow = ({ lmin, lmax }: Pick<Truncation, 'lmin' | 'lmax'> = {}): Window =>
  lmin === undefined || lmax === undefined ? searched() : rotorWindow(lmin, lmax);

/** A window, with the largest populations that its lowest and its highest level had. */
export interface HeldWindow extends Pick<Window, 'lmin' | 'lmax'> {
  readonly edgeLow: number;
  readonly edgeHigh: number;
  /** Whether both are below the tolerance. */
  readonly converged: boolean;
}

export const heldWindow = (
  { lmin, lmax }: Pick<Window, 'lmin' | 'lmax'>,
  { edgeLow, edgeHigh }: Pick<HeldWindow, 'edgeLow' | 'edgeHigh'>,
  edgeTolerance: number,
): HeldWindow => {
  const converged = edgeLow <= edgeTolerance && edgeHigh <= edgeTolerance;
  return { lmin, lmax, edgeLow, edgeHigh, converged };
};

/** Which of a window's edges are not far enough out. */
function shortEdges(
  window: Window,
  edges: readonly [number, number],
  edgeTolerance: number,
  load: DeviceParameters | null,
): readonly boolean[] {
  const short = edges.map((population) => population > edgeTolerance);
  if (load === null) return short;
  const { below, above, scale } = momentsBeyond(load, window, edges);
  // Half of what is allowed, for each of the two.
  return [below, above].map(
    (tail, side) => short[side] || isHeavy(load, tail, scale, edgeTolerance / 2),
  );
}

/**
 * The next window of a search, wider where the population at an edge is above the tolerance, or where what
 * lies beyond it of the moments of L_z is.
 * @param edges populations of the lowest and the highest level
 * @param load null where no moments are asked for
 * @returns null where the window was asked for, where both edges are fine, or where it is at its largest
 */
export function widerWindow(
  { lmin: given, edgeTolerance }: Pick<Truncation, 'lmin' | 'edgeTolerance'>,
  window: Window,
  edges: readonly [number, number],
  load: DeviceParameters | null,
): Window | null {
  if (given !== undefined) return null;
  const { lmin, lmax, size } = window;
  const [isLow, isHigh] = shortEdges(window, edges, edgeTolerance, load);
  if (!(isLow || isHigh) || size >= LARGEST_WINDOW) return null;
  const reach = Math.ceil(size / 2);
  const room = LARGEST_WINDOW - size;
  const below = isLow ? Math.min(reach, Math.ceil(room / 2)) : 0;
  const above = isHigh ? Math.min(reach, room - below) : 0;
  return rotorWindow(lmin - below, lmax + above);
}
