import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { jsonPieces, printJson } from '../../src/cli/json.js';

test('in pieces it is what it is at once', () => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom(undefined, Number.NaN, [undefined], [[], {}], 'line\nbreak'),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value), (object) => {
      expect([...jsonPieces(object)].join('')).toBe(JSON.stringify(object, null, 2));
    }),
    { numRuns: 300 },
  );
});

test('a list is printed in parts of its own', () => {
  const written: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((part) => {
    written.push(String(part));
    return true;
  });
  const object = { a: 1, snapshots: Array.from({ length: 10_000 }, (_, t) => ({ t, x: [t, 2] })) };
  printJson(object);
  spy.mockRestore();
  expect(written.length).toBeGreaterThan(5);
  expect(Math.max(...written.map(({ length }) => length))).toBeLessThan(70_000);
  expect(written.join('')).toBe(`${JSON.stringify(object, null, 2)}\n`);
});
