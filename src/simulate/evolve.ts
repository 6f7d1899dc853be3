/** A device's evolution from an initial state: snapshots at given times, on a window that holds it. */
import type { Device } from '../model/device.js';
import { occupiedLevels } from '../model/initial.js';
import { ParameterError } from '../model/parameters.js';
import { rotorWindow, type Window } from '../operators/window.js';
import { type AfterStep, checkSaved, type Progressed, SavedStateError } from '../solve/evolver.js';
import { type DensityMatrix, rotorEdges } from '../state/densityMatrix.js';
import { weightOutside } from '../state/initialState.js';
import {
  type EvolutionChoice,
  type EvolutionMethod,
  type EvolutionRequest,
  openStage,
  type Stage,
} from './evolutionStage.js';
import { type Snapshot, snapshotOf } from './snapshot.js';
import { firstWindow, widerWindow } from './windowSearch.js';

/** The largest magnitude of an element that is as far from the diagonal as a band reaches. */
function bandEdgeOf({ space, elements }: DensityMatrix, dmax: number): number {
  let largest = 0;
  for (const { delta, offset, length } of space.classes) {
    if (Math.abs(delta) !== dmax) continue;
    for (let i = offset; i < offset + length; i++) {
      largest = Math.max(largest, Math.hypot(elements[2 * i], elements[2 * i + 1]));
    }
  }
  return largest;
}

export interface EvolutionResult {
  readonly device: Device;
  readonly window: Window;
  readonly snapshots: readonly Snapshot[];
  /** The states at the same times, where they were asked for. */
  readonly states: readonly DensityMatrix[];
  /** Whether both edges of the window stayed below the tolerance. */
  readonly converged: boolean;
  readonly method: EvolutionMethod;
  readonly steps: { readonly accepted: number; readonly rejected: number };
}

/** Enough to go on from, number for number. */
export interface EvolutionCheckpoint {
  readonly lmin: number;
  readonly lmax: number;
  readonly snapshots: readonly Snapshot[];
  /** Elements of the states that are kept. */
  readonly states: readonly (readonly number[])[];
  /** The largest population at an edge, and the largest element at the band's, so far. */
  readonly largestEdge: number;
  readonly bandEdge: number;
  readonly dmax: number;
  readonly progressed: Progressed;
}

/** The state has come to an edge of a window or a band that may grow. */
class EdgeReached extends Error {
  constructor(
    readonly window: Window,
    readonly dmax: number,
  ) {
    super('the window or the band is too small');
  }
}

/** Elements of a band's edge above this make it wider, where it may be. */
const BAND_TOLERANCE = 1e-12;

/** The first band of those that are found. */
export const FIRST_BAND = 8;

/** Levels around those that the initial state occupies, on a window that has to be found. */
const MARGIN = 8;

/**
 * The window asked for, or one around the initial state.
 * @throws {ParameterError} for an initial state outside of the window asked for
 */
export function startWindow({
  truncation,
  initial,
}: Pick<EvolutionRequest, 'truncation' | 'initial'>): Window {
  const { lmin, lmax, edgeTolerance } = truncation;
  if (lmin === undefined || lmax === undefined) {
    const first = firstWindow();
    const occupied = occupiedLevels(initial);
    return rotorWindow(
      Math.min(first.lmin, occupied.lmin - MARGIN),
      Math.max(first.lmax, occupied.lmax + MARGIN),
    );
  }
  const window = rotorWindow(lmin, lmax);
  const lost = weightOutside(initial.rotor, window);
  if (lost > edgeTolerance) {
    const allowed = `inside of the window [${lmin}, ${lmax}], outside of which it has the weight ${lost.toPrecision(3)}`;
    throw new ParameterError('rotor', 'the initial state', allowed);
  }
  return window;
}

export class Evolution {
  private snapshots: Snapshot[];
  private states: DensityMatrix[];
  private largestEdge: number;
  private bandEdge: number;

  private constructor(
    private readonly request: EvolutionRequest,
    private readonly choice: EvolutionChoice,
    private stage: Stage,
    from?: EvolutionCheckpoint,
  ) {
    const { space } = stage.generator;
    this.snapshots = [...(from?.snapshots ?? [])];
    this.largestEdge = from?.largestEdge ?? 0;
    this.bandEdge = from?.bandEdge ?? 0;
    this.states = (from?.states ?? []).map((saved) => {
      checkSaved(saved, 2 * space.size);
      return { space, elements: Float64Array.from(saved) };
    });
  }

