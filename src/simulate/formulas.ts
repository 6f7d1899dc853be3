/** Operators that users write: a name that is known, or an expression of a machine's own operators. */
import { MeaningError, Scope } from '../machine/description/evaluate.js';
import { turningLadder } from '../machine/description/ladder.js';
import { Subsystems } from '../machine/description/subsystems.js';
import { parseExpression, SyntaxTextError } from '../machine/description/syntax.js';
import { asOperator, functionValue, ValueError } from '../machine/description/value.js';
import { OperatorSet } from '../machine/evaluateOperator.js';
import { parameter } from '../machine/expression.js';
import { type OperatorForm, real } from '../machine/operatorForm.js';
import type { Values } from '../machine/tape.js';
import { ParameterError } from '../model/parameters.js';
import type { Operator } from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import type { NamedOperator } from '../spectrum/modes.js';

/** What names in expressions mean, and the numbers of parameters. */
export interface Formulas {
  readonly scope: Scope;
  readonly values: Values;
}

/** The same of the paper's machine: q1, q2, L, phi and the parameters. */
export function millFormulas(window: Window, values: Values): Formulas {
  const qubit = (name: string) => ({ name, levels: ['0', '1'] });
  const subsystems = new Subsystems([qubit('q1'), qubit('q2')]);
  const scope = new Scope(subsystems, turningLadder('rotor', [window.lmin, window.lmax], null));
  for (const name of Object.keys(values)) scope.define(name, functionValue(real(parameter(name))));
  return { scope, values };
}

/**
 * The operator of a text.
 * @param field what it was given as
 * @throws {ParameterError} with what is wrong, and where
 */
export function readOperator(
  field: string,
  text: string,
  window: Window,
  named: readonly NamedOperator[],
  { scope, values }: Formulas,
): Operator {
  const known = named.find(({ name }) => name === text.trim());
  if (known !== undefined) return known.operator;
  const refuse = (why: string): never => {
    const names = named.map(({ name }) => name).join(', ');
    const allowed = `an operator of the machine: an expression, or one of ${names} (${why})`;
    throw new ParameterError(field, text, allowed);
  };
  const form = formOf(text, scope, refuse);
  const operator = OperatorSet.of({ operator: form }).evaluate(window, values)('operator');
  const finite = operator.transitions.every(
    ({ coefficient: { re, im }, table }) =>
      Number.isFinite(re + im) &&
      (table?.re.every(Number.isFinite) ?? true) &&
      (table?.im?.every(Number.isFinite) ?? true),
  );
  return finite ? operator : refuse('it is not finite with these parameters');
}

function formOf(text: string, scope: Scope, refuse: (why: string) => never): OperatorForm {
  try {
    return asOperator(scope.subsystems.states, scope.evaluate(parseExpression(text)));
  } catch (error) {
    if (error instanceof SyntaxTextError || error instanceof MeaningError) {
      return refuse(`at character ${error.at + 1}: ${error.message}`);
    }
    if (error instanceof ValueError) return refuse(error.message);
    throw error;
  }
}
