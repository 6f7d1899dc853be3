/**
 * The steady state of a system that has no sector, by layers of its broken charge: on the CPU, in float64. A band is
 * solved, and L ρ is computed beyond it as far as ρ leads, so that its norm is that of all there is.
 */
import { type OnProgress, StoppedError } from '../backend/backend.js';
import { SingularMatrixError } from '../generator/chains.js';
import type { Space } from '../generator/classes.js';
import type { HermitianMatrix } from '../generator/hermitianMatrix.js';
import { lentMatrix } from '../generator/lentMatrix.js';
import { allRules, type ChannelRules } from '../generator/lindbladian.js';
import type { Charge, Symmetry } from '../generator/symmetry.js';
import type { OpenSystem } from '../operators/openSystem.js';
import type { Window } from '../operators/window.js';
import { LayeredMatrix } from '../solve/layeredMatrix.js';
import {
  type LayeredNullVector,
  layeredNullVector,
  layeredRelaxation,
  populationsIn,
  ROOM,
} from '../solve/layeredNullVector.js';
import { UNDETERMINED } from '../solve/uniqueness.js';
import { RESIDUAL_TOLERANCE } from '../solve/verdict.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { type ChannelRates, ratesOfSteady } from '../thermo/rates.js';

export interface LayeredSteady {
  readonly rho: DensityMatrix;
  readonly rates: ChannelRates;
  readonly residual: number;
  readonly floor: number;
  /** Null where it was stopped before that was known. */
  readonly relaxation: number | null;
  readonly iterations: number;
  readonly passes: number;
  /** The largest |δ| of what is solved; null where nothing is left out. */
  readonly dmax: number | null;
  /** The largest element of the layers next to those that are left out; null where none is. */
  readonly edge: number | null;
}

export interface LayeredHooks {
  readonly onIteration?: ((iterations: number, residual: number) => Promise<boolean>) | undefined;
  readonly onFactorisation?: OnProgress | undefined;
  /** Of what is carried through time, with the share that is done. */
  readonly onEvolution?: OnProgress | undefined;
}

const EPSILON = 2 ** -53;
/** Where what is left out adds more to ‖L ρ‖, in units of what rounding leaves, more layers are taken in. */
const LEFT_OUT = 2;
/** By how much, then. */
const WIDER = 1.4;
/** The share of the largest population from which on the equation of a population may be given up. */
const MUCH = 1e-3;
const EPSILON_SHARE = RESIDUAL_TOLERANCE.f64 / EPSILON;

/** Classes by how far they are from the populations: by the steps of the charge, and the largest change of it. */
export class Layers {
  readonly #charge: Charge;
  /** The largest change of the charge by one rule. */
  readonly step: number;
  /** By how much |δ| may differ from the charge in levels. */
  readonly #offset: number;

  constructor({ counting }: Symmetry, rules: ChannelRules) {
    this.#charge = counting;
    const { offsets, perLevel } = counting;
    this.step = 0;
    for (const { ket, bra } of allRules(rules)) {
      const gained = (t: typeof ket) =>
        t === null ? 0 : offsets[t.to] - offsets[t.from] + perLevel * t.shift;
      this.step = Math.max(this.step, Math.abs(gained(ket) - gained(bra)));
    }
    this.#offset = Math.max(...offsets) - Math.min(...offsets);
  }

  of({ ket, bra, delta }: { ket: number; bra: number; delta: number }): number {
    const { offsets, perLevel } = this.#charge;
    return Math.abs(offsets[ket] - offsets[bra] + perLevel * delta);
  }

