/** A formula of a machine file as it is printed: elements of MathML, as data that a worker can send. */
import { parseExpression, type Syntax } from '../../machine/description/syntax.js';

export type Markup =
  | { readonly tag: 'mi' | 'mn' | 'mo'; readonly text: string }
  | {
      readonly tag: 'mrow' | 'mfrac' | 'msup' | 'msub' | 'msubsup' | 'msqrt';
      readonly of: readonly Markup[];
    };

const mi = (text: string): Markup => ({ tag: 'mi', text });
const mo = (text: string): Markup => ({ tag: 'mo', text });
const row = (...of: readonly Markup[]): Markup => ({ tag: 'mrow', of });

const LETTERS: Readonly<Record<string, string>> = {
  alpha: 'α',
  beta: 'β',
  gamma: 'γ',
  delta: 'δ',
  epsilon: 'ε',
  eta: 'η',
  theta: 'θ',
  kappa: 'κ',
  lambda: 'λ',
  mu: 'μ',
  nu: 'ν',
  xi: 'ξ',
  pi: 'π',
  rho: 'ρ',
  sigma: 'σ',
  tau: 'τ',
  phi: 'φ',
  chi: 'χ',
  psi: 'ψ',
  omega: 'ω',
  Delta: 'Δ',
  Gamma: 'Γ',
  Omega: 'Ω',
};

/** Between factors: nothing that is seen, and `times` for those who listen. */
const TIMES = '\u2062';
const DAGGER = mo('†');

/** `beta1` as β with an index, `betaR` too; what is no letter of an alphabet stays as it is. */
function nameMarkup(name: string): Markup {
  if (name === 'hc') return mi('h.c.');
  if (name === 'ad') return { tag: 'msup', of: [mi('a'), DAGGER] };
  const [, stem, index] = /^([A-Za-z]+?)_?(\d*|(?<=[a-z]{2,})[A-Z])$/.exec(name) ?? [];
  if (stem === undefined) return mi(name);
  // J with x, y, z, + and −.
  const spin = /^J([xyzpm])$/.exec(name);
  if (spin !== null) {
    const of = spin[1].replace('p', '+').replace('m', '−');
    return { tag: /[xyz]/.test(of) ? 'msub' : 'msup', of: [mi('J'), mo(of)] };
  }
  const letter = mi(LETTERS[stem] ?? stem);
  return index === '' ? letter : { tag: 'msub', of: [letter, mi(index)] };
}

/** Operators of two levels: σ with what it does above and whose it is below. */
const PAULI: Readonly<Record<string, string>> = { sm: '−', sp: '+', sx: 'x', sy: 'y', sz: 'z' };

const isSum = (x: Syntax): boolean =>
  x.kind === 'negative' || (x.kind === 'binary' && (x.operator === '+' || x.operator === '-'));

const bracketed = (x: Markup): Markup => row(mo('('), x, mo(')'));
const factor = (x: Syntax): Markup => (isSum(x) ? bracketed(markup(x)) : markup(x));

function base(x: Syntax): Markup {
  const isAtom = x.kind === 'name' || x.kind === 'number';
  return isAtom ? markup(x) : bracketed(markup(x));
}

function callMarkup(name: string, of: readonly Syntax[]): Markup {
  const [first, second, third] = of.map(markup);
  if (name in PAULI && of.length === 1) {
    return { tag: 'msubsup', of: [mi('σ'), first, mo(PAULI[name])] };
  }
  if (name === 'sqrt') return { tag: 'msqrt', of: [first] };
  if (name === 'exp') return { tag: 'msup', of: [mi('e'), first] };
  if (name === 'dag') return { tag: 'msup', of: [base(of[0]), DAGGER] };
  if (name === 'P' || name === 'T') {
    const from = name === 'P' ? second : third;
    const dyad = row(mo('|'), second, mo('⟩⟨'), from, mo('|'));
    return { tag: 'msub', of: [dyad, first] };
  }
  const list = of.flatMap((x, k) => (k === 0 ? [markup(x)] : [mo(','), markup(x)]));
  return row(mi(name), mo('('), ...list, mo(')'));
}

function markup(x: Syntax): Markup {
  switch (x.kind) {
    case 'number':
      return { tag: 'mn', text: String(x.value) };
    case 'name':
      return nameMarkup(x.name);
    case 'call':
      return callMarkup(x.name, x.of);
    case 'negative':
      return row(mo('−'), factor(x.of));
    case 'binary':
      switch (x.operator) {
        case '+':
          return row(markup(x.left), mo('+'), markup(x.right));
        case '-':
          return row(markup(x.left), mo('−'), factor(x.right));
        case '*':
          // A sign before all of a product needs no brackets.
          return row(
            x.left.kind === 'negative' ? markup(x.left) : factor(x.left),
            mo(TIMES),
            factor(x.right),
          );
        case '/':
          return { tag: 'mfrac', of: [markup(x.left), markup(x.right)] };
        case '^':
          return { tag: 'msup', of: [base(x.left), markup(x.right)] };
      }
  }
}

/** @throws {SyntaxTextError} */
export const formulaMarkup = (formula: string | number): Markup =>
  typeof formula === 'number'
    ? { tag: 'mn', text: String(formula) }
    : markup(parseExpression(formula));
