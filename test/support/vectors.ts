/** Random vectors, and how large a linear map and an error in it are. */
import { apply } from '../../src/generator/apply.js';
import type { Generator } from '../../src/generator/generator.js';
import { adjointGenerator } from './adjointGenerator.js';

/** Numbers in [−1, 1) by a fixed generator, so that a failure can be repeated. */
export function randomElements(length: number, seed: number): Float64Array {
  let state = (seed * 0x9e3779b9) >>> 0;
  const elements = new Float64Array(2 * length);
  for (let i = 0; i < elements.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    elements[i] = state / 2 ** 31 - 1;
  }
  return elements;
}

export function norm(x: Float64Array): number {
  let sum = 0;
  for (const value of x) sum += value * value;
  return Math.sqrt(sum);
}

export function distance(x: Float64Array, y: Float64Array): number {
  return norm(x.map((value, i) => value - y[i]));
}

/** Whether two vectors are the same to the last bit: what `toEqual` finds out in a hundred times the time. */
export const isSame = (x: Float64Array, y: Float64Array): boolean =>
  x.length === y.length && x.every((value, i) => Object.is(value, y[i]));

/** Many tests ask for the same one. */
const norms = new WeakMap<Generator, number>();

/** The largest singular value of a generator, from below: a few steps of the power method. */
export function operatorNorm(generator: Generator): number {
  const known = norms.get(generator) ?? powerMethod(generator);
  norms.set(generator, known);
  return known;
}

function powerMethod(generator: Generator): number {
  const adjoint = adjointGenerator(generator);
  let x = randomElements(generator.space.size, 1);
  let found = 0;
  for (let step = 0; step < 6; step++) {
    const length = norm(x);
    x = apply(
      generator,
      x.map((value) => value / length),
    );
    found = norm(x);
    x = apply(adjoint, x);
  }
  return found;
}
