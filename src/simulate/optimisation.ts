/** What is asked of an optimisation, checked, for command line and library alike. */
import { ParameterError } from '../model/parameters.js';
import { readConstraint, readObjective } from './objective.js';
import type { ObservedMachine } from './observedMachine.js';
import type { OptimiseRequest } from './optimise.js';
import { defaultRange, type Range } from './search.js';
import { SearchedProblem, type Sensed } from './searchedProblem.js';
import { SearchSpace } from './searchSpace.js';

export const DEFAULT_STARTS = 8;
export const DEFAULT_SEED = 1;
export const DEFAULT_POINTS = 11;
const MOST_STARTS = 10_000;
const MOST_POINTS = 1000;

export interface Asked {
  readonly minimise?: string | undefined;
  readonly maximise?: string | undefined;
  /** Parameters and their ranges; one without is searched from a quarter to four times its value. */
  readonly over: Readonly<Record<string, Range | undefined>>;
  readonly where?: readonly string[] | undefined;
  /** A second objective, of the same sense. */
  readonly against?: string | undefined;
  readonly starts?: number | undefined;
  readonly seed?: number | undefined;
  /** Of the front. */
  readonly points?: number | undefined;
}

function whole(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new ParameterError(name, value, `an integer from ${least} to ${most}`);
}

function objectiveOf({ minimise, maximise }: Asked): Sensed {
  if (minimise !== undefined && maximise !== undefined) {
    throw new ParameterError('maximise', maximise, 'absent with minimise');
  }
  const sense = maximise === undefined ? 'minimise' : 'maximise';
  const text = maximise ?? minimise;
  if (text === undefined) {
    throw new ParameterError(
      'minimise',
      undefined,
      'given, or maximise: an expression of observables',
    );
  }
  return { ...readObjective(sense, text), sense };
}

/** @throws {ParameterError} for what is not allowed */
export function optimisationOf(machine: ObservedMachine, asked: Asked): OptimiseRequest {
  const objective = objectiveOf(asked);
  const { sense } = objective;
  const { against, where = [] } = asked;
  const second: Sensed[] =
    against === undefined ? [] : [{ ...readObjective('against', against), sense }];
  if (asked.points !== undefined && second.length === 0) {
    throw new ParameterError('points', asked.points, 'absent without against');
  }
  for (const name of Object.keys(asked.over)) machine.checkRange(name, []);
  const ranges = Object.entries(asked.over).map(([name, range]): [string, Range] => [
    name,
    range ?? defaultRange(name, machine.values),
  ]);
  return {
    problem: new SearchedProblem(
      machine,
      new SearchSpace(Object.fromEntries(ranges)),
      [objective, ...second],
      where.map(readConstraint),
    ),
    starts: whole('starts', asked.starts ?? DEFAULT_STARTS, 1, MOST_STARTS),
    seed: whole('seed', asked.seed ?? DEFAULT_SEED, 0, Number.MAX_SAFE_INTEGER),
    points:
      second.length === 0 ? 0 : whole('points', asked.points ?? DEFAULT_POINTS, 2, MOST_POINTS),
  };
}
