/**
 * A first look at a device in a potential: few coherences, on a window that holds all but a little of the rotor. It
 * takes a fraction of the time of the steady state itself, and has two or three of its digits.
 */
import { cpuBackend } from '../backend/cpu/backend.js';
import { device } from '../model/device.js';
import type { DeviceParameters, Truncation } from '../model/parameters.js';
import { withoutPotential } from '../model/potentialParameters.js';
import { rotorWindow, type Window } from '../operators/window.js';
import { largestDifference } from '../solve/uniqueness.js';
import { embedded } from '../state/embed.js';
import { channelRates } from '../thermo/rates.js';
import { solveOn, startOf } from './refinedSteady.js';
import { splitLindbladian, splitRules } from './splitLindbladian.js';
import { steadyState } from './steady.js';
import { SteadyReading } from './steadyReading.js';
import type { SteadyState } from './steadyState.js';

/** Levels that have less without the potential are left out, but for a few. */
const LITTLE = 1e-5;
const MARGIN = 2;
/** Windows up to which the steady state itself is as quick. */
const QUICK = 20;
/** The farthest coherences |δ|, first and then; on windows that are large the first have to do. */
const BANDS = [2, 4] as const;
const LARGE = 80;

export interface CoarseSteady {
  readonly state: SteadyState;
  readonly window: Window;
  /** The farthest coherences. */
  readonly dmax: number;
  /** The largest change of an element of ρ that the farthest of these make. */
  readonly change: number;
}

/** The levels that matter most, by the device without its potential. */
function littleWindow(parameters: DeviceParameters, truncation: Truncation): Window {
  const reading = new SteadyReading(
    steadyState(withoutPotential(parameters), truncation, { moments: false }),
  );
  const { rotorPopulations: populations } = reading;
  const { lmin, lmax } = reading.state.device.system.window;
  const first = populations.findIndex((p) => p >= LITTLE);
  const last = populations.findLastIndex((p) => p >= LITTLE);
  return rotorWindow(
    Math.max(lmin, Math.min(lmin + first - MARGIN, -1)),
    Math.min(lmax, Math.max(lmin + last + MARGIN, 1)),
  );
}

/**
 * Null where the steady state itself comes as soon, or this finds none.
 * @throws {NoSteadyStateError} where the device without its potential has none
 */
export async function coarseSteady(
  parameters: DeviceParameters,
  truncation: Truncation,
): Promise<CoarseSteady | null> {
  const window = littleWindow(parameters, truncation);
  if (window.size <= QUICK) return null;
  const built = device(parameters, window);
  const rules = splitRules(built.system);
  const backend = cpuBackend();
  let before = splitLindbladian(rules, 'sector');
  let { elements } = startOf(before, {});
  let [dmax, change] = [0, 0];
  for (const maxDelta of window.size > LARGE ? BANDS.slice(0, 1) : BANDS) {
    const split = splitLindbladian(rules, { maxDelta });
    const start = embedded({ space: before.space, elements }, split.space).elements;
    // One pass: what it leaves is small beside what the band cuts off.
    const solved = await solveOn(split, start, 'direct', backend, { precision: 'f32' });
    if (!solved.converged) return null;
    change = largestDifference(start, solved.elements);
    [dmax, before, elements] = [maxDelta, split, solved.elements];
  }
  const rho = { space: before.space, elements };
  const rates = channelRates(before.lindbladian, rho);
  const state = { device: built, rho, rates, residual: rates.norm, magnitude: rates.magnitude };
  return { state, window, dmax, change };
}
