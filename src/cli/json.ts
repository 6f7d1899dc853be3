/** JSON that may be longer than the longest string. */

const indented = (value: unknown, by: number): string =>
  (JSON.stringify(value, null, 2) ?? 'null').replaceAll('\n', `\n${' '.repeat(by)}`);

/**
 * What JSON.stringify(object, null, 2) gives, in pieces: the elements of the object's lists are written one
 * by one.
 */
export function* jsonPieces(object: object): Generator<string> {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return yield '{}';
  for (const [i, [key, value]] of entries.entries()) {
    yield `${i === 0 ? '{' : ','}\n  ${JSON.stringify(key)}: `;
    if (!Array.isArray(value) || value.length === 0) {
      yield indented(value, 2);
      continue;
    }
    for (const [k, element] of value.entries()) {
      yield `${k === 0 ? '[' : ','}\n    ${indented(element, 4)}`;
    }
    yield '\n  ]';
  }
  return yield '\n}';
}

/** Characters that are written at once. */
const AT_ONCE = 1 << 16;

/** Prints an object as JSON, and a new line. */
export function printJson(object: object): void {
  let waiting = '';
  for (const piece of jsonPieces(object)) {
    waiting += piece;
    if (waiting.length < AT_ONCE) continue;
    process.stdout.write(waiting);
    waiting = '';
  }
  process.stdout.write(`${waiting}\n`);
}
