/** Expressions of a machine file as values: names are given their meaning, and nothing is executed. */
import { constant } from '../expression.js';
import { adjoint, real } from '../operatorForm.js';
import { suggestion } from './error.js';
import { type LadderForm, laddersWith } from './ladder.js';
import { SUBSYSTEM_OPERATORS, type Subsystems } from './subsystems.js';
import type { Syntax } from './syntax.js';
import {
  asOperator,
  boseOf,
  circular,
  exponential,
  fermiOf,
  functionValue,
  IMAGINARY,
  inverted,
  negated,
  numberValue,
  operatorValue,
  plus,
  power,
  realNumber,
  rootOf,
  times,
  type Value,
  ValueError,
} from './value.js';

/** An expression without meaning, and where. */
export class MeaningError extends Error {
  override readonly name = 'MeaningError';
  constructor(
    readonly at: number,
    message: string,
  ) {
    super(message);
  }
}

type Apply = (states: number, value: Value) => Value;

/** Functions of one value. */
const FUNCTIONS: Readonly<Record<string, Apply>> = {
  exp: exponential,
  cos: (states, x) => circular(states, 'cosine', x),
  sin: (states, x) => circular(states, 'sine', x),
  sqrt: (_, x) => rootOf(x),
  dag: (states, x) => operatorValue(adjoint(asOperator(states, x))),
  bose: (_, x) => functionValue(real(boseOf(realNumber(x)))),
  fermi: (_, x) => functionValue(real(fermiOf(realNumber(x)))),
};

/** Functions of a subsystem and levels of it. */
const LEVEL_FUNCTIONS: Readonly<Record<string, number>> = { P: 1, T: 2 };

const HC = 'hc';

const FIXED: ReadonlyMap<string, Value> = new Map([
  ['i', functionValue(IMAGINARY)],
  ['pi', functionValue(real(constant(Math.PI)))],
]);

const ownKeys = Object.keys;

/** Names that no parameter, definition or subsystem can have; P and T are also a power and a temperature. */
export const isReserved = (name: string): boolean =>
  name === HC ||
  FIXED.has(name) ||
  [FUNCTIONS, SUBSYSTEM_OPERATORS].some((set) => Object.hasOwn(set, name));

/** What the names of a machine mean, and which of them were used. */
export class Scope {
  readonly #named = new Map<string, Value>();
  readonly #used = new Set<string>();
  #later: ReadonlySet<string> = new Set();

  constructor(
    readonly subsystems: Subsystems,
    readonly ladder: LadderForm,
  ) {}

  /** Gives a parameter or a definition its meaning. */
  define(name: string, value: Value): void {
    this.#named.set(name, value);
  }

  /** Names that get a meaning one after another. */
  announce(names: Iterable<string>): void {
    this.#later = new Set(names);
  }

  /** Takes the meaning of a name that has one within some formulas alone. */
  forget(name: string): void {
    this.#named.delete(name);
  }

  isUsed(name: string): boolean {
    return this.#used.has(name);
  }

  /** @throws {MeaningError} */
  evaluate(node: Syntax): Value {
    try {
      return this.#value(node);
    } catch (error) {
      if (error instanceof ValueError) throw new MeaningError(node.at, error.message);
      throw error;
    }
  }

