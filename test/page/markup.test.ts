/** Formulas of machine files as they are printed. */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MACHINES } from '../../src/app/content/machines.js';
import { formulaMarkup, type Markup } from '../../src/app/machines/markup.js';

/** The markup as text: enough to see what stands where. */
const text = (markup: Markup): string => {
  if ('text' in markup) return markup.text.replace('\u2062', ' ');
  const [first, second, third] = markup.of.map(text);
  switch (markup.tag) {
    case 'mfrac':
      return `[${first} over ${second}]`;
    case 'msup':
      return `${first}^{${second}}`;
    case 'msub':
      return `${first}_{${second}}`;
    case 'msubsup':
      return `${first}_{${second}}^{${third}}`;
    case 'msqrt':
      return `√{${first}}`;
    default:
      return markup.of.map(text).join('');
  }
};

test.each([
  ['L^2/(2*I)', '[L^{2} over 2 I]'],
  ['lambda*(sp(q1)*sm(q2)*exp(i*phi) + hc)', 'λ (σ_{q_{1}}^{+} σ_{q_{2}}^{−} e^{i φ}+h.c.)'],
  ['a - (b - c)', 'a−(b−c)'],
  ['-x^2', '−x^{2}'],
  ['exp(-i*phi)', 'e^{−i φ}'],
  ['(a + b)^2', '(a+b)^{2}'],
  ['sqrt(k*(nh + 1))*sm(q)', '√{k (nh+1)} σ_{q}^{−}'],
  ['P(q, e)', '|e⟩⟨e|_{q}'],
  ['T(q, e, g)', '|e⟩⟨g|_{q}'],
  ['g*(ad + a)', 'g (a^{†}+a)'],
  ['betaR*Jz', 'β_{R} J_{z}'],
  ['bose(w/T)', 'bose([w over T])'],
])('%s', (formula, printed) => {
  expect(text(formulaMarkup(formula))).toBe(printed);
});

test('the page lists the machines that there are', () => {
  const files = readdirSync(new URL('../../machines', import.meta.url));
  expect([...MACHINES]).toEqual(files.map((file) => file.replace('.yaml', '')).sort());
});
