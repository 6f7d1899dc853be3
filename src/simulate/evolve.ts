/** A device's evolution from an initial state: snapshots at given times, on a window that holds it. */
import { type Lindbladian, lindbladian } from '../generator/lindbladian.js';
import { type Device, device } from '../model/device.js';
import { type InitialState, occupiedLevels } from '../model/initial.js';
import { type DeviceParameters, ParameterError, type Truncation } from '../model/parameters.js';
import { rotorWindow, type Window } from '../model/window.js';
import { DirectEvolution, hasSmallBlocks } from '../solve/directEvolution.js';
import type { AfterStep, Evolver, Progressed, Tolerances } from '../solve/evolver.js';
import { type DensityMatrix, rotorPopulations } from '../state/densityMatrix.js';
import { initialDensityMatrix, populatedClasses, weightOutside } from '../state/initialState.js';
import { type Snapshot, snapshotOf } from './snapshot.js';
import { firstWindow, grownWindow } from './steady.js';

export interface EvolutionRequest {
  readonly parameters: DeviceParameters;
  readonly truncation: Truncation;
  readonly initial: InitialState;
  /** In increasing order, not before 0, where the initial state is. */
  readonly times: readonly number[];
  readonly tolerances: Tolerances;
  /** At how many angles P(φ) is wanted. */
  readonly angles: number;
  /** Whether the states at the times are kept. */
  readonly states: boolean;
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

export interface EvolutionMethod {
  readonly space: 'sector';
  readonly method: string;
  readonly reason: string;
}

/** Enough to go on from, number for number. */
export interface EvolutionCheckpoint {
  readonly lmin: number;
  readonly lmax: number;
  readonly snapshots: readonly Snapshot[];
  /** Elements of the states that are kept. */
  readonly states: readonly (readonly number[])[];
  /** The largest population at an edge so far. */
  readonly largestEdge: number;
  readonly progressed: Progressed;
}

/** The state has come to an edge of a window that may grow. */
class EdgeReached extends Error {
  constructor(readonly wider: Window) {
    super('the window is too small');
  }
}

/** Levels around those that the initial state occupies, on a window that has to be found. */
const MARGIN = 8;

const edgesOf = (rho: DensityMatrix): [number, number] => {
  const populations = rotorPopulations(rho);
  return [populations[0], populations[populations.length - 1]];
};

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

/** One window's part of an evolution. */
interface Stage {
  readonly device: Device;
  readonly generator: Lindbladian;
  readonly evolver: Evolver;
}

export class Evolution {
  private readonly grows: boolean;
  private stage: Stage;
  private snapshots: Snapshot[];
  private states: DensityMatrix[];
  private largestEdge: number;

  /**
   * @param from where the same evolution had come to
   * @throws {ParameterError} for an initial state outside of the window
   */
  constructor(
    private readonly request: EvolutionRequest,
    from?: EvolutionCheckpoint,
  ) {
    const { lmin, lmax } = request.truncation;
    this.grows = lmin === undefined || lmax === undefined;
    this.stage = this.open(
      from === undefined ? startWindow(request) : rotorWindow(from.lmin, from.lmax),
      from?.progressed,
    );
    const { space } = this.stage.generator;
    this.snapshots = [...(from?.snapshots ?? [])];
    this.largestEdge = from?.largestEdge ?? 0;
    this.states = (from?.states ?? []).map((s) => ({ space, elements: Float64Array.from(s) }));
  }

  private open(window: Window, from?: Progressed): Stage {
    const { parameters, initial, tolerances } = this.request;
    const built = device(parameters, window);
    const generator = lindbladian(built.system, 'sector', populatedClasses(initial));
    if (!hasSmallBlocks(generator.total)) {
      throw new ParameterError('V', parameters.V, '0: V cos φ needs the whole space');
    }
    const { elements } = initialDensityMatrix(initial, generator.space);
    const evolver = new DirectEvolution(generator.total, elements, tolerances, from);
    return { device: built, generator, evolver };
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
        this.stage = this.open(error.wider);
        this.snapshots = [];
        this.states = [];
        this.largestEdge = 0;
      }
    }
  }

  private async evolveOnWindow(afterStep: AfterStep): Promise<EvolutionResult> {
    const { times, angles, states, truncation } = this.request;
    const { device: built, generator, evolver } = this.stage;
    const { space } = generator;
    for (const t of times.slice(this.snapshots.length)) {
      await evolver.advanceTo(t, async (reached, populations) => {
        if (populations) this.watchEdges(edgesOf({ space, elements: await evolver.elements() }));
        await afterStep(reached, populations);
      });
      const rho = { space, elements: await evolver.elements() };
      this.watchEdges(edgesOf(rho));
      this.snapshots.push(snapshotOf(built, generator, rho, t, angles));
      if (states) this.states.push(rho);
    }
    return {
      device: built,
      window: built.system.window,
      snapshots: this.snapshots,
      states: this.states,
      converged: this.largestEdge <= truncation.edgeTolerance,
      method: {
        space: 'sector',
        method: 'rational',
        reason:
          'without a potential every charge sector is block tridiagonal in small blocks: steps of an ' +
          'L-stable rational approximation of order 13, set by accuracy, each solved directly',
      },
      steps: { ...evolver.counts },
    };
  }

  private watchEdges(edges: [number, number]): void {
    this.largestEdge = Math.max(this.largestEdge, ...edges);
    const { window } = this.stage.device.system;
    const { edgeTolerance } = this.request.truncation;
    const wider = this.grows ? grownWindow(window, edges, edgeTolerance) : null;
    if (wider !== null) throw new EdgeReached(wider);
  }

  /** Where it is, between steps. */
  async checkpoint(): Promise<EvolutionCheckpoint> {
    const { window } = this.stage.device.system;
    return {
      lmin: window.lmin,
      lmax: window.lmax,
      snapshots: this.snapshots,
      states: this.states.map(({ elements }) => Array.from(elements)),
      largestEdge: this.largestEdge,
      progressed: await this.stage.evolver.save(),
    };
  }

  close(): void {
    this.stage.evolver.close();
  }
}
