import { expect, test } from 'vitest';
import { withDotsAsLetters } from '../../src/figures/pdfText.js';
import { widthWithScripts, withScripts } from '../../src/figures/scripts.js';

const text = (content: string) => `<text fill="#000" font-size="10px">${content}</text>`;
/** What is shown, without where. */
const letters = (svg: string) => svg.replace(/<[^>]*>/g, '');

test('scripts are set smaller, above and below, and what follows is on the line again', () => {
  expect(withScripts(text('⟨L_z⟩'))).toBe(
    text('<tspan>⟨L</tspan><tspan dy="1.8" font-size="7.2px">z</tspan><tspan dy="-1.8">⟩</tspan>'),
  );
  expect(withScripts(text('Ẇ^(Q)'))).toBe(
    text('<tspan>Ẇ</tspan><tspan dy="-3.8" font-size="7.2px">(Q)</tspan>'),
  );
  expect(letters(withScripts(text('Γ_α, R_angular')))).toBe('Γα, Rangular');
});

test('texts without scripts, and what is no text, stay as they are', () => {
  const svg = `<path aria-label="L_z" d="M0,0"/>${text('β₂/β₁ = 0.3')}${text('a ^ b, _ c, count_noise')}`;
  expect(withScripts(svg)).toBe(svg);
});

test('every line of a text has its scripts', () => {
  const lines = text('<tspan>L_z</tspan><tspan x="0" dy="10">η_C</tspan>');
  expect(letters(withScripts(lines))).toBe('LzηC');
});

test('a width counts scripts as small as they are', () => {
  const widthOf = (plain: string, size: number) => plain.length * size;
  expect(widthWithScripts('L_z', 10, widthOf)).toBeCloseTo(17.2, 12);
});

test('for PDF a dot is a letter over the one before it, and the text is as wide as before', () => {
  const width = (content: string, size: number) => size * (content === 'Q' ? 0.8 : 0.4);
  const svg = withDotsAsLetters(text('Q\u0307₁'), width);
  expect(letters(svg)).toBe('Q\u02d9₁');
  const shifts = [...svg.matchAll(/dx="([-\d.]+)"/g)].map(([, dx]) => Number(dx));
  expect(shifts).toEqual([-6, 2]);
  // The dot's own width and the two shifts.
  expect(4 + shifts[0] + shifts[1]).toBe(0);
});