  /** The |δ| of all classes whose charge is at most `charge`. */
  deltaOf(charge: number): number {
    return Math.ceil((charge + this.#offset) / Math.abs(this.#charge.perLevel));
  }

  get perLevel(): number {
    return Math.abs(this.#charge.perLevel);
  }

  /** By class its charge, and its block: up to `inner` steps are one, and beyond a charge of `most` is none, −1. */
  blocksOf({ classes }: Space, inner: number, most: number) {
    const charges = classes.map((c) => this.of(c));
    const steps = [...new Set(charges)].sort((a, b) => a - b);
    const blockOf = Int32Array.from(charges, (charge) =>
      charge > most ? -1 : Math.max(0, steps.indexOf(charge) - inner),
    );
    return { charges, blockOf };
  }
}

/** Where layers begin, and how many are inverted together. */
export interface LayersChoice {
  /** Steps of the charge up to which layers are inverted together. */
  readonly inner: number;
  /** The |δ| that is tried first. */
  readonly width: number;
}

/** A state in layers while their factors are there. */
export interface SolvedLayers {
  readonly matrix: HermitianMatrix;
  /** By class the block, −1 for what is left out. */
  readonly blockOf: Int32Array;
  readonly layered: LayeredMatrix;
  readonly vector: LayeredNullVector;
  readonly steady: LayeredSteady;
  readonly hooks: LayeredHooks;
  /** Whether what is left out adds more to a residual than rounding does. */
  isTooNarrow(leftOut: number, magnitude: number): boolean;
  /** The largest of the numbers next to what is left out; 0 where nothing is. */
  edgeOf(x: Float64Array): number;
}

/** What `use` answers where more layers have to be taken in. */
export const TOO_NARROW = Symbol('too narrow');

/** Null where layers are no way to it: whoever asks then solves as a whole, which tells what it is. */
export const layeredSteady = (
  system: OpenSystem,
  rules: ChannelRules,
  symmetry: Symmetry,
  choice: LayersChoice,
  hooks: LayeredHooks = {},
): Promise<LayeredSteady | null> =>
  inLayers(system, rules, symmetry, choice, async ({ steady }) => steady, hooks);

/**
 * The state, with as many layers as it and what is made of it take.
 * @returns what `use` makes of it; null where layers are no way to it
 */
export async function inLayers<T>(
  system: OpenSystem,
  rules: ChannelRules,
  symmetry: Symmetry,
  { inner, width }: LayersChoice,
  use: (solved: SolvedLayers) => Promise<T | typeof TOO_NARROW | null>,
  { onIteration, onFactorisation, onEvolution }: LayeredHooks = {},
): Promise<T | null> {
  const { window } = system;
  let isStopped = false;
  const hooks: LayeredHooks = {
    onFactorisation,
    onEvolution,
    onIteration:
      onIteration &&
      (async (n, residual) => {
        isStopped ||= !(await onIteration(n, residual));
        return !isStopped;
      }),
  };
  const layers = new Layers(symmetry, rules);
  let levels = width;
  for (;;) {
    const most = layers.perLevel * levels;
    const reached = layers.deltaOf(most + layers.step);
    const isWhole = reached >= window.size - 1;
    const maxDelta = Math.min(reached, window.size - 1);
    const { matrix, giveBack } = lentMatrix(system, allRules(rules), maxDelta);
    const { space } = matrix;
    try {
      const kept = isWhole ? Number.POSITIVE_INFINITY : most;
      const { charges, blockOf } = layers.blocksOf(space, inner, kept);
      const found = await solved(matrix, blockOf, window, hooks);
      if (found === null) return null;
      const { layered, vector } = found;
      try {
        const { x, image, residual, magnitude } = vector;
        const floor = EPSILON * magnitude;
        if (isStopped) return null;
        const isTooNarrow = (leftOut: number, size: number) => leftOut > LEFT_OUT * EPSILON * size;
        if (
          isTooNarrow(
            matrix.norm(image, (c) => layered.leavesOut(c)),
            magnitude,
          )
        ) {
          levels = Math.ceil(WIDER * levels);
          continue;
        }
        if (!(residual <= EPSILON_SHARE * floor)) return null;
        let relaxation = await layeredRelaxation(layered, vector, hooks.onIteration);
        if (isStopped) relaxation = null;
        else if (relaxation === null || relaxation * Math.max(residual, floor) > UNDETERMINED) {
          return null;
        }
        const rho = { space, elements: matrix.elements(x) };
        const isEdge = (c: number) => blockOf[c] >= 0 && charges[c] > most - layers.step;
        const edgeOf = (of: Float64Array) => (isWhole ? 0 : largest(matrix, of, isEdge));
        const steady: LayeredSteady = {
          rho,
          rates: ratesOfSteady(rules, rho, { norm: residual, magnitude }),
          residual,
          floor,
          relaxation,
          iterations: vector.iterations,
          passes: vector.passes,
          dmax: isWhole ? null : levels,
          edge: isWhole ? null : edgeOf(x),
        };
        const known = { matrix, blockOf, layered, vector, steady, hooks };
        const made = await use({ ...known, isTooNarrow, edgeOf });
        if (made !== TOO_NARROW) return made;
        levels = Math.ceil(WIDER * levels);
      } finally {
        layered.release();
      }
    } finally {
      giveBack();
    }
  }
}

/** A null vector by layers, with the equation of a population given up that the steady state has much of. */
async function solved(
  matrix: HermitianMatrix,
  blockOf: Int32Array,
  window: Window,
  { onIteration, onFactorisation }: LayeredHooks,
): Promise<{ layered: LayeredMatrix; vector: LayeredNullVector } | null> {
  // Where a ladder begins, or a rotor rests.
  const level = Math.min(Math.max(0, -window.lmin), window.size - 1);
  let pinned = matrix.begin[matrix.space.find(0, 0, 0)] + level;
  try {
    for (let attempt = 0; attempt < 2; attempt++) {
      const layered = await LayeredMatrix.of(matrix, blockOf, pinned, ROOM, onFactorisation);
      let isWanted = false;
      try {
        const vector = await layeredNullVector(layered, onIteration);
        if (vector === null) return null;
        const { x } = vector;
        const likely = populationsIn(layered).reduce((a, b) => (x[b] > x[a] ? b : a), pinned);
        isWanted = x[pinned] >= MUCH * x[likely];
        if (isWanted) return { layered, vector };
        pinned = likely;
      } finally {
        if (!isWanted) layered.release();
      }
    }
    return null;
  } catch (error) {
    // What was stopped here is stopped at once by who comes after.
    if (error instanceof SingularMatrixError || error instanceof StoppedError) return null;
    throw error;
  }
}

function largest(matrix: HermitianMatrix, x: Float64Array, among: (c: number) => boolean): number {
  let most = 0;
  matrix.space.classes.forEach(({ length }, c) => {
    if (!matrix.isKept[c] || !among(c)) return;
    const begin = matrix.begin[c];
    for (let i = begin; i < begin + matrix.partsOf(c) * length; i++) {
      most = Math.max(most, Math.abs(x[i]));
    }
  });
  return most;
}
