/** The best machine in a box of parameters: several starts, each to a local optimum, and fronts of two objectives. */
import type { Estimate } from '../lindblad/estimate.js';
import { RandomStream } from '../solve/philox.js';
import {
  type LocalOptimum,
  sequentialQuadratic,
  violationOf,
} from '../solve/sequentialQuadratic.js';
import { activeConstraints, type Certificate, certificateOf } from './optimumCertificate.js';
import { paretoFront } from './search.js';
import type { Bound, SearchedProblem, Solved } from './searchedProblem.js';

export interface OptimiseRequest {
  readonly problem: SearchedProblem;
  readonly starts: number;
  readonly seed: number;
  /** Points of the front; 0 without a second objective. */
  readonly points: number;
}

/** One machine with its numbers. */
export interface Candidate {
  /** Those that were varied. */
  readonly parameters: Readonly<Record<string, number>>;
  readonly value: number;
  /** How far it may be off; NaN where that is not known. */
  readonly error: number;
  /** The same of the second objective; null without one. */
  readonly against: Estimate | null;
}

/** Where one start ended. */
export interface Ended extends Candidate {
  readonly from: Readonly<Record<string, number>>;
  readonly ended: LocalOptimum['ended'];
}

export interface Optimised {
  readonly best: Candidate & {
    readonly constraints: readonly {
      readonly text: string;
      /** By how much it is fulfilled. */
      readonly margin: number;
      readonly isActive: boolean;
      /** By how much the objective would get better for each unit that it gave way. */
      readonly multiplier: number;
    }[];
    /** How many of the starts ended there. */
    readonly starts: number;
  };
  /** Null where the search was stopped before. */
  readonly certificate: Certificate | null;
  /** By start. */
  readonly ends: readonly Ended[];
  /** What no other device beats in both objectives, the best of the first one first; empty without a second. */
  readonly front: readonly (Candidate & {
    readonly gradientNorm: number;
    readonly ended: LocalOptimum['ended'];
  })[];
  readonly evaluations: number;
  /** False where it was stopped: the best so far. */
  readonly complete: boolean;
}

/** Random points of which a start takes the best. */
const TRIED = 8;
/** How often a start without a value is drawn anew. */
const MOST_DRAWS = 200;
/** Optima whose values are this near, relatively, are one. */
const SAME = 1e-6;
/** Constraints hold where they lack no more than this, in parts of the box. */
const FEASIBLE = 1e-8;

class Stopped extends Error {}

interface Reached {
  readonly from: readonly number[];
  readonly optimum: LocalOptimum;
  readonly solved: Solved;
}

/**
 * @param goesOn called after every evaluation with the share of the search that is done: false ends it
 * @returns null where no point of the box has a value, or none was found before it ended
 */
export async function optimise(
  request: OptimiseRequest,
  goesOn: (done: number, evaluations: number) => Promise<boolean>,
): Promise<Optimised | null> {
  return new Search(request, goesOn).run();
}

class Search {
  readonly #problem: SearchedProblem;
  readonly #ends: Reached[] = [];
  readonly #front: Reached[] = [];
  #certificate: Certificate | null = null;
  #done = 0;
  /** The best point that was evaluated, whatever came of its search. */
  #bestSeen: { readonly solved: Solved; readonly value: number } | null = null;

  constructor(
    private readonly request: OptimiseRequest,
    private readonly goesOn: (done: number, evaluations: number) => Promise<boolean>,
  ) {
    this.#problem = request.problem;
  }

  async run(): Promise<Optimised | null> {
    let complete = true;
    try {
      await this.#fromEveryStart();
      const best = this.#best();
      if (best !== null) {
        this.#certificate = await certificateOf(this.#problem, best.optimum);
        if (this.request.points > 0) await this.#alongFront(best);
      }
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      complete = false;
    }
    return this.#result(complete);
  }