  #value(node: Syntax): Value {
    const { states } = this.subsystems;
    switch (node.kind) {
      case 'number':
        if (!Number.isFinite(node.value)) throw new ValueError('a finite number');
        return numberValue(node.value);
      case 'name':
        return this.#meaning(node.name);
      case 'negative':
        return negated(states, this.evaluate(node.of));
      case 'call':
        return this.#call(node);
      case 'binary':
        return this.#binary(node);
    }
  }

  #binary({ operator, left, right }: Syntax & { readonly kind: 'binary' }): Value {
    const { states } = this.subsystems;
    const a = this.evaluate(left);
    if (operator === '+' && right.kind === 'name' && right.name === HC) {
      const form = asOperator(states, a);
      return plus(states, operatorValue(form), operatorValue(adjoint(form)));
    }
    const b = this.evaluate(right);
    switch (operator) {
      case '+':
        return plus(states, a, b);
      case '-':
        return plus(states, a, negated(states, b));
      case '*':
        return times(states, a, b);
      case '/':
        return times(states, a, inverted(b));
      case '^':
        return power(states, a, b);
    }
  }

  #meaning(name: string): Value {
    const known = this.#named.get(name) ?? this.ladder.names.get(name) ?? FIXED.get(name);
    if (known !== undefined) {
      this.#used.add(name);
      return known;
    }
    throw new ValueError(this.#unknown(name));
  }

  #unknown(name: string): string {
    if (name === HC) return "'hc' follows '+' and stands for the adjoint of what is before it";
    if (this.subsystems.find(name) >= 0) {
      return `'${name}' is a subsystem: it stands within sz(${name}) and the like`;
    }
    if (isReserved(name) || Object.hasOwn(LEVEL_FUNCTIONS, name)) {
      return `'${name}' is a function: ${name}(…)`;
    }
    const ladders = laddersWith(name);
    if (ladders.length > 0) {
      return `'${name}' is of a ladder of kind ${ladders.join(' or ')}, and this machine's is ${this.ladder.kind}`;
    }
    if (this.#later.has(name)) {
      return `'${name}' is not defined yet: a definition is made of those before it`;
    }
    const names = [...this.#named.keys(), ...this.ladder.names.keys(), ...FIXED.keys(), HC];
    return `'${name}' is not known${suggestion(name, names)}`;
  }

  #call({ name, of }: Syntax & { readonly kind: 'call' }): Value {
    if (Object.hasOwn(FUNCTIONS, name)) {
      if (of.length !== 1) throw new ValueError(`${name} takes one argument, not ${of.length}`);
      return FUNCTIONS[name](this.subsystems.states, this.evaluate(of[0]));
    }
    if (Object.hasOwn(SUBSYSTEM_OPERATORS, name)) {
      if (of.length !== 1) throw new ValueError(`${name} takes one subsystem, not ${of.length}`);
      const at = this.#subsystem(of[0]);
      return operatorValue(SUBSYSTEM_OPERATORS[name](this.subsystems, at));
    }
    if (Object.hasOwn(LEVEL_FUNCTIONS, name)) {
      const levels = LEVEL_FUNCTIONS[name];
      if (of.length !== 1 + levels) {
        throw new ValueError(
          `${name} takes a subsystem and ${levels === 1 ? 'a level' : 'two levels'}, not ${of.length} arguments`,
        );
      }
      const at = this.#subsystem(of[0]);
      const [to, from = to] = of.slice(1).map((node) => this.#level(at, node));
      return operatorValue(this.subsystems.transition(at, to, from));
    }
    if (this.#named.has(name) || this.ladder.names.has(name) || FIXED.has(name)) {
      throw new ValueError(`'${name}' is no function: write ${name}*(…)`);
    }
    const functions = [FUNCTIONS, LEVEL_FUNCTIONS, SUBSYSTEM_OPERATORS].flatMap(ownKeys);
    throw new ValueError(`'${name}' is no operator and no function${suggestion(name, functions)}`);
  }

  #subsystem(node: Syntax): number {
    const names = this.subsystems.all.map(({ name }) => name);
    if (node.kind !== 'name') {
      throw new MeaningError(node.at, `a subsystem stands here: ${names.join(', ')}`);
    }
    const at = this.subsystems.find(node.name);
    if (at >= 0) {
      this.#used.add(node.name);
      return at;
    }
    const what = `'${node.name}' is no subsystem`;
    throw new MeaningError(node.at, `${what}${suggestion(node.name, names)}`);
  }

  #level(at: number, node: Syntax): number {
    const { name, levels } = this.subsystems.all[at];
    const text =
      node.kind === 'name' ? node.name : node.kind === 'number' ? String(node.value) : null;
    const found = text === null ? -1 : levels.indexOf(text);
    if (found >= 0) return found;
    const number = node.kind === 'number' ? node.value : -1;
    if (Number.isInteger(number) && number >= 0 && number < levels.length) return number;
    const said = text === null ? 'this' : `'${text}'`;
    throw new MeaningError(
      node.at,
      `${said} is no level of '${name}', which has ${levels.join(', ')}`,
    );
  }
}
