/**
 * Levels of a window on which something acts, said without knowing the window: i = l − lmin, 0 ≤ i < N, counted
 * from either edge.
 */
export interface Range {
  /** i ≥ begin */
  readonly begin: number;
  /** i < N − end */
  readonly end: number;
  /** i < head: only the lowest ones; Infinity for no such limit. */
  readonly head: number;
  /** i ≥ N − tail: only the highest ones; Infinity for no such limit. */
  readonly tail: number;
}

export const EVERYWHERE: Range = { begin: 0, end: 0, head: Infinity, tail: Infinity };

/** Where a shift stays in the window. */
export const staying = (shift: number): Range => ({
  ...EVERYWHERE,
  begin: Math.max(0, -shift),
  end: Math.max(0, shift),
});

/** Where a shift leads out of the window. */
export const leaving = (shift: number): Range => ({
  ...EVERYWHERE,
  head: shift < 0 ? -shift : shift > 0 ? Infinity : 0,
  tail: shift > 0 ? shift : Infinity,
});

export const both = (a: Range, b: Range): Range => ({
  begin: Math.max(a.begin, b.begin),
  end: Math.max(a.end, b.end),
  head: Math.min(a.head, b.head),
  tail: Math.min(a.tail, b.tail),
});

/** The i for which i + shift is in the range, and i itself in the window. */
export const before = ({ begin, end, head, tail }: Range, shift: number): Range => ({
  begin: Math.max(0, begin - shift),
  end: Math.max(0, end + shift),
  head: head - shift,
  tail: tail + shift,
});

/** What of a range is not in a part of it that has neither head nor tail: below that part, and above it. */
export const besides = (range: Range, part: Range): readonly Range[] => [
  { ...range, head: Math.min(range.head, part.begin) },
  { ...range, begin: Math.max(range.begin, part.begin), tail: Math.min(range.tail, part.end) },
];

/** The first i of a range on a window of N levels, and the one after the last; the same where there is none. */
export function bounds(
  { begin, end, head, tail }: Range,
  size: number,
): [first: number, end: number] {
  const first = Math.max(begin, size - tail, 0);
  return [first, Math.max(first, Math.min(size - end, head, size))];
}

/** Whether it has nothing on any window. */
export const isEmpty = ({ begin, end, head, tail }: Range): boolean => head <= begin || tail <= end;

export const isSame = (a: Range, b: Range): boolean =>
  a.begin === b.begin && a.end === b.end && a.head === b.head && a.tail === b.tail;

export const keyOf = ({ begin, end, head, tail }: Range): string =>
  `${begin} ${end} ${head} ${tail}`;
