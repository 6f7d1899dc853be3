/** Numbers as the page shows them. */
import { plainNumber, powerOfTen } from '../../figures/theme.js';

/** A hyphen as the sign it stands for. */
export const minus = (text: string): string => text.replace(/-/g, '−');

const DIGITS = 12;

/** Every digit that means something, or a dash where there is no number. */
export function exact(value: number | null): string {
  if (value === null) return '–';
  const [digits, exponent] = value.toPrecision(DIGITS).split('e');
  const shorter = digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
  return minus(exponent === undefined ? shorter : `${shorter}e${exponent}`);
}

/** Few digits, with its sign: for diagrams. */
export function signed(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  const [digits, exponent] = size.toExponential(3).split('e');
  const shown =
    size >= 1e-3 && size < 1e4 ? size.toPrecision(4) : `${digits}×${powerOfTen(Number(exponent))}`;
  return `${value > 0 ? '+' : '−'}${shown}`;
}

/** A few digits of a number, as print has it. */
export const brief = (value: number, digits = 4): string =>
  minus(plainNumber(Number(value.toPrecision(digits))));
