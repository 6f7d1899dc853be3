/** The grammar of expressions in machine files and of objectives: text to a tree, every node with its place in the text. */
import { type FailedMatchResult, grammar, type Node } from 'ohm-js';

export type Operator = '+' | '-' | '*' | '/' | '^';

interface Located {
  /** The first character of what an error message points at, counted from 0. */
  readonly at: number;
}

/** What an expression says, before any name has a meaning. */
export type Syntax = Located &
  (
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'call'; readonly name: string; readonly of: readonly Syntax[] }
    | { readonly kind: 'negative'; readonly of: Syntax }
    | {
        readonly kind: 'binary';
        readonly operator: Operator;
        readonly left: Syntax;
        readonly right: Syntax;
      }
  );

/** A text that is no expression. */
export class SyntaxTextError extends Error {
  override readonly name = 'SyntaxTextError';
  constructor(
    readonly at: number,
    message: string,
  ) {
    super(message);
  }
}

/** Characters of an expression, and brackets and signs within one another: far more than any formula has. */
const MOST_CHARACTERS = 4000;
const MOST_NESTED = 60;

const startOf = ({ source }: Node): number => source.startIdx;

const binary = (operator: Operator, left: Node, sign: Node, right: Node): Syntax => ({
  kind: 'binary',
  operator,
  left: left.tree(),
  right: right.tree(),
  at: startOf(sign),
});

/** The rules and what they mean. Most commands read no expression, and to make these takes longer than to read one. */
function language() {
  // A sign binds weaker than a power, −x² = −(x²), and powers from the right.
  const rules = grammar(`
    Machine {
      Expression = Sum
      Sum
        = Sum "+" Product  -- plus
        | Sum "-" Product  -- minus
        | Product
      Product
        = Product "*" Signed  -- times
        | Product "/" Signed  -- over
        | Signed
      Signed
        = "-" Signed  -- negative
        | "+" Signed  -- positive
        | Power
      Power
        = Atom "^" Signed  -- power
        | Atom
      Atom
        = name "(" ListOf<Expression, ","> ")"  -- call
        | name  -- name
        | number  -- number
        | "(" Expression ")"  -- group
      name  (a name) = letter (alnum | "_")* ("." (alnum | "_")+)*
      number  (a number) = mantissa exponent?
      mantissa = fraction | whole
      fraction = digit* "." digit+
      whole = digit+ "."?
      exponent = ("e" | "E") ("+" | "-")? digit+
    }
  `);

  const semantics = rules.createSemantics();

  semantics.addOperation<Syntax>('tree', {
    Sum_plus: (left, sign, right) => binary('+', left, sign, right),
    Sum_minus: (left, sign, right) => binary('-', left, sign, right),
    Product_times: (left, sign, right) => binary('*', left, sign, right),
    Product_over: (left, sign, right) => binary('/', left, sign, right),
    Power_power: (left, sign, right) => binary('^', left, sign, right),
    Signed_negative: (sign, of) => ({ kind: 'negative', of: of.tree(), at: startOf(sign) }),
    Signed_positive: (_, of) => of.tree(),
    Atom_call: (name, _open, list, _close) => ({
      kind: 'call',
      name: name.sourceString,
      of: list.asIteration().children.map((node) => node.tree()),
      at: startOf(name),
    }),
    Atom_name: (name) => ({ kind: 'name', name: name.sourceString, at: startOf(name) }),
    Atom_number: (text) => ({
      kind: 'number',
      value: Number(text.sourceString),
      at: startOf(text),
    }),
    Atom_group: (_open, of, _close) => of.tree(),
  });

  return { rules, semantics };
}

let made: ReturnType<typeof language> | undefined;

/** Refuses what would take the parser deeper than its stack. */
function requireShallow(text: string): void {
  if (text.length > MOST_CHARACTERS) {
    throw new SyntaxTextError(0, `must be an expression of at most ${MOST_CHARACTERS} characters`);
  }
  let depth = 0;
  let signs = 0;
  let powers = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === ' ') continue;
    if (character === '(') depth++;
    if (character === ')') depth--;
    signs = '+-'.includes(character) ? signs + 1 : 0;
    if (character === '^') powers++;
    if (depth > MOST_NESTED || signs > MOST_NESTED || powers > MOST_NESTED) {
      throw new SyntaxTextError(
        at,
        `brackets, signs or powers within one another: at most ${MOST_NESTED}`,
      );
    }
  }
}

/** @throws {SyntaxTextError} */
export function parseExpression(text: string): Syntax {
  requireShallow(text);
  try {
    return parsed(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new SyntaxTextError(0, 'must be an expression with fewer operations');
  }
}

function parsed(text: string): Syntax {
  made ??= language();
  const { rules, semantics } = made;
  const match = rules.match(text);
  if (match.succeeded()) return semantics(match).tree();
  const failure: FailedMatchResult = match;
  const at = failure.getRightmostFailurePosition();
  const found = at < text.length ? `'${/^(\w+|.)/su.exec(text.slice(at))?.[0]}'` : 'the end';
  const [, expected] = /expected (.*)$/s.exec(failure.shortMessage ?? '') ?? [];
  throw new SyntaxTextError(at, `${found} where ${expected ?? 'an expression'} is expected`);
}
