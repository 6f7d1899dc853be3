/** What is searched for: expressions of observables and parameters, with derivatives, and constraints on them. */
import type { Estimate } from '../lindblad/estimate.js';
import { suggestion } from '../machine/description/error.js';
import { parseExpression, type Syntax, SyntaxTextError } from '../machine/description/syntax.js';
import { ParameterError } from '../model/parameters.js';
import { composed, type Differential } from '../sensitivity/differential.js';

/** What rounding takes from the result of one operation. */
const ROUNDING = 2 * Number.EPSILON;

/** An expression as it was given. */
export interface Objective {
  readonly text: string;
  readonly syntax: Syntax;
  /** The observables and parameters in it. */
  readonly names: readonly string[];
}

/** An expression that has to be at least 0. */
export interface Constraint extends Objective {}

/** What a function is at a value, and its derivative there. */
type Function = (x: number) => readonly [value: number, slope: number];

const FUNCTIONS: Readonly<Record<string, Function>> = {
  abs: (x) => [Math.abs(x), Math.sign(x)],
  exp: (x) => [Math.exp(x), Math.exp(x)],
  log: (x) => [Math.log(x), 1 / x],
  sqrt: (x) => [Math.sqrt(x), 0.5 / Math.sqrt(x)],
};

/** @throws {ParameterError} for functions that are none */
function namesIn(field: string, text: string, node: Syntax): string[] {
  switch (node.kind) {
    case 'number':
      return [];
    case 'name':
      return [node.name];
    case 'negative':
      return namesIn(field, text, node.of);
    case 'binary':
      return [...namesIn(field, text, node.left), ...namesIn(field, text, node.right)];
    case 'call': {
      if (!Object.hasOwn(FUNCTIONS, node.name) || node.of.length !== 1) {
        const known = Object.keys(FUNCTIONS);
        const allowed = `an expression with functions of one number among ${known.join(', ')}`;
        throw new ParameterError(field, text, allowed + suggestion(node.name, known));
      }
      return namesIn(field, text, node.of[0]);
    }
  }
}

/** @param field what it was given as, for errors. @throws {ParameterError} */
export function readObjective(field: string, text: string): Objective {
  try {
    const syntax = parseExpression(text);
    return { text, syntax, names: [...new Set(namesIn(field, text, syntax))] };
  } catch (error) {
    if (!(error instanceof SyntaxTextError)) throw error;
    const allowed = `an expression of observables and parameters, such as heat.Q1/abs(heat.Q2): character ${error.at + 1}: ${error.message}`;
    throw new ParameterError(field, text, allowed);
  }
}

/** `a > b`, `a >= b`, `a < b` or `a <= b`; on its bound a constraint holds, either way. @throws {ParameterError} */
export function readConstraint(text: string): Constraint {
  const sides = text.split(/([<>]=?)/);
  if (sides.length !== 3) {
    throw new ParameterError('where', text, 'two expressions with >, >=, < or <= between them');
  }
  const [left, sign, right] = sides;
  const [more, less] = (sign.startsWith('>') ? [left, right] : [right, left]).map((side) =>
    readObjective('where', side.trim()),
  );
  return {
    text: text.trim(),
    syntax: { kind: 'binary', operator: '-', left: more.syntax, right: less.syntax, at: 0 },
    names: [...new Set([...more.names, ...less.names])],
  };
}

const number = (value: number): Differential => ({
  value: { value, error: 0 },
  gradient: new Map(),
});

function applied(of: Differential, f: Function): Differential {
  const [value, slope] = f(of.value.value);
  const error = Math.abs(slope) * of.value.error + ROUNDING * Math.abs(value);
  // To first order: a slope changes by no more than that where the number is known.
  return composed({ value, error }, [{ of, slope: exact(slope) }]);
}

const exact = (value: number): Estimate => ({ value, error: ROUNDING * Math.abs(value) });

/** Of two numbers, by the value and the derivatives by each. */
function combined(
  [a, b]: readonly [Differential, Differential],
  value: number,
  [byA, byB]: readonly [number, number],
): Differential {
  const error =
    Math.abs(byA) * a.value.error + Math.abs(byB) * b.value.error + ROUNDING * Math.abs(value);
  return composed({ value, error }, [
    { of: a, slope: exact(byA) },
    { of: b, slope: exact(byB) },
  ]);
}

function binary(operator: '+' | '-' | '*' | '/' | '^', a: Differential, b: Differential) {
  const [x, y] = [a.value.value, b.value.value];
  switch (operator) {
    case '+':
      return combined([a, b], x + y, [1, 1]);
    case '-':
      return combined([a, b], x - y, [1, -1]);
    case '*':
      return combined([a, b], x * y, [y, x]);
    case '/':
      return combined([a, b], x / y, [1 / y, -x / y / y]);
    case '^': {
      const value = x ** y;
      // A number as exponent has no derivative, and a negative base no logarithm.
      const byExponent = b.gradient.size === 0 && b.value.error === 0 ? 0 : value * Math.log(x);
      return combined([a, b], value, [y === 0 ? 0 : y * x ** (y - 1), byExponent]);
    }
  }
}

/**
 * The value of an expression, with its derivatives.
 * @param read what its names stand for; null where one has no value
 */
export function evaluated(
  node: Syntax,
  read: (name: string) => Differential | null,
): Differential | null {
  switch (node.kind) {
    case 'number':
      return number(node.value);
    case 'name':
      return read(node.name);
    case 'negative': {
      const of = evaluated(node.of, read);
      return of && applied(of, (x) => [-x, -1]);
    }
    case 'call': {
      const of = evaluated(node.of[0], read);
      return of && applied(of, FUNCTIONS[node.name]);
    }
    case 'binary': {
      const left = evaluated(node.left, read);
      const right = evaluated(node.right, read);
      return left && right && binary(node.operator, left, right);
    }
  }
}