  get #steps(): number {
    const { starts, points } = this.request;
    return points > 0 ? 2 * starts + points : starts;
  }

  async #fromEveryStart(): Promise<void> {
    const { starts } = this.request;
    for (let k = 0; k < starts; k++, this.#done++) {
      const from = await this.#start(k);
      if (from === null) continue;
      const reached = await this.#descend(from, 0);
      if (reached !== null) this.#ends.push(reached);
    }
  }

  /** The first start is the machine as it is given; the others are the best of a few random points. */
  async #start(k: number): Promise<readonly number[] | null> {
    const { machine, space } = this.#problem;
    if (k === 0) {
      const given = space.point(machine.values);
      if ((await this.#evaluated(given, 0)) !== null) return given;
    }
    const random = new RandomStream(this.request.seed, k);
    let best: { at: readonly number[]; merit: readonly [number, number] } | null = null;
    for (let draw = 0, found = 0; draw < MOST_DRAWS && found < TRIED; draw++) {
      const at = space.axes.map(() => {
        random.draw();
        return random.first;
      });
      const evaluation = await this.#evaluated(at, 0);
      if (evaluation === null) continue;
      found++;
      const merit = [violationOf(evaluation), evaluation.value] as const;
      const isBetter =
        best === null ||
        merit[0] < best.merit[0] ||
        (merit[0] === best.merit[0] && merit[1] < best.merit[1]);
      if (isBetter) best = { at, merit };
    }
    return best?.at ?? null;
  }

  async #evaluated(
    at: readonly number[],
    objective: number,
    bounds: readonly Bound[] = [],
    derivatives = true,
  ) {
    const problem = this.#problem;
    const found = await problem.evaluation({ at, derivatives }, objective, bounds);
    if (found !== null && objective === 0 && bounds.length === 0)
      this.#see(await problem.numbers(at, false), found.value);
    if (!(await this.goesOn(this.#done / this.#steps, problem.evaluations))) throw new Stopped();
    return found;
  }

  #see(solved: Solved | null, value: number): void {
    if (solved === null || solved.constraints.some((c) => c.value < 0)) return;
    if (this.#bestSeen === null || value < this.#bestSeen.value) this.#bestSeen = { solved, value };
  }

  async #descend(
    from: readonly number[],
    objective: number,
    bounds: readonly Bound[] = [],
  ): Promise<Reached | null> {
    const search = sequentialQuadratic(from);
    let step = search.next();
    while (!step.done) {
      const { at, derivatives } = step.value;
      step = search.next(await this.#evaluated(at, objective, bounds, derivatives));
    }
    const optimum = step.value;
    if (optimum === null) return null;
    const solved = await this.#problem.numbers(optimum.at, true);
    return solved === null ? null : { from, optimum, solved };
  }

  /** Of those whose constraints hold. */
  #best(): Reached | null {
    const feasible = this.#ends.filter(({ optimum }) => optimum.violation <= FEASIBLE);
    return feasible.reduce(
      (best: Reached | null, one) =>
        best === null || one.optimum.evaluation.value < best.optimum.evaluation.value ? one : best,
      null,
    );
  }

  /** From the best of the first objective to that of the second, the second one bounded more and more. */
  async #alongFront(first: Reached): Promise<void> {
    const { starts, points } = this.request;
    const problem = this.#problem;
    const sign = problem.sign(1);
    const second = ({ solved }: Reached) => sign * solved.objectives[1].value;
    let last: Reached | null = null;
    for (const { optimum } of [first, ...this.#ends].slice(0, starts)) {
      const reached = await this.#descend(optimum.at, 1);
      this.#done++;
      if (reached === null || reached.optimum.violation > FEASIBLE) continue;
      if (last === null || second(reached) < second(last)) last = reached;
    }
    if (last === null) return;
    this.#front.push(first);
    let before = first;
    for (let k = 1; k < points - 1; k++, this.#done++) {
      const share = k / (points - 1);
      const atMost = (1 - share) * second(first) + share * second(last);
      const bounds = [{ objective: 1, atMost }];
      let best: Reached | null = null;
      for (const from of [before, last]) {
        const reached = await this.#descend(from.optimum.at, 0, bounds);
        if (reached === null || reached.optimum.violation > FEASIBLE) continue;
        const value = reached.optimum.evaluation.value;
        if (best === null || value < best.optimum.evaluation.value) best = reached;
      }
      if (best === null) continue;
      this.#front.push(best);
      before = best;
    }
    this.#front.push(last);
  }

  #candidate({ parameters, objectives }: Solved): Candidate {
    const [{ value, error }, against = null] = objectives;
    return { parameters, value, error, against };
  }

  #result(complete: boolean): Optimised | null {
    const problem = this.#problem;
    const best = this.#best();
    const solved = best?.solved ?? this.#bestSeen?.solved;
    if (solved === undefined) return null;
    const active = best === null ? [] : activeConstraints(best.optimum);
    const candidate = this.#candidate(solved);
    const isSame = ({ solved: { objectives } }: Reached) =>
      Math.abs(objectives[0].value - candidate.value) <= SAME * Math.abs(candidate.value);
    const signs = problem.objectives.map((_, k) => problem.sign(k));
    return {
      best: {
        ...candidate,
        constraints: problem.constraints.map(({ text }, j) => ({
          text,
          margin: solved.constraints[j].value,
          isActive: active[j] ?? false,
          multiplier: best?.optimum.multipliers[j] ?? 0,
        })),
        starts: this.#ends.filter(isSame).length,
      },
      certificate: this.#certificate,
      ends: this.#ends.map(({ from, optimum, solved: found }) => ({
        from: problem.space.values(from),
        ...this.#candidate(found),
        ended: optimum.ended,
      })),
      front: paretoFront(this.#front, ({ solved: { objectives } }) => [
        -signs[0] * objectives[0].value,
        -signs[1] * objectives[1].value,
      ])
        .reverse()
        .map(({ optimum, solved: found }) => ({
          ...this.#candidate(found),
          gradientNorm: optimum.stationarity / Math.abs(optimum.evaluation.value),
          ended: optimum.ended,
        })),
      evaluations: problem.evaluations,
      complete,
    };
  }
}
