/** One- and two-dimensional cuts through a sweep's results. */
import { nearest, ParameterError, UnknownKeyError } from '../model/parameters.js';
import { NAMED_OBSERVABLES, variableName } from '../simulate/observableRecords.js';
import { plainName } from './layout.js';
import { isAbsent, type Results, type ResultVariable } from './results.js';

/** An axis of a plot: values along a dimension, ascending, and the places where they are. */
export interface CutAxis {
  /** As the plan has it: `beta2/beta1`. */
  readonly name: string;
  /** `1` for pure numbers. */
  readonly unit: string;
  readonly values: readonly number[];
  readonly places: readonly number[];
  readonly isLogarithmic: boolean;
}

export interface Cut {
  /** One for a line, two for a map. */
  readonly axes: readonly CutAxis[];
  /** Where the other axes are, by name. */
  readonly at: Readonly<Record<string, number>>;
  /** The value of a variable at the given indices into the axes' values; NaN where there is none. */
  readonly value: (variable: ResultVariable, ...indices: readonly number[]) => number;
}

const named = <T extends { readonly name: string }>(all: readonly T[], name: string): T => {
  const plain = plainName(name).replaceAll('.', '_');
  const found = all.find((one) => one.name === plain);
  if (found !== undefined) return found;
  const known = all.map((one) => documented(one.name));
  throw new UnknownKeyError(name, nearest(name, known));
};

/** The name that plans and JSON have for a variable: heat.Q1 for heat_Q1. */
const documented = (variable: string): string =>
  NAMED_OBSERVABLES.find((name) => variableName(name) === variable) ?? variable;

/** A variable by its name in the plan or in the store. @throws {UnknownKeyError} */
export const variableNamed = ({ variables }: Results, name: string): ResultVariable =>
  named(variables, name);

/** The axis of a dimension as the plan wrote it. */
function planned({ identity }: Results, dimension: string) {
  const { axes } = identity.plan;
  const name = Object.keys(axes).find((axis) => plainName(axis) === dimension) ?? dimension;
  return { name, isLogarithmic: name in axes && 'logspace' in axes[name] };
}

function cutAxis(results: Results, dimension: string): CutAxis {
  const { values, attributes } = named(results.coordinates, dimension);
  const places = Array.from(values, (_, place) => place).sort((a, b) => values[a] - values[b]);
  return {
    ...planned(results, dimension),
    unit: String(attributes.units ?? '1'),
    places,
    values: places.map((place) => values[place]),
  };
}

/**
 * A cut along one or two dimensions.
 * @param along the dimensions to keep
 * @param at values of others, of which the nearest place is taken; what is not named is cut in its middle
 * @throws {ParameterError | UnknownKeyError}
 */
export function cut(
  results: Results,
  along: readonly string[],
  at: ReadonlyMap<string, number>,
): Cut {
  const { dimensions } = results;
  const kept = along.map((name) => named(dimensions, name).name);
  const given = new Map([...at].map(([name, value]) => [named(dimensions, name).name, value]));
  const fixed: Record<string, number> = {};
  const places = dimensions.map(({ name, length }) => {
    if (kept.includes(name)) {
      if (given.has(name)) throw new ParameterError('at', name, 'an axis that is not plotted');
      return 0;
    }
    const { values } = named(results.coordinates, name);
    const wanted = given.get(name);
    let place = Math.floor(length / 2);
    if (wanted !== undefined) {
      const distance = (i: number) => Math.abs(values[i] - wanted);
      for (let i = 0; i < length; i++) if (distance(i) < distance(place)) place = i;
    }
    fixed[planned(results, name).name] = values[place];
    return place;
  });
  const axes = kept.map((name) => cutAxis(results, name));
  return {
    axes,
    at: fixed,
    value: (variable, ...indices) => {
      let index = 0;
      dimensions.forEach(({ name, length }, d) => {
        const k = kept.indexOf(name);
        index = index * length + (k < 0 ? places[d] : axes[k].places[indices[k]]);
      });
      const value = variable.values[index];
      return isAbsent(variable, value) ? Number.NaN : value;
    },
  };
}
