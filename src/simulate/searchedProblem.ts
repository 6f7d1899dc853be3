/** An objective and constraints as functions on the unit box, with derivatives by the adjoint or by differences. */
import type { Estimate } from '../lindblad/estimate.js';
import type { Window } from '../operators/window.js';
import type { Differential } from '../sensitivity/differential.js';
import { NoDerivativeError } from '../sensitivity/noiseSensitivity.js';
import type { Asked, Evaluation } from '../solve/sequentialQuadratic.js';
import { type Constraint, evaluated, type Objective } from './objective.js';
import type { ObservedMachine, ObservedPoint } from './observedMachine.js';
import type { SearchSpace } from './searchSpace.js';

/** How derivatives are found. */
export type Gradients = 'adjoint' | 'differences';

/** An objective with its sense. */
export interface Sensed extends Objective {
  readonly sense: 'minimise' | 'maximise';
}

/** The step of differences, in parts of the box. */
const STEP = 5e-4;
/** Weights of values at multiples of the step: about the middle, and from one side near a bound. */
const CENTRAL = [
  [-2, 1 / 12],
  [-1, -8 / 12],
  [1, 8 / 12],
  [2, -1 / 12],
] as const;
const ONE_SIDED = [
  [0, -25 / 12],
  [1, 48 / 12],
  [2, -36 / 12],
  [3, 16 / 12],
  [4, -3 / 12],
] as const;

/** An objective of which more may be lost, relatively, has no value: it would lead into what rounding has left. */
const UNKNOWN = 1e-6;

/** @throws {NoDerivativeError} where there is none */
function slopeBy(gradient: Differential['gradient'], name: string): number {
  const slope = gradient.get(name);
  if (typeof slope === 'string') throw new NoDerivativeError(`by ${name}: ${slope}`);
  return slope?.value ?? 0;
}

/** One point with its numbers. */
export interface Solved {
  readonly parameters: Readonly<Record<string, number>>;
  readonly objectives: readonly Estimate[];
  readonly constraints: readonly Estimate[];
  /** What the names in them stand for. */
  readonly observables: Readonly<Record<string, Estimate>>;
  readonly point: Omit<ObservedPoint, 'read'>;
}

/** Numbers at a point, before they are put in the order of a search. */
interface Numbers extends Solved {
  /** Of objectives, then constraints: derivatives by the coordinates; empty where they were not asked for. */
  readonly slopes: readonly (readonly number[])[];
}

/** A bound that a front adds: the second objective has to be at most this. */
export interface Bound {
  readonly objective: number;
  readonly atMost: number;
}

export class SearchedProblem {
  evaluations = 0;
  gradients: Gradients = 'adjoint';
  /** Why a point had no value, the last time; null where each had one. */
  refusal: string | null = null;
  readonly #known = new Map<string, Numbers | null>();

  /** @throws {ParameterError} for names that are none and ranges that are not allowed */
  constructor(
    readonly machine: ObservedMachine,
    readonly space: SearchSpace,
    readonly objectives: readonly Sensed[],
    readonly constraints: readonly Constraint[],
  ) {
    for (const { name, from, to } of space.axes) machine.checkRange(name, [from, to]);
    for (const { sense, names } of objectives) {
      for (const name of names) machine.check(sense, name);
    }
    for (const { names } of constraints) for (const name of names) machine.check('where', name);
  }

  /** What is least where an objective is best. */
  sign(objective: number): 1 | -1 {
    return this.objectives[objective].sense === 'minimise' ? 1 : -1;
  }

  /**
   * A point as a search has it.
   * @param objective which one is searched for
   * @param bounds on others
   */
  async evaluation(
    { at, derivatives }: Asked,
    objective: number,
    bounds: readonly Bound[] = [],
  ): Promise<Evaluation | null> {
    const found = await this.numbers(at, derivatives);
    if (found === null) return null;
    const { objectives, constraints, slopes } = found;
    const sign = this.sign(objective);
    const times = (factor: number, row: readonly number[] = []) => row.map((x) => factor * x);
    return {
      value: sign * objectives[objective].value,
      // Where no error is known, that of rounding.
      error: objectives[objective].error || 0,
      gradient: times(sign, slopes[objective]),
      constraints: [
        ...constraints.map(({ value }) => value),
        ...bounds.map((b) => b.atMost - this.sign(b.objective) * objectives[b.objective].value),
      ],
      jacobian: [
        ...constraints.map((_, j) => [...(slopes[this.objectives.length + j] ?? [])]),
        ...bounds.map((b) => times(-this.sign(b.objective), slopes[b.objective])),
      ],
    };
  }