  /**
   * @param from where the same evolution had come to
   * @throws {ParameterError} for an initial state outside of the window, a space that cannot hold it, or a
   *   checkpoint of another size
   */
  static async start(
    request: EvolutionRequest,
    choice: EvolutionChoice,
    from?: EvolutionCheckpoint,
  ): Promise<Evolution> {
    const window = from === undefined ? startWindow(request) : rotorWindow(from.lmin, from.lmax);
    const dmax = from?.dmax ?? choice.dmax ?? FIRST_BAND;
    try {
      const stage = await openStage(request, choice, window, dmax, from?.progressed);
      return new Evolution(request, choice, stage, from);
    } catch (error) {
      if (!(error instanceof SavedStateError)) throw error;
      const { found, expected } = error;
      throw new ParameterError('checkpoint', found, `of ${expected} elements here`);
    }
  }

  /**
   * The whole evolution, or the rest of it. What `afterStep` throws ends it there; it may then be saved.
   * @param afterStep called after every step with the time reached
   */
  async run(afterStep: AfterStep): Promise<EvolutionResult> {
    for (;;) {
      try {
        return await this.evolveOnWindow(afterStep);
      } catch (error) {
        if (!(error instanceof EdgeReached)) throw error;
        this.stage.evolver.close();
        this.stage = await openStage(this.request, this.choice, error.window, error.dmax);
        this.snapshots = [];
        this.states = [];
        this.largestEdge = 0;
        this.bandEdge = 0;
      }
    }
  }

  private async evolveOnWindow(afterStep: AfterStep): Promise<EvolutionResult> {
    const { times, angles, states } = this.request;
    const { device: built, generator, evolver, method } = this.stage;
    const { space } = generator;
    for (const t of times.slice(this.snapshots.length)) {
      await evolver.advanceTo(t, async (reached, populations) => {
        if (populations) this.watchEdges({ space, elements: await evolver.elements() });
        await afterStep(reached, populations);
      });
      const rho = { space, elements: await evolver.elements() };
      this.watchEdges(rho);
      this.snapshots.push(snapshotOf(built, generator, rho, t, angles));
      if (states) this.states.push(rho);
    }
    return {
      device: built,
      window: built.system.window,
      snapshots: this.snapshots,
      states: this.states,
      converged: this.largestEdge <= this.edgeTolerance,
      method: { ...method, bandEdge: method.dmax === null ? null : this.bandEdge },
      steps: { ...evolver.counts },
    };
  }

  private get edgeTolerance(): number {
    return Math.max(this.request.truncation.edgeTolerance, this.choice.noise);
  }

  /** @throws {EdgeReached} */
  private watchEdges(rho: DensityMatrix): void {
    const edges = rotorEdges(rho);
    this.largestEdge = Math.max(this.largestEdge, ...edges);
    const { window } = rho.space;
    const { dmax } = this.stage.method;
    if (dmax !== null) {
      this.bandEdge = Math.max(this.bandEdge, bandEdgeOf(rho, dmax));
      const mayGrow = this.choice.dmax === undefined && dmax < window.size - 1;
      if (mayGrow && this.bandEdge > Math.max(BAND_TOLERANCE, this.choice.noise))
        throw new EdgeReached(window, 2 * dmax);
    }
    const { lmin } = this.request.truncation;
    const wider = widerWindow({ lmin, edgeTolerance: this.edgeTolerance }, window, edges, null);
    if (wider !== null) throw new EdgeReached(wider, dmax ?? window.size - 1);
  }

  /** Where it is, between steps. */
  async checkpoint(): Promise<EvolutionCheckpoint> {
    const { device: built, evolver, method } = this.stage;
    const { lmin, lmax } = built.system.window;
    return {
      lmin,
      lmax,
      snapshots: this.snapshots,
      states: this.states.map(({ elements }) => Array.from(elements)),
      largestEdge: this.largestEdge,
      bandEdge: this.bandEdge,
      dmax: method.dmax ?? lmax - lmin,
      progressed: await evolver.save(),
    };
  }

  close(): void {
    this.stage.evolver.close();
  }
}
