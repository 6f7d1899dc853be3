/** A described machine's parameters and window, as they are asked for. */
import type {
  DescribedMachine,
  DescribedParameter,
} from '../machine/description/describedMachine.js';
import { suggestion } from '../machine/description/error.js';
import { ParameterError, type Truncation } from '../model/parameters.js';
import type { Window } from '../operators/window.js';

const rangeOf = ({ range: [low, high] }: DescribedParameter): string =>
  low === -Infinity && high === Infinity
    ? 'a number'
    : low === -Infinity
      ? `a number ≤ ${high}`
      : high === Infinity
        ? `a number ≥ ${low}`
        : `a number from ${low} to ${high}`;

/** The value of a parameter, checked. @throws {ParameterError} */
export function checkedValue(parameter: DescribedParameter, value: unknown): number {
  const [low, high] = parameter.range;
  if (typeof value === 'number' && Number.isFinite(value) && value >= low && value <= high) {
    return value;
  }
  throw new ParameterError(parameter.name, value, rangeOf(parameter));
}

/** The parameter of a name. @throws {ParameterError} */
export function parameterOf(
  { parameters, name: machine }: DescribedMachine,
  name: string,
  field: string,
): DescribedParameter {
  const found = parameters.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = parameters.map((one) => one.name);
  const allowed =
    names.length === 0
      ? `absent: ${machine} has no parameters`
      : `a parameter of ${machine}, one of ${names.join(', ')}${suggestion(name, names)}`;
  throw new ParameterError(field, name, allowed);
}

/** Every parameter of a machine that is given nowhere, at its default. */
export const defaultValues = ({ parameters }: DescribedMachine): Record<string, number> =>
  Object.fromEntries(parameters.map((one) => [one.name, one.default]));

/** The window of a machine's ladder: the file's, or the one asked for. @throws {ParameterError} */
export function machineWindow(
  { ladder }: DescribedMachine,
  { lmin, lmax }: Pick<Truncation, 'lmin' | 'lmax'> = {},
): Window {
  const windowOf = (low: number, high: number): Window => ({
    lmin: low,
    lmax: high,
    size: high - low + 1,
  });
  if (lmin === undefined || lmax === undefined) return windowOf(ladder.lmin, ladder.lmax);
  if (!ladder.open.above) {
    throw new ParameterError('lmax', lmax, `absent: the ladder of kind ${ladder.kind} is whole`);
  }
  if (!ladder.open.below && lmin !== ladder.lmin) {
    throw new ParameterError('lmin', lmin, `${ladder.lmin}: there is no lower level`);
  }
  return windowOf(lmin, lmax);
}
