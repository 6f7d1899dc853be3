/** How a description of a machine is refused. */
import { distance } from 'fastest-levenshtein';

/** Where in a text something is. */
export interface Place {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** A description that is wrong: one line with the file, the line, the column and what is allowed there. */
export class MachineError extends Error {
  override readonly name = 'MachineError';
  constructor(
    readonly file: string,
    readonly place: Place | null,
    readonly what: string,
  ) {
    super(place === null ? `${file}: ${what}` : `${file}:${place.line}:${place.column}: ${what}`);
  }
}

/** The known name that takes the fewest edits; null where none is known. */
function nearestOf(name: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let cost = Infinity;
  for (const one of known) {
    // Letters of another case are the likeliest slip.
    const edits = distance(name, one) + distance(name.toLowerCase(), one.toLowerCase());
    if (edits < cost) [best, cost] = [one, edits];
  }
  return best;
}

/** What follows the name of something unknown in a message. */
export function suggestion(name: string, known: Iterable<string>): string {
  const nearest = nearestOf(name, known);
  return nearest === null ? '' : `; did you mean '${nearest}'?`;
}