  /** Objectives and constraints at a point of the box; null where there are none. */
  async numbers(at: readonly number[], derivatives: boolean): Promise<Numbers | null> {
    const key = `${derivatives} ${at.join(' ')}`;
    let found = this.#known.get(key) ?? this.#known.get(`true ${at.join(' ')}`);
    if (found === undefined) {
      found = await this.#solved(at, derivatives);
      this.#known.set(key, found);
    }
    return found;
  }

  async #solved(at: readonly number[], derivatives: boolean): Promise<Numbers | null> {
    if (this.gradients === 'adjoint') {
      try {
        return await this.#read(at, true, derivatives);
      } catch (error) {
        if (!(error instanceof NoDerivativeError)) throw error;
        this.gradients = 'differences';
      }
    }
    const here = await this.#read(at, false, false);
    if (here === null || !derivatives) return here;
    const slopes = here.slopes.map((): number[] => []);
    for (const i of this.space.axes.keys()) {
      const reach = 2 * STEP;
      const isInside = at[i] >= reach && at[i] <= 1 - reach;
      const side = at[i] < 0.5 ? STEP : -STEP;
      const sums = here.slopes.map(() => 0);
      for (const [multiple, weight] of isInside ? CENTRAL : ONE_SIDED) {
        const step = isInside ? STEP : side;
        const beside = at.map((x, j) => (j === i ? x + multiple * step : x));
        const there =
          multiple === 0 ? here : await this.#read(beside, false, false, here.point.window);
        if (there === null) return null;
        [...there.objectives, ...there.constraints].forEach(({ value }, k) => {
          sums[k] += (weight * value) / step;
        });
      }
      sums.forEach((slope, k) => {
        slopes[k].push(slope);
      });
    }
    return { ...here, slopes };
  }

  /** @param window where it is solved, if not where it is by itself */
  async #read(
    at: readonly number[],
    differentiated: boolean,
    derivatives: boolean,
    window?: Window,
  ): Promise<Numbers | null> {
    this.evaluations++;
    const { space } = this;
    const parameters = space.values(at);
    const point = await this.machine.at(parameters, differentiated, window);
    if (point === null || point.problems.length > 0) {
      this.refusal = point?.problems[0] ?? 'there is no unique steady state';
      return null;
    }
    // All of it now: a solver has the numbers of one point at a time.
    const known = new Map<string, Differential | null>();
    for (const { names } of [...this.objectives, ...this.constraints]) {
      for (const name of names) if (!known.has(name)) known.set(name, await point.read(name));
    }
    const read = (name: string) => known.get(name) ?? null;
    const results: Differential[] = [];
    for (const { syntax } of [...this.objectives, ...this.constraints]) {
      const result = evaluated(syntax, read);
      if (result === null || !Number.isFinite(result.value.value)) return null;
      results.push(result);
    }
    const isLost = ({ value: { value, error } }: Differential) => error > UNKNOWN * Math.abs(value);
    if (results.slice(0, this.objectives.length).some(isLost)) return null;
    const turns = space.slopes(at);
    const slopes = results.map(({ gradient }) =>
      derivatives ? space.axes.map(({ name }, i) => turns[i] * slopeBy(gradient, name)) : [],
    );
    if (slopes.some((row) => !row.every(Number.isFinite))) return null;
    const estimates = results.map(({ value }) => value);
    return {
      parameters,
      objectives: estimates.slice(0, this.objectives.length),
      constraints: estimates.slice(this.objectives.length),
      observables: Object.fromEntries(
        [...known].flatMap(([name, found]) => (found === null ? [] : [[name, found.value]])),
      ),
      point,
      slopes,
    };
  }

  /** The same point on a window that reaches farther; null where there is none. */
  async onWiderWindow(at: readonly number[], window: Window): Promise<Numbers | null> {
    const wider = this.machine.wider(window);
    return wider === null ? null : this.#read(at, this.gradients === 'adjoint', false, wider);
  }
}
