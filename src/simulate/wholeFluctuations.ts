/**
 * What fluctuates in the steady state of a system that conserves no charge which counts levels, or whose jumps are known
 * as numbers alone: by its operators on a small window.
 */
import {
  type CountedName,
  type DynamicRequest,
  type DynamicSource,
  dynamics,
  nameOf,
  UnknownCounterError,
  type WantedJumps,
} from '../fluctuations/dynamics.js';
import { allOf, type Fluctuations } from '../fluctuations/fluctuations.js';
import { euclideanNorm } from '../norm.js';
import type { OpenSystem } from '../operators/openSystem.js';
import type { Operator } from '../operators/operator.js';
import { requireUniqueSteadyState } from '../spectrum/correlation.js';
import { IndefiniteGainError } from '../spectrum/countedBath.js';
import { JumpCounting } from '../spectrum/countedJumps.js';
import { jumpWaiting } from '../spectrum/jumpWaiting.js';
import { Spectrum } from '../spectrum/modes.js';
import { TiltedSystem } from '../spectrum/tiltedSystem.js';
import { rotorEdges } from '../state/densityMatrix.js';
import { type Bath, bathsOf, type Counter, countersOf, WholeReading } from './wholeReading.js';

/** A system, and what counts in it. */
export interface WholeSystem {
  readonly system: OpenSystem;
  /** The energy that counts as heat; null where jumps change none by definite amounts. */
  readonly heat: Operator | null;
  /** By bath, its inverse temperature; null where it has none. */
  readonly betas: Readonly<Record<string, number | null>>;
  /** Baths whose jumps are between eigenstates of all of H. */
  readonly between?: readonly string[];
}

/** What is asked of it. */
export interface WholeRequest extends WholeSystem {
  /** How many cumulants. */
  readonly order: number;
  readonly asked?: DynamicRequest | undefined;
}

/** A small window, made ready. */
class Narrow {
  readonly spectrum: Spectrum;
  readonly baths: readonly Bath[];
  readonly counters: readonly Counter[];
  readonly counting: JumpCounting;
  readonly reading: WholeReading;

  constructor({ system, heat, betas, between = [] }: WholeSystem) {
    this.spectrum = new Spectrum(system);
    requireUniqueSteadyState(this.spectrum);
    const { symmetry } = this.spectrum;
    this.baths = bathsOf(system);
    this.counters = countersOf({ system, symmetry, heat, between }, this.baths);
    this.counting = new JumpCounting(this.spectrum, this.counters);
    this.reading = new WholeReading(this.spectrum, this.baths, this.counters, this.counting, betas);
  }
}

/**
 * What is read off a state on a small window.
 * @throws {NonUniqueSteadyStateError | WideSectorError}
 */
export const narrowReading = (of: WholeSystem): WholeReading => new Narrow(of).reading;

/**
 * All of it.
 * @throws {NonUniqueSteadyStateError}
 * @throws {WideSectorError} where there are too many elements
 * @throws {UnknownCounterError | UnknownJumpsError}
 */
export function wholeFluctuations({ order, asked, ...of }: WholeRequest): Fluctuations {
  const narrow = new Narrow(of);
  return {
    window: of.system.window,
    ...allOf(narrow.reading, order),
    space: 'sector',
    method: 'elimination',
    ...verdictOf(narrow.spectrum),
    edges: rotorEdges(narrow.spectrum.steady),
    dynamics: asked === undefined ? null : dynamics(wholeSource(narrow), asked),
  };
}

/** The jumps that waiting times are asked of; of baths that there are not, none. */
export const jumpsOf = (
  baths: readonly Bath[],
  counters: readonly Counter[],
  chosen: readonly WantedJumps[],
): Operator[] =>
  chosen.flatMap(({ bath, direction }) => {
    const own = baths.find(({ name }) => name === bath)?.jumps ?? [];
    const quantity = counters.find((one) => one.kind === 'quanta' && one.bath === bath)?.quantity;
    if (direction === null || quantity === undefined) return [...own];
    return own.filter((jump) => (direction === 'in' ? 1 : -1) * gainOf(jump, quantity) > 0);
  });

/** Why what is counted is not tilted, with its names. */
export function indefinite(error: unknown, counters: readonly CountedName[]): unknown {
  if (!(error instanceof IndefiniteGainError)) return error;
  const names = counters.map(({ bath }) => `heat:${bath}`);
  return new UnknownCounterError(`another than ${names.join(', ')}: ${error.message}`);
}

function definite<T>(counters: readonly CountedName[], compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    throw indefinite(error, counters);
  }
}

function wholeSource({ spectrum, baths, counters, counting }: Narrow): DynamicSource {
  return {
    counters,
    baths: baths.map(({ name }) => name),
    counted: counters.filter(({ kind }) => kind === 'quanta').map(({ bath }) => bath),
    noiseAt: (omega) => (a, b) => {
      const [first, second] = [counters[a].name, counters[b].name];
      if (omega !== 0) return counting.spectrumAt(omega, first, second);
      const { value, error } = counting.covariance(first, second);
      return { re: value, im: 0, error };
    },
    leading: (places) => {
      const named = places.map((at) => counters[at]);
      const tilted = new TiltedSystem(spectrum, named);
      return {
        at: (fields) => definite(named, () => tilted.at(fields)),
        onGrid: (fields) => definite(named, () => tilted.onGrid(fields)),
      };
    },
    waiting: (chosen, times) =>
      jumpWaiting(spectrum, chosen.map(nameOf), jumpsOf(baths, counters, chosen), times),
  };
}

/** By how much the first term of a jump, and so each of them, changes a diagonal quantity that counts levels evenly. */
export function gainOf(
  { transitions: [{ to, from, shift }] }: Operator,
  quantity: Operator,
): number {
  const at = (state: number, level: number) => quantity.transitions[state].table?.re[level] ?? 0;
  return at(to, Math.max(0, shift)) - at(from, Math.max(0, -shift));
}

/** ‖𝓛ρ‖, and the same of the magnitudes of its terms. */
function verdictOf(spectrum: Spectrum): { readonly residual: number; readonly scale: number } {
  const [residual, scale] = [0, 1].map((part) =>
    euclideanNorm(
      Float64Array.from(
        spectrum.sectors(spectrum.neutral).map((sector) => {
          const { y, magnitudes } = sector.applied(sector.fromSpace(spectrum.steady.elements));
          const real = Float64Array.from({ length: y.length }, (_, i) =>
            i % 2 === 0 ? magnitudes[i / 2] : 0,
          );
          return euclideanNorm(sector.toSpace(part === 0 ? y : real));
        }),
      ),
    ),
  );
  return { residual, scale };
}
