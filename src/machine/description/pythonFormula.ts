/** Formulas of a machine file in Python, for a script whose helpers have the same names. */
import { isLevelFree } from '../expression.js';
import type { Scope } from './evaluate.js';
import { SUBSYSTEM_OPERATORS } from './subsystems.js';
import { parseExpression, type Syntax } from './syntax.js';

/** Python's own words, and the names that the script has for itself. */
const TAKEN = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from ' +
    'global if import in is lambda nonlocal not or pass raise return try while with yield abs dict enumerate len ' +
    'list max print range sum zip json np qutip one sizes levels on_levels on_subsystem T P turn sqrt exp cos sin ' +
    'cos_turn sin_turn dag plus_hc bose fermi op mean dissipated hamiltonian energies counts baths betas ' +
    'observables observed rho populations result flow steps generator subsystems warnings qutip bare thermal raise_ sm sp sx sy sz lower raise num'
  ).split(' '),
);

/** A name as Python can have it. */
export const pythonName = (name: string): string => (TAKEN.has(name) ? `${name}_` : name);

/** Binding strengths, so that only the brackets that are needed are set. */
const SUM = 1;
const PRODUCT = 2;
const SIGNED = 3;
const POWER = 4;
const ATOM = 5;

interface Code {
  readonly text: string;
  readonly strength: number;
}

const atom = (text: string): Code => ({ text, strength: ATOM });

/** Brackets around what binds weaker than is wanted. */
const within = ({ text, strength }: Code, wanted: number): string =>
  strength < wanted ? `(${text})` : text;

/** Writes formulas that were read before, and so are known to have a meaning. */
export class PythonFormulas {
  constructor(readonly scope: Scope) {}

  write(formula: unknown): string {
    return this.#code(parseExpression(String(formula))).text;
  }

  #code(node: Syntax): Code {
    switch (node.kind) {
      case 'number':
        return atom(String(node.value));
      case 'name':
        return atom(this.#name(node.name));
      case 'negative':
        return { text: `-${within(this.#code(node.of), SIGNED)}`, strength: SIGNED };
      case 'call':
        return this.#call(node);
      case 'binary':
        return this.#binary(node);
    }
  }

  /** Of an angle the script keeps what is added to φ: φ itself is in the steps along the ladder. */
  #name(name: string): string {
    if (name === 'i') return '1j';
    if (name === 'pi') return 'np.pi';
    return name === 'phi' ? '0' : pythonName(name);
  }

  #binary({ operator, left, right }: Syntax & { readonly kind: 'binary' }): Code {
    const a = this.#code(left);
    if (operator === '+' && right.kind === 'name' && right.name === 'hc') {
      return atom(`plus_hc(${a.text})`);
    }
    const b = this.#code(right);
    switch (operator) {
      case '+':
      case '-':
        return { text: `${within(a, SUM)} ${operator} ${within(b, PRODUCT)}`, strength: SUM };
      case '*':
        return { text: `${within(a, PRODUCT)}*${within(b, SIGNED)}`, strength: PRODUCT };
      case '/': {
        const inverse = this.#isNumber(right)
          ? `/${within(b, SIGNED)}`
          : `*on_levels(lambda x: 1/x, ${b.text})`;
        return { text: `${within(a, PRODUCT)}${inverse}`, strength: PRODUCT };
      }
      case '^':
        return this.#isNumber(left) || /^\d+$/.test(b.text)
          ? { text: `${within(a, ATOM)}**${within(b, SIGNED)}`, strength: POWER }
          : atom(`on_levels(lambda x: x**${within(b, SIGNED)}, ${a.text})`);
    }
  }

  #isNumber(node: Syntax): boolean {
    const value = this.scope.evaluate(node);
    return value.kind === 'function' && isLevelFree(value.f.re) && isLevelFree(value.f.im);
  }

  #call({ name, of }: Syntax & { readonly kind: 'call' }): Code {
    if (Object.hasOwn(SUBSYSTEM_OPERATORS, name) || name === 'P' || name === 'T') {
      return atom(`${name === 'raise' ? 'raise_' : name}(${this.#subsystem(of).join(', ')})`);
    }
    const [only] = of;
    const { text } = this.#code(only);
    const value = this.scope.evaluate(only);
    if (value.kind !== 'angle') return atom(`${name}(${text})`);
    const turns = name === 'exp' ? value.turns.im : value.turns.re;
    const isPlain = value.rest.re.monomials.length + value.rest.im.monomials.length === 0;
    if (name !== 'exp') return atom(`${name}_turn(${turns}${isPlain ? '' : `, ${text}`})`);
    if (isPlain) return atom(`turn(${turns})`);
    return { text: `turn(${turns})*exp(${text})`, strength: PRODUCT };
  }

  /** A subsystem and the numbers of its levels. */
  #subsystem([first, ...rest]: readonly Syntax[]): string[] {
    const { all } = this.scope.subsystems;
    const name = first.kind === 'name' ? first.name : '';
    const levels = all.find((one) => one.name === name)?.levels ?? [];
    const numbers = rest.map((node) => {
      const text = node.kind === 'name' ? node.name : node.kind === 'number' ? `${node.value}` : '';
      const found = levels.indexOf(text);
      return found >= 0 ? `${found}` : text;
    });
    return [pythonName(name), ...numbers];
  }
}
