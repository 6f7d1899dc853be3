/** Numbers as people type them: with a decimal comma, with the minus of print, as arithmetic. */
import jsep from 'jsep';
import { nearest } from '../../model/parameters.js';

/** Text that is no number, and why. */
export class EntryError extends Error {
  override readonly name = 'EntryError';
}

const operators: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
};

type Names = Readonly<Record<string, number>>;

function named(name: string, names: Names): number {
  if (Object.hasOwn(names, name)) return names[name];
  throw new EntryError(
    `'${name}' is not known: did you mean '${nearest(name, Object.keys(names))}'?`,
  );
}

function evaluate(node: jsep.Expression, names: Names): number {
  switch (node.type) {
    case 'Literal':
      if (typeof node.value === 'number') return node.value;
      break;
    case 'Identifier':
      return named(String(node.name), names);
    case 'UnaryExpression': {
      const { operator, argument } = node as jsep.UnaryExpression;
      if (operator === '-') return -evaluate(argument, names);
      if (operator === '+') return evaluate(argument, names);
      break;
    }
    case 'BinaryExpression': {
      const { operator, left, right } = node as jsep.BinaryExpression;
      const combine = operators[operator];
      if (combine !== undefined) return combine(evaluate(left, names), evaluate(right, names));
      break;
    }
  }
  throw new EntryError('numbers, names of parameters, + − * / and brackets can be typed');
}

/** 1,000 is one to some and a thousand to others. */
const AMBIGUOUS = /(?<![\d.,])[1-9]\d{0,2},\d{3}(?![\d,])/;

/**
 * @param names what may stand in arithmetic: the parameters, and their values
 * @throws {EntryError}
 */
export function readNumber(text: string, names: Names): number {
  if (text.trim() === '') throw new EntryError('nothing was typed');
  const ambiguous = AMBIGUOUS.exec(text);
  if (ambiguous !== null) {
    const [either] = ambiguous;
    throw new EntryError(
      `${either} may be ${either.replace(',', '.')} or ${either.replace(',', '')}: write it without a comma`,
    );
  }
  const plain = text
    .replace(/[−–]/g, '-')
    .replace(/[×·]/g, '*')
    .replace(/(?<=\d),(?=\d)/g, '.');
  let tree: jsep.Expression;
  try {
    tree = jsep(plain);
  } catch {
    throw new EntryError(`"${text}" is not a number`);
  }
  const value = evaluate(tree, names);
  if (!Number.isFinite(value)) throw new EntryError(`"${text}" is not a finite number`);
  return value;
}
