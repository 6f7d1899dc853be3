import { expect, test } from 'vitest';
import { textTable } from '../../src/cli/textTable.js';

const along = { symbol: 't', unit: '1/energy', values: [0, 0.1, 20000] };
const column = (values: readonly number[], symbol = 'x', unit = 'hbar^2') => ({
  symbol,
  unit,
  values,
});

test('a column has one notation, and eight digits of its smallest number', () => {
  const columns = [column([0, 1.25e-9, 3e-4]), column([0, 1.5, -12])];
  expect(textTable(along, [{ title: 'Rotor', columns }])).toEqual([
    'Rotor',
    '         t             x            x',
    '  1/energy            ħ²           ħ²',
    '         0             0            0',
    '       0.1  1.2500000e-9    1.5000000',
    '     20000  3.0000000e-4  -12.0000000',
  ]);
});

test('no line is longer than 100 characters, and every block says when', () => {
  const columns = Array.from({ length: 20 }, (_, k) => column([1e-300, -1e300, 1], `x${k}`));
  const lines = textTable(along, [{ title: 'Many', columns }]);
  expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(100);
  const symbols = lines.filter((line) => /\bx\d/.test(line));
  expect(symbols.length).toBeGreaterThan(1);
  for (const line of symbols) expect(line).toMatch(/^ +t /);
  expect(symbols.join(' ').match(/x\d+/g)).toHaveLength(20);
});

test('what is missing is a dash, and pure numbers have no line of units', () => {
  const table = textTable({ symbol: 'step', unit: '1', values: [1] }, [
    { title: 'State', columns: [column([Number.NaN], 'p', '1')] },
  ]);
  expect(table).toEqual(['State', '  step  p', '     1  –']);
});
