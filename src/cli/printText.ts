/** Text for people, on lines that fit a terminal. */

/** Characters of a line. */
export const LINE = 100;

/** Characters that a terminal shows: a dot above a letter takes no place of its own. */
export const lengthOf = (text: string): number => [...text.replaceAll(/\p{M}/gu, '')].length;

/** Where a line's text begins: after its indentation, or after its name and two spaces or more. */
const startOf = (line: string): number => /^(?:\s+|\S+(?: \S+)*\s{2,})/.exec(line)?.[0].length ?? 2;

/** A line as several that are not too long, those that follow set in to where its text begins. */
function wrapped(line: string): string[] {
  const start = Math.min(startOf(line), LINE / 2);
  const lines: string[] = [];
  let rest = line;
  while (lengthOf(rest) > LINE) {
    const cut = rest.lastIndexOf(' ', LINE);
    // A word that is longer stands as it is.
    if (cut <= start) break;
    lines.push(rest.slice(0, cut).trimEnd());
    rest = ' '.repeat(start) + rest.slice(cut).trimStart();
  }
  return [...lines, rest];
}

/** The same text on lines of at most 100 characters, broken between words. */
export const fitted = (text: string): string => text.split('\n').flatMap(wrapped).join('\n');

export function printText(text: string): void {
  process.stdout.write(fitted(text));
}
