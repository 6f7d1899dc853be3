/** From a machine file's text to a checked description: keys, values and names, before any formula is read. */
import { MachineError, suggestion } from './error.js';
import {
  allowedAt,
  type CompleteDescription,
  isName,
  knownKeys,
  machineSchema,
  NAME_WORDS,
} from './schema.js';
import type { MachineText, Path } from './text.js';

const MOST_SHOWN = 80;

function shown(value: unknown): string {
  const text =
    typeof value === 'string'
      ? `'${value}'`
      : typeof value === 'number'
        ? String(value)
        : (JSON.stringify(value) ?? String(value));
  const line = text.replace(/\s+/g, ' ');
  return line.length > MOST_SHOWN ? `${line.slice(0, MOST_SHOWN)} …` : line;
}

const at = (data: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? (value as Record<string | number, unknown>)[key]
        : undefined,
    data,
  );

/** What is wrong at a path; the deepest part of it that has words of its own. */
function wrong(text: MachineText, path: Path): MachineError {
  const value = at(text.data, path);
  const where = path.join('.');
  if (path.length === 0) return new MachineError(text.file, null, `must hold ${allowedAt([])}`);
  const said =
    value === undefined ? `${where} is missing: must be` : `${where} = ${shown(value)}: must be`;
  return new MachineError(text.file, text.placeOf(path), `${said} ${allowedAt(path)}`);
}

function unknownKey(text: MachineText, path: Path, key: string): MachineError {
  const known = knownKeys(path, at(text.data, path)) ?? [];
  const where = path.length === 0 ? '' : ` in ${path.join('.')}`;
  const hint =
    path.length === 0 && key === 'jumps'
      ? ': jumps belong to a bath'
      : at(text.data, [...path, key]) === null
        ? ': a formula with commas within { } stands in quotes'
        : suggestion(key, known);
  return new MachineError(
    text.file,
    text.placeOfKey([...path, key]),
    `'${key}' is not known${where}${hint}`,
  );
}

interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly keys?: readonly string[];
  readonly errors?: readonly (readonly Issue[])[];
}

/** The issue that says most: of alternatives, the one that is nearest to what is there. */
function innermost(issue: Issue, before: Path): { readonly issue: Issue; readonly path: Path } {
  const path = [...before, ...(issue.path as Path)];
  if (issue.code !== 'invalid_union' || issue.errors === undefined) return { issue, path };
  const deeper = issue.errors
    .map((issues) => issues[0])
    .filter(
      (one) => one !== undefined && (one.path.length > 0 || one.code === 'unrecognized_keys'),
    );
  return deeper.length === 0 ? { issue, path } : innermost(deeper[0], path);
}

/** @throws {MachineError} */
export function readDescription(text: MachineText): CompleteDescription {
  const { data } = text;
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new MachineError(text.file, null, `must hold ${allowedAt([])}`);
  }
  const result = machineSchema.safeParse(data);
  if (result.success) return result.data;
  const issues = result.error.issues as readonly Issue[];
  // What is missing may be there under a name that is misspelt.
  const first = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  const { issue, path } = innermost(first, []);
  if (issue.code === 'unrecognized_keys' && issue.keys !== undefined) {
    throw unknownKey(text, path, issue.keys[0]);
  }
  const key = path.at(-1);
  if (
    issue.code === 'invalid_key' ||
    (typeof key === 'string' && path.length === 2 && !isName(key))
  ) {
    throw new MachineError(
      text.file,
      text.placeOfKey(path),
      `${path.slice(0, -1).join('.')}: '${key}' is no name: ${NAME_WORDS}`,
    );
  }
  throw wrong(text, path);
}
